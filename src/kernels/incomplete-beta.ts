import type { Tail } from './incomplete-gamma.js';
import { logRatioMinus, stirlingError } from './special-functions.js';

/**
 * I_x(a, b) ('lower') or 1 - I_x(a, b) ('upper') by the continued fraction of Abramowitz and Stegun 26.5.8, on the side
 * where it converges fast (about sqrt(max(a, b)) terms).
 * @param y  1 - x: given apart, because near x = 1 the subtraction would have lost it
 */
export function incompleteBeta(x: number, y: number, a: number, b: number, tail: Tail = 'lower'): number {
  if (!(x > 0) || !(y > 0) || !(a > 0) || !(b > 0)) {
    if (!(a > 0) || !(b > 0) || !(x >= 0) || !(y >= 0)) return Number.NaN;
    return (x === 0) === (tail === 'lower') ? 0 : 1;
  }
  const swapped = x * (a + b + 2) > a + 1;
  const small = Math.min(swapped ? leftTail(y, x, b, a) : leftTail(x, y, a, b), 1);
  return swapped === (tail === 'upper') ? small : 1 - small;
}

function leftTail(x: number, y: number, a: number, b: number): number {
  return (betaKernel(x, y, a, b) / a) * fraction(x, a, b);
}

/** x^a y^b / B(a, b), with the large powers cancelled before they are formed (Loader 2000). */
export function betaKernel(x: number, y: number, a: number, b: number): number {
  const n = a + b;
  // x n - a = b - y n: by the smaller of x and y, whose rounding n does not blow up
  const delta = x < y ? x * n - a : b - y * n;
  const exponent = a * logRatioMinus(x * n, a, delta) + b * logRatioMinus(y * n, b, -delta);
  const errors = stirlingError(n) - stirlingError(a) - stirlingError(b);
  return Math.sqrt((a / n) * (b / (2 * Math.PI))) * Math.exp(exponent + errors);
}

function fraction(x: number, a: number, b: number): number {
  let c = 1;
  let d = 1 / (1 - ((a + b) * x) / (a + 1));
  let product = d;
  for (let k = 1; k < 1e7; k++) {
    const even = (k * (b - k) * x) / ((a + 2 * k - 1) * (a + 2 * k));
    d = 1 / (1 + even * d);
    c = 1 + even / c;
    product *= d * c;
    const odd = (-(a + k) * (a + b + k) * x) / ((a + 2 * k) * (a + 2 * k + 1));
    d = 1 / (1 + odd * d);
    c = 1 + odd / c;
    const factor = d * c;
    product *= factor;
    if (Math.abs(factor - 1) < 2e-16) break;
  }
  return product;
}
