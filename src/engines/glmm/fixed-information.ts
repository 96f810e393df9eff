import { solve } from '../../kernels/block-cholesky.js';
import type { FixedPart } from './fixed-columns.js';
import type { GlmmWork } from './glmm-work.js';
import { lambdaTimes } from './lambda-algebra.js';
import { addTransposed } from './load-products.js';
import { addMultiple, dotProduct, multipleInto, productsInto, sumOf } from './row-loops.js';

/**
 * Information about (beta, cuts) at the point that `work` stands at: X'WX, or with the random effects' share taken off,
 * X'WX - X'WZ Lambda H^-1 Lambda'Z'WX [GLMM-8]. n x n, n = coefficients + cuts, column-major.
 * The row derivatives to second order, and for the second form the factor of H, must be those of the point.
 */
export function fixedInformation(work: GlmmWork, conditional: boolean): Float64Array {
  const { model, D, pairAt, derivatives } = work;
  const { rows, coefficients, cuts, predictors } = model;
  const n = coefficients + cuts;
  const A = new Float64Array(n * n);
  const weighted = new Float64Array(rows);
  const row = new Float64Array(n);
  for (let d = 0; d < D; d++) {
    for (let e = d; e < D; e++) {
      const w = pairAt[d * D + e] * rows;
      for (let j = 0; j < columnsOf(predictors[d].fixed); j++) {
        const at = weigh(weighted, predictors[d].fixed, j, derivatives.second, w, coefficients);
        row.fill(0);
        // within one predictor the half from the diagonal on is enough
        addWeighted(row, weighted, predictors[e].fixed, d === e ? j : 0, coefficients);
        for (let k = 0; k < n; k++) {
          A[at + k * n] += row[k];
          // a pair of different predictors stands twice in the quadratic form
          if (d !== e || k !== at) A[k + at * n] += row[k];
        }
      }
    }
  }
  if (conditional && work.q > 0) subtractRandomShare(work, A, n);
  return A;
}

function columnsOf(part: FixedPart): number {
  return part.kind === 'threshold' ? part.index.reduce((most, k) => Math.max(most, k), -1) + 1 : part.columns.length;
}

/** weighted = W times column j of a predictor; returns its place among coefficients and cuts. */
function weigh(
  weighted: Float64Array,
  part: FixedPart,
  j: number,
  second: Float64Array,
  w: number,
  coefficients: number,
): number {
  const rows = weighted.length;
  if (part.kind === 'threshold') {
    const { index } = part;
    for (let i = 0; i < rows; i++) weighted[i] = index[i] === j ? -second[w + i] : 0;
    return coefficients + j;
  }
  const { X, columns } = part;
  if (X === null) multipleInto(weighted, -1, second, w);
  else productsInto(weighted, -1, second, w, X, j * rows);
  return columns[j];
}

/** row_k += weighted' x_k for the columns of a predictor from the first that is wanted on. */
function addWeighted(
  row: Float64Array,
  weighted: Float64Array,
  part: FixedPart,
  first: number,
  coefficients: number,
): void {
  const rows = weighted.length;
  if (part.kind === 'threshold') {
    const { index } = part;
    for (let i = 0; i < rows; i++) if (index[i] >= first) row[coefficients + index[i]] += weighted[i];
    return;
  }
  const { X, columns } = part;
  for (let k = first; k < columns.length; k++)
    row[columns[k]] += X === null ? sumOf(weighted, 0, rows) : dotProduct(weighted, 0, X, k * rows, rows);
}

function subtractRandomShare(work: GlmmWork, A: Float64Array, n: number): void {
  const { model, D, q, pairAt, derivatives, lambda, chol } = work;
  const { rows, coefficients, predictors, loads, layout } = model;
  const ZWX = new Float64Array(q * n); // column-major
  const weighted = new Float64Array(rows);
  for (let e = 0; e < D; e++) {
    const own = loads.loads.filter((load) => load.predictor === e);
    if (own.length === 0) continue;
    for (let d = 0; d < D; d++)
      for (let k = 0; k < columnsOf(predictors[d].fixed); k++) {
        const j = weigh(weighted, predictors[d].fixed, k, derivatives.second, pairAt[d * D + e] * rows, coefficients);
        for (const load of own) addTransposed(ZWX, j * q, load, weighted, 0);
      }
  }
  // Lambda' times each column, and from here on row by row
  const scaled = new Float64Array(q);
  const left = new Float64Array(q * n);
  for (let j = 0; j < n; j++) {
    lambdaTimes(scaled, layout, lambda, ZWX.subarray(j * q, (j + 1) * q), true);
    for (let i = 0; i < q; i++) left[i * n + j] = scaled[i];
  }
  const solved = left.slice();
  solve(chol, solved, n);
  for (let i = 0; i < q; i++) subtractOuter(A, n, solved, left, i * n);
}

/** A -= u v', u and v rows of two matrices. */
function subtractOuter(A: Float64Array, n: number, u: Float64Array, v: Float64Array, from: number): void {
  for (let k = 0; k < n; k++) addMultiple(A, k * n, -u[from + k], v, from, n);
}
