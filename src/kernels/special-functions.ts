import { logGamma, logGammaInto, logRisingInto } from './special/gamma.js';
import { halfLog2Pi } from './special/normal.js';

const scratch = new Float64Array(4);

/** First derivative of log Gamma, x > 0. */
export function digamma(x: number): number {
  logGammaInto(scratch, x, 1);
  return scratch[1];
}

/** Second derivative of log Gamma, x > 0. */
export function trigamma(x: number): number {
  logGammaInto(scratch, x, 2);
  return scratch[2];
}

/** Third derivative of log Gamma, x > 0. */
export function tetragamma(x: number): number {
  logGammaInto(scratch, x, 3);
  return scratch[3];
}

/** log B(a, b); a sum of rising factorials, so that a large argument costs no digits. */
export function logBeta(a: number, b: number): number {
  const small = Math.min(a, b);
  logRisingInto(scratch, Math.max(a, b), small, 0);
  return logGamma(small) - scratch[0];
}

/** log(at / centre) - (at - centre) / centre for positive arguments, without cancellation where they are close. */
export function logRatioMinus(at: number, centre: number, difference = at - centre): number {
  const t = difference / centre;
  if (!(Math.abs(t) < 0.4)) return Math.log(at / centre) - t;
  // log1p(t) = 2 artanh(y), y = t / (2 + t), whose first term 2 y is t - t y
  const y = t / (2 + t);
  const s = y * y;
  let sum = 0;
  for (let k = 25; k >= 3; k -= 2) sum = sum * s + 2 / k;
  return y * (s * sum - t);
}

const stirlingSeries = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156, -3617 / 122400];

/** log Gamma(x) - ((x - 1/2) log x - x + log(2 pi) / 2), x > 0: what Stirling's formula leaves. */
export function stirlingError(x: number): number {
  if (x < 10) return logGamma(x) - ((x - 0.5) * Math.log(x) - x + halfLog2Pi);
  const s = 1 / (x * x);
  let sum = 0;
  for (let k = 7; k >= 0; k--) sum = sum * s + stirlingSeries[k];
  return sum / x;
}

/** log Gamma_d(x) of the Wishart distribution, x > (d - 1) / 2 [PRIOR-3]. */
export function logMultivariateGamma(d: number, x: number): number {
  let total = (d * (d - 1) * Math.log(Math.PI)) / 4;
  for (let j = 0; j < d; j++) total += logGamma(x - j / 2);
  return total;
}

/** log(1 + exp(x)), for every x. */
export function log1pExp(x: number): number {
  return x > 0 ? x + Math.log1p(Math.exp(-x)) : Math.log1p(Math.exp(x));
}

/** log(1 - exp(x)), x <= 0. */
export function log1mExp(x: number): number {
  return x > -Math.LN2 ? Math.log(-Math.expm1(x)) : Math.log1p(-Math.exp(x));
}

/** log(exp(a) + exp(b)); -Infinity is a zero. */
export function logAddExp(a: number, b: number): number {
  if (a === b) return a + Math.LN2; // both infinite, too
  return a > b ? a + Math.log1p(Math.exp(b - a)) : b + Math.log1p(Math.exp(a - b));
}

/** log of the sum of exp(v[start ..< end]); -Infinity where the range is empty. */
export function logSumExp(v: Float64Array, start = 0, end = v.length): number {
  let high = Number.NEGATIVE_INFINITY;
  for (let i = start; i < end; i++) if (!(v[i] <= high)) high = v[i];
  if (!Number.isFinite(high)) return high;
  let total = 0;
  for (let i = start; i < end; i++) total += Math.exp(v[i] - high);
  return high + Math.log(total);
}

const eulerGamma = 0.5772156649015329;

/** exp(z) E1(z), z > 0: the exponential integral without its underflow. Abramowitz and Stegun 5.1.11, 5.1.22. */
export function scaledExpIntegral(z: number): number {
  if (!(z > 0)) return z === 0 ? Number.POSITIVE_INFINITY : Number.NaN;
  if (z < 1) {
    let term = 1;
    let total = 0;
    for (let k = 1; k < 30; k++) {
      term *= -z / k;
      total -= term / k;
    }
    return Math.exp(z) * (total - Math.log(z) - eulerGamma);
  }
  // the continued fraction 1 / (z + 1 - 1 / (z + 3 - 4 / (z + 5 - ...))), from the far end
  const depth = Math.ceil(20 + 120 / z);
  let tail = z + 2 * depth + 1;
  for (let k = depth; k > 0; k--) tail = z + 2 * k - 1 - (k * k) / tail;
  return 1 / tail;
}
