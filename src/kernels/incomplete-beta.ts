import type { Tail } from './incomplete-gamma.js';
import { logRatioMinus, stirlingError } from './special-functions.js';

/**
 * I_x(a, b) ('lower') or 1 - I_x(a, b) ('upper') by the continued fraction of Didonato and Morris (1992), ACM Algorithm
 * 708, eq. 9, on the side of the mean where it converges fast (about sqrt(max(a, b)) terms).
 * @param y  1 - x: given apart, because near x = 1 the subtraction would have lost it
 */
export function incompleteBeta(x: number, y: number, a: number, b: number, tail: Tail = 'lower'): number {
  if (!(x > 0) || !(y > 0) || !(a > 0) || !(b > 0)) {
    if (!(a > 0) || !(b > 0) || !(x >= 0) || !(y >= 0)) return Number.NaN;
    return (x === 0) === (tail === 'lower') ? 0 : 1;
  }
  const swapped = excess(x, y, a, b) > 0;
  const small = Math.min(swapped ? leftTail(y, x, b, a) : leftTail(x, y, a, b), 1);
  return swapped === (tail === 'upper') ? small : 1 - small;
}

function leftTail(x: number, y: number, a: number, b: number): number {
  return betaKernel(x, y, a, b) / fraction(x, y, a, b);
}

/** x (a + b) - a = b - y (a + b): by the smaller of x and y, whose rounding a + b does not blow up. */
function excess(x: number, y: number, a: number, b: number): number {
  return x < y ? x * (a + b) - a : b - y * (a + b);
}

/** x^a y^b / B(a, b), with the large powers cancelled before they are formed (Loader 2000). */
export function betaKernel(x: number, y: number, a: number, b: number): number {
  const n = a + b;
  const delta = excess(x, y, a, b);
  const exponent = a * logRatioMinus(x * n, a, delta) + b * logRatioMinus(y * n, b, -delta);
  const errors = stirlingError(n) - stirlingError(a) - stirlingError(b);
  return Math.sqrt((a / n) * (b / (2 * Math.PI))) * Math.exp(exponent + errors);
}

/** beta_0 + alpha_1 / (beta_1 + alpha_2 / (beta_2 + ...)), by Lentz's method. */
function fraction(x: number, y: number, a: number, b: number): number {
  const short = 1 - excess(x, y, a, b);
  let product = (a * short) / (a + 1);
  let c = product;
  let d = 0;
  for (let m = 1; m < 1e7; m++) {
    const odd = a + 2 * m - 1;
    const part = (m * (b - m) * x) / odd;
    const alpha = (((a + m - 1) * (a + b + m - 1)) / odd) * part * x;
    const beta = m + part + ((a + m) * (short + m * (1 + y))) / (odd + 2);
    d = 1 / (beta + alpha * d);
    c = beta + alpha / c;
    const factor = c * d;
    product *= factor;
    if (Math.abs(factor - 1) < 2e-16) break;
  }
  return product;
}
