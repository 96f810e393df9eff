import { logRisingInto } from '../kernels/special/gamma.js';
import { halfLog2Pi } from '../kernels/special/normal.js';
import { digamma } from '../kernels/special-functions.js';

const rising = new Float64Array(4);

/**
 * log density of location + scale T, T normal (df = Infinity) or Student's t [PRIOR-1]:
 * out[0 .. 2] as in `ScalarDensity`, then the derivatives in location, scale and (for a finite df) df. An infinite scale
 * is no prior.
 */
export function studentInto(out: Float64Array, x: number, df: number, location: number, scale: number): void {
  if (scale === Number.POSITIVE_INFINITY) {
    out.fill(0); // flat: no prior
    return;
  }
  const z = (x - location) / scale;
  if (df === Number.POSITIVE_INFINITY) {
    out[0] = -halfLog2Pi - Math.log(scale) - (z * z) / 2;
    out[1] = -z / scale;
    out[2] = -1 / (scale * scale);
    out[3] = z / scale;
    out[4] = (z * z - 1) / scale;
    return;
  }
  // Gamma((df + 1) / 2) / Gamma(df / 2): the rising factorial keeps its digits for a large df
  logRisingInto(rising, df / 2, 0.5, 1);
  const spread = df + z * z;
  const tail = Math.log1p((z * z) / df);
  out[0] = rising[0] - Math.log(df * Math.PI) / 2 - Math.log(scale) - ((df + 1) / 2) * tail;
  out[1] = (-(df + 1) * z) / (scale * spread);
  out[2] = (-(df + 1) * (df - z * z)) / (scale * scale * spread * spread);
  out[3] = -out[1];
  out[4] = (df * (z * z - 1)) / (scale * spread);
  out[5] = (rising[1] - 1 / df - tail + ((df + 1) * z * z) / (df * spread)) / 2;
}

/**
 * log density of a gamma variable by shape and rate, and of its reciprocal: the terms without x and their derivatives.
 * rate 0 leaves the improper kernel, without constant.
 */
export function gammaConstant(shape: number, rate: number, logGammaShape: number): number {
  return rate === 0 ? 0 : shape * Math.log(rate) - logGammaShape;
}

/** d/d shape of the constant above. */
export function gammaConstantSlope(shape: number, rate: number): number {
  return rate === 0 ? 0 : Math.log(rate) - digamma(shape);
}
