import { symmetricEigen } from '../kernels/symmetric-eigen.js';
import { times, timesTransposed, transposedTimes } from './positive-definite.js';

/**
 * What a prior's left side can be, computed from a lower triangular factor L (d x d, column-major) of a covariance, and
 * the way back: derivatives in the quantity are added to `gradL`, derivatives in the lower triangle of L [PRIOR-5].
 */

export function covOfFactor(L: Float64Array, d: number): Float64Array {
  return timesTransposed(L, L, d);
}

/** @param G  d x d: d f = tr(G' d cov) */
export function addCovGradient(gradL: Float64Array, L: Float64Array, d: number, G: Float64Array): void {
  const symmetric = G.map((v, k) => v + G[Math.floor(k / d) + (k % d) * d]);
  const product = times(symmetric, L, d);
  for (let j = 0; j < d; j++) for (let i = j; i < d; i++) gradL[i + j * d] += product[i + j * d];
}

export function sdOfFactor(L: Float64Array, d: number): Float64Array {
  const sd = new Float64Array(d);
  for (let i = 0; i < d; i++) {
    let variance = 0;
    for (let j = 0; j <= i; j++) variance += L[i + j * d] ** 2;
    sd[i] = Math.sqrt(variance);
  }
  return sd;
}

/**
 * A standard deviation of zero has a corner there: its row of L gets no slope from it, as |x| gets none at zero.
 * @param g  d: derivatives in the standard deviations
 */
export function addSdGradient(gradL: Float64Array, L: Float64Array, d: number, g: Float64Array): void {
  const sd = sdOfFactor(L, d);
  for (let i = 0; i < d; i++) {
    if (sd[i] === 0) continue;
    for (let j = 0; j <= i; j++) gradL[i + j * d] += (g[i] * L[i + j * d]) / sd[i];
  }
}

/** Correlations; those of a zero standard deviation are NaN. */
export function corOfFactor(L: Float64Array, d: number): Float64Array {
  const cor = covOfFactor(L, d);
  const sd = sdOfFactor(L, d);
  for (let j = 0; j < d; j++)
    for (let i = 0; i < d; i++) cor[i + j * d] = i === j ? 1 : cor[i + j * d] / (sd[i] * sd[j]);
  return cor;
}

/** @param G  d x d: d f = tr(G' d cor); its diagonal does not count */
export function addCorGradient(gradL: Float64Array, L: Float64Array, d: number, G: Float64Array): void {
  const sd = sdOfFactor(L, d);
  const cor = corOfFactor(L, d);
  const inCov = new Float64Array(d * d);
  for (let j = 0; j < d; j++)
    for (let i = 0; i < d; i++) {
      if (i === j) continue;
      inCov[i + j * d] = G[i + j * d] / (sd[i] * sd[j]);
      // through the variances below: d sd_i = d cov_ii / (2 sd_i)
      const pull = (G[i + j * d] * cor[i + j * d]) / 2;
      inCov[i + i * d] -= pull / sd[i] ** 2;
      inCov[j + j * d] -= pull / sd[j] ** 2;
    }
  addCovGradient(gradL, L, d, inCov);
}

/** The symmetric square root of a covariance, and the derivatives in the covariance that belong to those in the root. */
export function symmetricRoot(
  X: Float64Array,
  d: number,
): { readonly root: Float64Array; readonly toCov: (G: Float64Array) => Float64Array } {
  const { values, vectors } = symmetricEigen(X, d);
  const r = values.map((v) => Math.sqrt(Math.max(v, 0)));
  const scaled = vectors.map((v, k) => v * r[Math.floor(k / d)]);
  return {
    root: timesTransposed(scaled, vectors, d),
    // R dR + dR R = dX, solved in the eigenvectors' coordinates
    toCov(G) {
      const inner = transposedTimes(vectors, times(G, vectors, d), d);
      for (let j = 0; j < d; j++) for (let i = 0; i < d; i++) inner[i + j * d] /= r[i] + r[j];
      return timesTransposed(times(vectors, inner, d), vectors, d);
    },
  };
}
