import { scaledExpIntegral } from '../kernels/special-functions.js';
import type { PriorSignature } from './prior.js';
import type { ScalarDensity } from './scalar-density.js';

/** Horseshoe: normal(0, scale * tau) with tau ~ half_cauchy(0, 1) integrated out. */
export const horseshoeSignature: PriorSignature = {
  name: 'horseshoe',
  parameters: [{ name: 'scale', kind: 'positive' }],
  left: 'scalar',
  support: 'real',
};

/**
 * The marginal density of x = normal(0, (scale tau)^2), tau ~ half_cauchy(0, 1), is
 *   (2 pi^3)^(-1/2) / scale * exp(z) E1(z),  z = x^2 / (2 scale^2),
 * which has no maximum: it grows without bound, like log log, towards x = 0. A mode needs a bounded density, so x^2 is
 * replaced by x^2 + (scale / 1000)^2: below a thousandth of the scale coefficients are not told from zero, above it
 * nothing changes to speak of. `rounding` is what that takes from the integral [PRIOR-4].
 */
const blur = 1e-3;
const constant = -Math.log(2 * Math.PI ** 3) / 2;
const rounding = -7.977029070198694e-4;

export const horseshoeDensity: ScalarDensity = {
  logDensityInto(out, x, args) {
    const [scale] = args;
    const t = x / scale;
    const z = (t * t + blur * blur) / 2;
    const { value, slope, curvature } = logScaledExpIntegral(z);
    out[0] = constant - rounding - Math.log(scale) + value;
    out[1] = (slope * t) / scale;
    out[2] = (slope + curvature * t * t) / (scale * scale);
    out[3] = -(1 + slope * t * t) / scale;
  },
};

/** log(exp(z) E1(z)) with two derivatives in z. */
function logScaledExpIntegral(z: number): { value: number; slope: number; curvature: number } {
  const f = scaledExpIntegral(z);
  if (z < 40) {
    const slope = 1 - 1 / (z * f);
    // f' = f - 1 / z
    const first = f - 1 / z;
    const second = first + 1 / (z * z);
    return { value: Math.log(f), slope, curvature: second / f - slope * slope };
  }
  // z f = sum of (-1)^k k! / z^k: its derivatives keep the digits that 1 - 1 / (z f) loses
  let term = 1;
  let g = 1;
  let g1 = 0;
  let g2 = 0;
  for (let k = 1; k <= 24; k++) {
    term *= -k / z;
    g += term;
    g1 -= (k * term) / z;
    g2 += (k * (k + 1) * term) / (z * z);
  }
  const slope = g1 / g;
  return { value: Math.log(f), slope: slope - 1 / z, curvature: g2 / g - slope * slope + 1 / (z * z) };
}
