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
  const { second } = derivatives;
  const weighted = new Float64Array(rows);
  for (let d = 0; d < D; d++) {
    for (let e = d; e < D; e++) {
      const w = second.subarray(pairAt[d * D + e] * rows, (pairAt[d * D + e] + 1) * rows);
      eachColumn(predictors[d].fixed, coefficients, rows, (j, x, index) => {
        for (let i = 0; i < rows; i++) weighted[i] = -w[i] * entry(x, index, j - coefficients, i);
        eachColumn(predictors[e].fixed, coefficients, rows, (k, z, other) => {
          let sum = 0;
          if (z !== null) for (let i = 0; i < rows; i++) sum += weighted[i] * z[i];
          else for (let i = 0; i < rows; i++) sum += weighted[i] * entry(z, other, k - coefficients, i);
          A[j + k * n] += sum;
          // a pair of different predictors stands twice in the quadratic form
          if (d !== e) A[k + j * n] += sum;
        });
      });
    }
  }
  if (conditional && work.q > 0) subtractRandomShare(work, A, n);
  return A;
}

/** Value of a column at a row; `index` is set for a threshold. */
function entry(x: Float64Array | null, index: Int32Array | null, cut: number, row: number): number {
  if (x !== null) return x[row];
  return index === null || index[row] === cut ? 1 : 0;
}

function eachColumn(
  part: FixedPart,
  coefficients: number,
  rows: number,
  visit: (parameter: number, x: Float64Array | null, index: Int32Array | null) => void,
): void {
  if (part.kind === 'threshold') {
    const last = part.index.reduce((most, k) => Math.max(most, k), -1);
    for (let k = 0; k <= last; k++) visit(coefficients + k, null, part.index);
    return;
  }
  part.columns.forEach((c, j) => {
    visit(c, part.X === null ? null : part.X.subarray(j * rows, (j + 1) * rows), null);
  });
}

function subtractRandomShare(work: GlmmWork, A: Float64Array, n: number): void {
  const { model, D, q, pairAt, derivatives, lambda, chol } = work;
  const { rows, coefficients, predictors, loads, layout } = model;
  const { second } = derivatives;
  const ZWX = new Float64Array(q * n); // row-major
  for (const { predictor: e, width, at, z } of loads.loads) {
    for (let d = 0; d < D; d++) {
      const w = pairAt[d * D + e] * rows;
      eachColumn(predictors[d].fixed, coefficients, rows, (j, x, index) => {
        for (let i = 0; i < rows; i++) {
          const t = -second[w + i] * entry(x, index, j - coefficients, i);
          if (t === 0) continue;
          for (let c = 0; c < width; c++) ZWX[(at[i] + c) * n + j] += t * (z === null ? 1 : z[i * width + c]);
        }
      });
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
