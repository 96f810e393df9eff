import { CholeskyDecomposition, Matrix } from 'ml-matrix';
import type { ModelRows } from '../../../src/engines/lmm/model-rows.js';

/** Relative covariance of one level's effects, k x k, in the columns' own units. */
export type LevelCovariance = (block: number, level: number) => number[][];

/**
 * -2 log-likelihood (or REML criterion), profiled over beta and sigma, straight from the N x N covariance of y:
 * V = W^-1 + Z S Z'. Effects that sum to zero have S conditioned on w'b = 0.
 */
export function denseDeviance(model: ModelRows, covariance: LevelCovariance, reml: boolean): number {
  const { rows, fixed, X, y, offset, weights, blocks, loads } = model;
  const V = Matrix.zeros(rows, rows);
  for (let i = 0; i < rows; i++) V.set(i, i, 1 / (weights?.[i] ?? 1));
  blocks.forEach((block, b) => {
    const { codes, levels } = block.group;
    const load = loads[b];
    const z = (i: number): number[] => {
      if (load.kind === 'indicator') {
        const size = block.columnStart[codes[i] + 1] - block.columnStart[codes[i]];
        return Array.from({ length: size }, (_, c) => (c === load.column[i] ? 1 : 0));
      }
      return Array.from({ length: load.size }, (_, c) => load.values?.[i * load.size + c] ?? 1);
    };
    const counts = levels.map((_, l) => codes.reduce((n, c) => n + (c === l ? 1 : 0), 0));
    const square = counts.reduce((s, w) => s + w * w, 0);
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < rows; j++) {
        const [l, m] = [codes[i], codes[j]];
        // cov(b_l, b_m | sum w b = 0) = (delta_lm - w_l w_m / w'w) S
        let share = l === m ? 1 : 0;
        if (block.constraint === 'sumToZero') share -= (counts[l] * counts[m]) / square;
        if (share === 0) continue;
        const S = covariance(b, l);
        const [zi, zj] = [z(i), z(j)];
        let t = 0;
        for (let r = 0; r < zi.length; r++) for (let c = 0; c < zj.length; c++) t += zi[r] * S[r][c] * zj[c];
        V.set(i, j, V.get(i, j) + share * t);
      }
    }
  });
  const chol = new CholeskyDecomposition(symmetric(V));
  const Xm = new Matrix(rows, Math.max(fixed, 1));
  for (let c = 0; c < fixed; c++) for (let i = 0; i < rows; i++) Xm.set(i, c, X[c * rows + i]);
  const response = Matrix.columnVector(Array.from(y, (v, i) => v - (offset?.[i] ?? 0)));
  const logDet = (c: CholeskyDecomposition): number =>
    c.lowerTriangularMatrix.diagonal().reduce((t, d) => t + 2 * Math.log(d), 0);
  let residual = response;
  let logDetX = 0;
  if (fixed > 0) {
    const XVX = Xm.transpose().mmul(chol.solve(Xm));
    const inner = new CholeskyDecomposition(symmetric(XVX));
    const beta = inner.solve(Xm.transpose().mmul(chol.solve(response)));
    residual = Matrix.sub(response, Xm.mmul(beta));
    logDetX = logDet(inner);
  }
  const r2 = residual.transpose().mmul(chol.solve(residual)).get(0, 0);
  const nu = rows - (reml ? fixed : 0);
  return logDet(chol) + (reml ? logDetX : 0) + nu * (1 + Math.log((2 * Math.PI * r2) / nu));
}

/** Products are symmetric up to rounding only, and the decomposition insists. */
function symmetric(a: Matrix): Matrix {
  return Matrix.add(a, a.transpose()).div(2);
}
