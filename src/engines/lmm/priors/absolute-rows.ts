import { symmetricEigen } from '../../../kernels/symmetric-eigen.js';
import { shiftedCholesky, solveLowerInPlace } from '../../../optim/cholesky-solve.js';
import type { LmmWork } from '../lmm-work.js';
import type { NormalRows } from './normal-rows.js';
import type { PriorWork } from './prior-work.js';

/**
 * Rows x'beta = t of unit variance next to a decomposition RX'RX = S in units of sigma^2 [LMM-PRIOR-4]: with B = x RX^-1 and
 * B B' = U diag(d) U', every sigma costs K operations,
 *   log|S + sigma^2 x'x| = log|S| + sum log(1 + sigma^2 d),   min over beta = r^2 / sigma^2 + sum f / (1 + sigma^2 d),
 * f the squared components of U'(t - x b), b the mode without the rows.
 */
export function diagonalise(work: LmmWork, priors: PriorWork, rows: NormalRows): boolean {
  const { P, RX, cBeta } = work;
  const { count: K } = rows;
  const B = priors.scratch.subarray(0, K * P);
  B.set(rows.x);
  const z = Float64Array.from(rows.target);
  for (let i = 0; i < K; i++) {
    const row = B.subarray(i * P, (i + 1) * P);
    solveLowerInPlace(RX, P, row);
    for (let j = 0; j < P; j++) z[i] -= row[j] * cBeta[j];
  }
  const gram = priors.scratch.subarray(K * P);
  for (let c = 0; c < K; c++)
    for (let r = 0; r < K; r++) {
      let t = 0;
      for (let j = 0; j < P; j++) t += B[r * P + j] * B[c * P + j];
      gram[r + c * K] = t;
    }
  if (!gram.every(Number.isFinite)) return false;
  const { values, vectors } = symmetricEigen(gram, K);
  for (let k = 0; k < K; k++) {
    let t = 0;
    for (let i = 0; i < K; i++) t += vectors[i + k * K] * z[i];
    priors.eigenvalues[k] = Math.max(values[k], 0);
    priors.distances[k] = t * t;
  }
  return true;
}

/** What the absolute rows add to -2 log density, without constants, at x = log sigma; with two derivatives in x. */
export function absoluteJet(priors: PriorWork, reml: boolean, x: number, out: Float64Array): void {
  const s2 = Math.exp(2 * x);
  const { eigenvalues, distances } = priors;
  out.fill(0);
  for (let k = 0; k < eigenvalues.length; k++) {
    const t = s2 * eigenvalues[k];
    const share = distances[k] / (1 + t);
    const part = t / (1 + t);
    out[0] += share + (reml ? Math.log1p(t) : 0);
    out[1] += -2 * share * part + (reml ? 2 * part : 0);
    out[2] += (-4 * share * part * (1 - t)) / (1 + t) + (reml ? (4 * part) / (1 + t) : 0);
  }
}

/** Takes the rows into the decomposition for this sigma: RX and c_b become those of S + sigma^2 x'x. */
export function foldRows(work: LmmWork, rows: NormalRows, sigma: number): boolean {
  const { P, RX, cBeta } = work;
  const s2 = sigma * sigma;
  const S = new Float64Array(P * P);
  const right = new Float64Array(P);
  for (let c = 0; c < P; c++)
    for (let r = c; r < P; r++) {
      let t = 0;
      for (let k = 0; k <= c; k++) t += RX[r + k * P] * RX[c + k * P];
      S[r + c * P] = t;
    }
  for (let r = 0; r < P; r++) for (let k = 0; k <= r; k++) right[r] += RX[r + k * P] * cBeta[k];
  for (let i = 0; i < rows.count; i++)
    for (let c = 0; c < P; c++) {
      const v = s2 * rows.x[i * P + c];
      right[c] += v * rows.target[i];
      for (let r = c; r < P; r++) S[r + c * P] += v * rows.x[i * P + r];
    }
  if (!shiftedCholesky(S, P, 0, RX)) return false;
  solveLowerInPlace(RX, P, right);
  cBeta.set(right);
  return true;
}
