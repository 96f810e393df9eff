import { CholeskyDecomposition, Matrix } from 'ml-matrix';
import type { ModelRows } from '../../../src/engines/lmm/model-rows.js';
import { links } from '../../../src/links/index.js';
import type { LevelCovariance } from './dense-deviance.js';

/** Correlation of two rows' errors, from the reported parameters by name. */
export type ErrorCorrelation = (
  a: { position: number; label: string },
  b: { position: number; label: string },
) => number;

/** R with weights: D^(1/2) C D^(1/2), D = sigma_i^2 / w_i; sigma_i from the predictor's coefficients (one without it). */
export function errorCovariance(
  model: ModelRows,
  delta: readonly number[] | null,
  correlation: ErrorCorrelation | null,
): Matrix {
  const { rows, weights } = model;
  const scale = model.residual?.scale ?? null;
  const sd = Float64Array.from({ length: rows }, (_, i) => {
    let sigma = 1;
    if (scale !== null && delta !== null) {
      let eta = scale.offset?.[i] ?? 0;
      delta.forEach((d, c) => {
        eta += d * scale.X[i + c * rows];
      });
      sigma = links[scale.link].inverse(eta);
    }
    return sigma / Math.sqrt(weights?.[i] ?? 1);
  });
  const R = Matrix.zeros(rows, rows);
  for (let i = 0; i < rows; i++) R.set(i, i, sd[i] * sd[i]);
  const groups = model.residual?.correlation ?? null;
  if (groups === null || correlation === null) return R;
  for (let g = 0; g < groups.groups; g++)
    for (let a = groups.start[g]; a < groups.start[g + 1]; a++)
      for (let b = groups.start[g]; b < groups.start[g + 1]; b++) {
        if (a === b) continue;
        const [i, j] = [groups.row[a], groups.row[b]];
        const at = (k: number) => ({
          position: groups.position[k],
          label: groups.labels[groups.structure === 'car1' ? 0 : groups.position[k]],
        });
        R.set(i, j, sd[i] * sd[j] * correlation(at(a), at(b)));
      }
  return R;
}

/** Covariance of y from the random effects, in units of sigma^2. */
export function effectsCovariance(model: ModelRows, covariance: LevelCovariance): Matrix {
  const { rows, blocks, loads } = model;
  const V = Matrix.zeros(rows, rows);
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
    for (let i = 0; i < rows; i++)
      for (let j = 0; j < rows; j++) {
        const [l, m] = [codes[i], codes[j]];
        let share = l === m ? 1 : 0;
        if (block.constraint === 'sumToZero') share -= (counts[l] * counts[m]) / square;
        if (share === 0) continue;
        const S = covariance(b, l);
        const [zi, zj] = [z(i), z(j)];
        let t = 0;
        for (let r = 0; r < zi.length; r++) for (let c = 0; c < zj.length; c++) t += zi[r] * S[r][c] * zj[c];
        V.set(i, j, V.get(i, j) + share * t);
      }
  });
  return V;
}

/** -2 log-likelihood (or REML criterion) at V, beta profiled. */
export function denseCriterion(model: ModelRows, V: Matrix, reml: boolean): number {
  const { rows, fixed, X, y, offset } = model;
  const chol = new CholeskyDecomposition(Matrix.add(V, V.transpose()).div(2));
  const design = new Matrix(rows, fixed);
  for (let c = 0; c < fixed; c++) for (let i = 0; i < rows; i++) design.set(i, c, X[c * rows + i]);
  const response = Matrix.columnVector(Array.from(y, (v, i) => v - (offset?.[i] ?? 0)));
  const logDet = (c: CholeskyDecomposition): number =>
    c.lowerTriangularMatrix.diagonal().reduce((t, d) => t + 2 * Math.log(d), 0);
  const XVX = design.transpose().mmul(chol.solve(design));
  const inner = new CholeskyDecomposition(Matrix.add(XVX, XVX.transpose()).div(2));
  const beta = inner.solve(design.transpose().mmul(chol.solve(response)));
  const rest = Matrix.sub(response, design.mmul(beta));
  const r2 = rest.transpose().mmul(chol.solve(rest)).get(0, 0);
  const nu = rows - (reml ? fixed : 0);
  return logDet(chol) + (reml ? logDet(inner) : 0) + r2 + nu * Math.log(2 * Math.PI);
}
