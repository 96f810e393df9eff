import { solve } from '../../kernels/block-cholesky.js';
import type { FixedPart } from './fixed-columns.js';
import type { GlmmWork } from './glmm-work.js';
import { lambdaTimes } from './lambda-algebra.js';

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
        productsInto(row, weighted, predictors[e].fixed, d === e ? j : 0, coefficients);
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
  const from = j * rows;
  if (X === null) for (let i = 0; i < rows; i++) weighted[i] = -second[w + i];
  else for (let i = 0; i < rows; i++) weighted[i] = -second[w + i] * X[from + i];
  return columns[j];
}

/** row_k += weighted' x_k for the columns of a predictor from the first that is wanted on. */
function productsInto(
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
  for (let k = first; k < columns.length; k++) {
    const from = k * rows;
    let sum = 0;
    if (X === null) for (let i = 0; i < rows; i++) sum += weighted[i];
    else for (let i = 0; i < rows; i++) sum += weighted[i] * X[from + i];
    row[columns[k]] += sum;
  }
}

function subtractRandomShare(work: GlmmWork, A: Float64Array, n: number): void {
  const { model, D, q, pairAt, derivatives, lambda, chol } = work;
  const { rows, coefficients, predictors, loads, layout } = model;
  const ZWX = new Float64Array(q * n); // row-major
  const weighted = new Float64Array(rows);
  for (const { predictor: e, width, at, z } of loads.loads)
    for (let d = 0; d < D; d++)
      for (let k = 0; k < columnsOf(predictors[d].fixed); k++) {
        const j = weigh(weighted, predictors[d].fixed, k, derivatives.second, pairAt[d * D + e] * rows, coefficients);
        for (let i = 0; i < rows; i++) {
          const t = weighted[i];
          for (let c = 0; c < width; c++) ZWX[(at[i] + c) * n + j] += t * (z === null ? 1 : z[i * width + c]);
        }
      }
  // Lambda' times each column
  const column = new Float64Array(q);
  const scaled = new Float64Array(q);
  for (let j = 0; j < n; j++) {
    for (let i = 0; i < q; i++) column[i] = ZWX[i * n + j];
    lambdaTimes(scaled, layout, lambda, column, true);
    for (let i = 0; i < q; i++) ZWX[i * n + j] = scaled[i];
  }
  const solved = ZWX.slice();
  solve(chol, solved, n);
  for (let i = 0; i < q; i++)
    for (let k = 0; k < n; k++) {
      const t = solved[i * n + k];
      if (t !== 0) for (let j = 0; j < n; j++) A[j + k * n] -= ZWX[i * n + j] * t;
    }
}
