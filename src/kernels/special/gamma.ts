import type { Order } from './order.js';

/**
 * The gamma function's logarithm and its derivatives, and differences of them that keep their digits where both
 * arguments are large. Asymptotic series in 1 / x (Abramowitz and Stegun 6.1.40, 6.3.18, 6.4.11) from `large` on,
 * recurrence below it.
 */
const large = 10;
const shifts = 12;

/** B_2k / (2k (2k - 1)), k = 1 .. 8; the derivatives of the series need only their exponents besides. */
const series = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156, -3617 / 122400];

const halfLog2Pi = Math.log(2 * Math.PI) / 2;

/** The remainder of Stirling's formula and its derivatives at x >= `large`, written to out[0 .. order]. */
function stirlingRemainder(x: number, order: Order, out: Float64Array): void {
  const r = 1 / x;
  const s = r * r;
  let f0 = 0;
  let f1 = 0;
  let f2 = 0;
  let f3 = 0;
  for (let k = 7; k >= 0; k--) {
    const c = series[k];
    const e = 2 * k + 1;
    f0 = f0 * s + c;
    f1 = f1 * s + c * e;
    f2 = f2 * s + c * e * (e + 1);
    f3 = f3 * s + c * e * (e + 1) * (e + 2);
  }
  out[0] = f0 * r;
  if (order > 0) out[1] = -f1 * s;
  if (order > 1) out[2] = f2 * s * r;
  if (order > 2) out[3] = -f3 * s * s;
}

/** log Gamma(x), digamma, trigamma, tetragamma for x > 0, written to out[0 .. order]. */
export function logGammaInto(out: Float64Array, x: number, order: Order): void {
  if (!(x > 0)) {
    out.fill(x === 0 ? Number.POSITIVE_INFINITY : Number.NaN, 0, order + 1);
    return;
  }
  let product = 1;
  let sum1 = 0;
  let sum2 = 0;
  let sum3 = 0;
  let at = x;
  while (at < large) {
    product *= at;
    if (order > 0) {
      const r = 1 / at;
      sum1 += r;
      sum2 += r * r;
      sum3 += r * r * r;
    }
    at += 1;
  }
  stirlingRemainder(at, order, out);
  const logAt = Math.log(at);
  const r = 1 / at;
  out[0] += (at - 0.5) * logAt - at + halfLog2Pi - (product === 1 ? 0 : Math.log(product));
  if (order > 0) out[1] += logAt - 0.5 * r - sum1;
  if (order > 1) out[2] += r + 0.5 * r * r + sum2;
  if (order > 2) out[3] += -r * r - r * r * r - 2 * sum3;
}

/**
 * a log a - a - log Gamma(a) and its derivatives by log a, for a = exp(logA) > 0, written to out[0 .. order]: where a is
 * large it grows like log(a) / 2 only, and the terms that cancel are left out [GLMM-1].
 */
export function gammaConstantInto(out: Float64Array, logA: number, order: Order): void {
  const a = Math.exp(logA);
  if (a >= large) {
    stirlingRemainder(a, order, out);
    const a1 = a * out[1];
    const a2 = a * a * out[2];
    const a3 = a * a * a * out[3];
    out[0] = logA / 2 - halfLog2Pi - out[0];
    if (order > 0) out[1] = 0.5 - a1;
    if (order > 1) out[2] = -(a1 + a2);
    if (order > 2) out[3] = -(a1 + 3 * a2 + a3);
    return;
  }
  logGammaInto(out, a, order);
  const k1 = a * (logA - out[1]);
  const k2 = a * (1 - a * out[2]);
  const k3 = a * (1 + a * a * out[3]);
  out[0] = a * (logA - 1) - out[0];
  if (order > 0) out[1] = k1;
  if (order > 1) out[2] = k1 + k2;
  if (order > 2) out[3] = k1 + 3 * k2 - k3;
}

const scratchA = new Float64Array(4);
const scratchB = new Float64Array(4);

export function logGamma(x: number): number {
  logGammaInto(scratchA, x, 0);
  return scratchA[0];
}

/**
 * log Gamma(x + n) - log Gamma(x), the logarithm of the rising factorial, and its derivatives in x, for x > 0 and
 * n >= 0, written to out[0 .. order]. Exact to rounding also where x is so large that the two logarithms agree in all
 * digits: the limits of the negative binomial at the Poisson and of student_t at the normal need that.
 */
export function logRisingInto(out: Float64Array, x: number, n: number, order: Order): void {
  if (!(x > 0) || !(n >= 0)) {
    out.fill(Number.NaN, 0, order + 1);
    return;
  }
  if (n <= shifts && Number.isInteger(n)) risingByProduct(out, x, n, order);
  else risingBySeries(out, x, n, order);
}

function risingByProduct(out: Float64Array, x: number, n: number, order: Order): void {
  let f0 = 0;
  let f1 = 0;
  let f2 = 0;
  let f3 = 0;
  // twelve factors below 1e20 stay a finite product, and one logarithm does
  const together = x < 1e20 && x > 1e-20;
  let product = 1;
  for (let j = 0; j < n; j++) {
    const at = x + j;
    if (together) product *= at;
    else f0 += Math.log(at);
    const r = 1 / at;
    f1 += r;
    f2 -= r * r;
    f3 += 2 * r * r * r;
  }
  out[0] = together ? Math.log(product) : f0;
  if (order > 0) out[1] = f1;
  if (order > 1) out[2] = f2;
  if (order > 2) out[3] = f3;
}

function risingBySeries(out: Float64Array, x: number, n: number, order: Order): void {
  let f0 = 0;
  let f1 = 0;
  let f2 = 0;
  let f3 = 0;
  let low = x;
  let high = x + n;
  // distance of the two shifted arguments, kept apart from them so that it stays exact
  let distance = n;
  while (low < large) {
    const r = 1 / low;
    f0 += Math.log(low);
    f1 += r;
    f2 -= r * r;
    f3 += 2 * r * r * r;
    low += 1;
    distance -= 1;
  }
  while (high < large) {
    const r = 1 / high;
    f0 -= Math.log(high);
    f1 -= r;
    f2 += r * r;
    f3 -= 2 * r * r * r;
    high += 1;
    distance += 1;
  }
  stirlingRemainder(low, order, scratchA);
  stirlingRemainder(high, order, scratchB);
  const logRatio = Math.log1p(distance / low);
  out[0] = f0 + (low - 0.5) * logRatio + distance * Math.log(high) - distance + scratchB[0] - scratchA[0];
  const product = low * high;
  if (order > 0) out[1] = f1 + logRatio + (0.5 * distance) / product + scratchB[1] - scratchA[1];
  const squares = (distance * (low + high)) / product / product;
  if (order > 1) out[2] = f2 - distance / product - 0.5 * squares + scratchB[2] - scratchA[2];
  if (order > 2) {
    const cubes = (distance * (low * low + product + high * high)) / product / product / product;
    out[3] = f3 + squares + cubes + scratchB[3] - scratchA[3];
  }
}

const tabulated = 256;
const factorials = new Float64Array(tabulated).fill(Number.NaN); // until somebody asks: all at once would delay every start

/** log n! for a count n. */
export function logFactorial(n: number): number {
  if (!(n < tabulated && Number.isInteger(n) && n >= 0)) return logGamma(n + 1);
  if (!(factorials[n] >= 0)) factorials[n] = logGamma(n + 1);
  return factorials[n];
}

/** The logarithm of the binomial coefficient. */
export function logChoose(n: number, k: number): number {
  if (n > 1e6) {
    // the difference of two large logarithms would lose digits
    logRisingInto(scratchC, n - k + 1, k, 0);
    return scratchC[0] - logFactorial(k);
  }
  return logFactorial(n) - logFactorial(k) - logFactorial(n - k);
}

const scratchC = new Float64Array(4);
