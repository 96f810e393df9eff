import { logBeta } from '../kernels/special-functions.js';
import { logDetOfFactor, lowerTriangle } from './matrix-density.js';
import { positiveDefinite } from './positive-definite.js';
import type { PriorSignature } from './prior.js';

/** LKJ on a correlation matrix: det^(eta - 1). */
export const lkjSignature: PriorSignature = {
  name: 'lkj',
  parameters: [{ name: 'eta', kind: 'positive' }],
  left: 'correlation',
  support: 'matrix',
};

/**
 * The density of a correlation matrix over its entries below the diagonal (Lewandowski, Kurowicka and Joe 2009, eq. 17)
 * [PRIOR-3]. Matrices are d x d, column-major; gradients are overwritten.
 */
export const lkjDensity = {
  /** d log density = tr(gradient dR), with dR symmetric and zero on the diagonal. */
  logDensity(R: Float64Array, d: number, eta: number, gradient: Float64Array | null): number {
    const r = positiveDefinite(R, d);
    gradient?.fill(0);
    if (!r) return Number.NEGATIVE_INFINITY;
    if (gradient) for (let k = 0; k < d * d; k++) gradient[k] = (eta - 1) * r.inverse[k];
    return (eta - 1) * r.logDet - logConstant(d, eta);
  },
  /** At the correlations of the covariance L L', whose scale does not matter; derivatives in the lower triangle of L. */
  logDensityOfFactor(L: Float64Array, d: number, eta: number, gradient: Float64Array | null): number {
    const l = lowerTriangle(L, d);
    gradient?.fill(0);
    // flat, also where a standard deviation of zero leaves its correlations undefined
    if (eta === 1) return -logConstant(d, eta);
    let total = logDetOfFactor(l, d, eta - 1, gradient);
    for (let i = 0; i < d; i++) {
      let variance = 0;
      for (let j = 0; j <= i; j++) variance += l[i + j * d] ** 2;
      total -= (eta - 1) * Math.log(variance);
      if (gradient) for (let j = 0; j <= i; j++) gradient[i + j * d] -= (2 * (eta - 1) * l[i + j * d]) / variance;
    }
    // a zero standard deviation has no correlations: NaN
    if (Number.isNaN(total)) total = Number.NEGATIVE_INFINITY;
    return total - logConstant(d, eta);
  },
  /** d log density / d eta at log det R. */
  etaSlope(logDet: number, d: number, eta: number): number {
    const h = 1e-5 * eta;
    return logDet - (logConstant(d, eta + h) - logConstant(d, eta - h)) / (2 * h);
  },
};

function logConstant(d: number, eta: number): number {
  let total = 0;
  for (let k = 1; k < d; k++) {
    const shape = eta + (d - k - 1) / 2;
    total += (d - k) * ((2 * shape - 1) * Math.LN2 + logBeta(shape, shape));
  }
  return total;
}
