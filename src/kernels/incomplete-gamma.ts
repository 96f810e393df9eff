import { logGamma } from './special/gamma.js';
import { normalCdf } from './special/normal.js';
import { logRatioMinus, stirlingError } from './special-functions.js';

export type Tail = 'lower' | 'upper';

/**
 * P(shape, x) ('lower') or Q(shape, x) ('upper'): the tails of a gamma variable with that shape and rate 1. The series
 * (Abramowitz and Stegun 6.5.29) gives the lower tail up to x = shape + 1, the continued fraction (6.5.31) the upper
 * one from there; both take about sqrt(shape) terms, so that a huge shape has an expansion of its own. Accurate to about
 * 1e-14, relatively, in the tail that is small.
 */
export function incompleteGamma(x: number, shape: number, tail: Tail = 'lower'): number {
  if (!(x > 0) || !(shape > 0) || x === Number.POSITIVE_INFINITY) {
    if (!(x >= 0) || !(shape > 0)) return Number.NaN;
    return (x === 0) === (tail === 'lower') ? 0 : 1;
  }
  if (shape >= huge) {
    const half = logRatioMinus(x, shape);
    const eta = Math.sign(x - shape) * Math.sqrt(-2 * half);
    if (Math.abs(eta) <= nearby) return normalExpansion(eta, shape, tail);
  }
  if (x < shape + 1) {
    const lower = Math.min((gammaKernel(x, shape) / shape) * lowerSeries(x, shape), 1);
    return tail === 'lower' ? lower : 1 - lower;
  }
  const upper = Math.min(gammaKernel(x, shape) * upperFraction(x, shape), 1);
  return tail === 'upper' ? upper : 1 - upper;
}

/** From this shape on, and this near the mean, the expansion below is exact to rounding. */
const huge = 1e6;
const nearby = 0.05;

/** Coefficients of eta^n in c_0 and c_1. */
const first = [-1 / 3, 1 / 12, -2 / 135, 1 / 864, 1 / 2835, -139 / 777600, 1 / 25515];
const second = [-1 / 540, -1 / 288, 1 / 378];

/**
 * Temme's uniform expansion (DLMF 8.12.3, 8.12.4, 8.12.7) with eta^2 / 2 = x / a - 1 - log(x / a):
 *   Q = Phi(-eta sqrt(a)) + R,  P = Phi(eta sqrt(a)) - R,  R = exp(-a eta^2 / 2) / sqrt(2 pi a) (c_0 + c_1 / a).
 */
function normalExpansion(eta: number, shape: number, tail: Tail): number {
  let c0 = 0;
  for (let k = first.length - 1; k >= 0; k--) c0 = c0 * eta + first[k];
  let c1 = 0;
  for (let k = second.length - 1; k >= 0; k--) c1 = c1 * eta + second[k];
  const z = eta * Math.sqrt(shape);
  const rest = (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI * shape)) * (c0 + c1 / shape);
  return tail === 'lower' ? normalCdf(z) - rest : normalCdf(-z) + rest;
}

/** x^shape exp(-x) / Gamma(shape), from the saddle point where shape is large (Loader 2000): no large terms cancel. */
export function gammaKernel(x: number, shape: number): number {
  if (shape < 10) return Math.exp(shape * Math.log(x) - x - logGamma(shape));
  return Math.sqrt(shape / (2 * Math.PI)) * Math.exp(shape * logRatioMinus(x, shape) - stirlingError(shape));
}

function lowerSeries(x: number, shape: number): number {
  let term = 1;
  let sum = 1;
  for (let at = shape + 1; term > sum * 1e-17; at++) {
    term *= x / at;
    sum += term;
  }
  return sum;
}

/** Lentz's evaluation of 1 / (x + 1 - a - 1 (1 - a) / (x + 3 - a - ...)). */
function upperFraction(x: number, shape: number): number {
  let b = x + 1 - shape;
  let c = Number.POSITIVE_INFINITY;
  let d = 1 / b;
  let product = d;
  for (let k = 1; k < 1e7; k++) {
    const a = -k * (k - shape);
    b += 2;
    d = 1 / (a * d + b);
    c = b + a / c;
    const factor = c * d;
    product *= factor;
    if (Math.abs(factor - 1) < 2e-16) break;
  }
  return product;
}
