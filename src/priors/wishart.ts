import { logMultivariateGamma } from '../kernels/special-functions.js';
import { logDetOfFactor, lowerTriangle, type MatrixDensity } from './matrix-density.js';
import {
  type PositiveDefinite,
  positiveDefinite,
  times,
  timesTransposed,
  traceOfProduct,
} from './positive-definite.js';
import type { PriorSignature } from './prior.js';

/** Wishart; scale = inf is improper: det^((df - d - 1) / 2). */
export const wishartSignature: PriorSignature = {
  name: 'wishart',
  parameters: [
    { name: 'df', kind: 'positive' },
    { name: 'scale', kind: 'matrix' },
  ],
  left: 'covariance',
  support: 'matrix',
};

/** Needs df > d - 1; the density is bounded at singular X for df >= d + 1. */
export const wishartDensity: MatrixDensity = {
  logDensity(X, d, df, scale, gradient, scaleGradient = null) {
    const x = positiveDefinite(X, d);
    const s = scale && positiveDefinite(scale, d);
    gradient?.fill(0);
    if (!x || s === undefined) return Number.NEGATIVE_INFINITY;
    const power = (df - d - 1) / 2;
    if (gradient) for (let k = 0; k < d * d; k++) gradient[k] = power * x.inverse[k] - (s ? s.inverse[k] / 2 : 0);
    return power * x.logDet + kernelOfScale(X, d, df, s, scaleGradient);
  },
  logDensityOfFactor(L, d, df, scale, gradient, scaleGradient = null) {
    const l = lowerTriangle(L, d);
    const s = scale && positiveDefinite(scale, d);
    gradient?.fill(0);
    if (s === undefined) return Number.NEGATIVE_INFINITY;
    if (gradient && s) {
      const product = times(s.inverse, l, d);
      for (let j = 0; j < d; j++) for (let i = j; i < d; i++) gradient[i + j * d] = -product[i + j * d];
    }
    const power = (df - d - 1) / 2;
    return logDetOfFactor(l, d, power, gradient) + kernelOfScale(timesTransposed(l, l, d), d, df, s, scaleGradient);
  },
};

/** -tr(S^-1 X) / 2 and the constant; nothing for the improper limit. */
function kernelOfScale(
  X: Float64Array,
  d: number,
  df: number,
  s: PositiveDefinite | null,
  scaleGradient: Float64Array | null,
): number {
  scaleGradient?.fill(0);
  if (!s) return 0;
  if (scaleGradient) {
    const both = times(times(s.inverse, X, d), s.inverse, d);
    for (let k = 0; k < d * d; k++) scaleGradient[k] = (both[k] - df * s.inverse[k]) / 2;
  }
  const constant = (df / 2) * (d * Math.LN2 + s.logDet) + logMultivariateGamma(d, df / 2);
  return -traceOfProduct(s.inverse, X) / 2 - constant;
}
