import { logMultivariateGamma } from '../kernels/special-functions.js';
import { logDetOfFactor, lowerTriangle, type MatrixDensity } from './matrix-density.js';
import { invertLower, positiveDefinite, times, traceOfProduct, transposedTimes } from './positive-definite.js';
import type { PriorSignature } from './prior.js';

/** Inverse Wishart; scale = 0 is improper. */
export const inverseWishartSignature: PriorSignature = {
  name: 'inverse_wishart',
  parameters: [
    { name: 'df', kind: 'positive' },
    { name: 'scale', kind: 'matrix' },
  ],
  left: 'covariance',
  support: 'matrix',
};

/** Needs df > d - 1. */
export const inverseWishartDensity: MatrixDensity = {
  logDensity(X, d, df, scale, gradient, scaleGradient = null) {
    const x = positiveDefinite(X, d);
    gradient?.fill(0);
    if (!x) return Number.NEGATIVE_INFINITY;
    const power = -(df + d + 1) / 2;
    if (gradient) {
      const both = scale && times(times(x.inverse, scale, d), x.inverse, d);
      for (let k = 0; k < d * d; k++) gradient[k] = power * x.inverse[k] + (both ? both[k] / 2 : 0);
    }
    return power * x.logDet + kernelOfScale(x.inverse, d, df, scale, scaleGradient);
  },
  logDensityOfFactor(L, d, df, scale, gradient, scaleGradient = null) {
    const l = lowerTriangle(L, d);
    gradient?.fill(0);
    for (let j = 0; j < d; j++) if (!(Math.abs(l[j + j * d]) > 0)) return Number.NEGATIVE_INFINITY;
    const w = invertLower(l, d);
    const inverse = transposedTimes(w, w, d);
    if (gradient && scale) {
      // of -tr(S X^-1) / 2 in L: X^-1 S X^-1 L = X^-1 S L^-T
      const product = times(inverse, times(scale, transpose(w, d), d), d);
      for (let j = 0; j < d; j++) for (let i = j; i < d; i++) gradient[i + j * d] = product[i + j * d];
    }
    return logDetOfFactor(l, d, -(df + d + 1) / 2, gradient) + kernelOfScale(inverse, d, df, scale, scaleGradient);
  },
};

/** -tr(S X^-1) / 2 and the constant; nothing for the improper limit. */
function kernelOfScale(
  inverse: Float64Array,
  d: number,
  df: number,
  scale: Float64Array | null,
  scaleGradient: Float64Array | null,
): number {
  scaleGradient?.fill(0);
  if (!scale) return 0;
  const s = positiveDefinite(scale, d);
  if (!s) return Number.NEGATIVE_INFINITY;
  if (scaleGradient) for (let k = 0; k < d * d; k++) scaleGradient[k] = (df * s.inverse[k] - inverse[k]) / 2;
  const constant = (df / 2) * (d * Math.LN2 - s.logDet) + logMultivariateGamma(d, df / 2);
  return -traceOfProduct(scale, inverse) / 2 - constant;
}

function transpose(a: Float64Array, d: number): Float64Array {
  return a.map((_, k) => a[Math.floor(k / d) + (k % d) * d]);
}
