import type { Order } from '../kernels/special/order.js';
import { lastTerm } from './beta-fraction.js';
import type { CoordinateDensity } from './coordinate-family.js';
import { completeTail, type NaturalTail } from './interval-tails.js';
import { jetLayout, jetLength } from './jet.js';
import { logarithmInto, multiplyInto, reciprocalInto } from './jet-arithmetic.js';

const one = jetLayout(1);
const mostTerms = 100_000;

/**
 * Tails of the gamma distribution in (log mu, log shape) [GLMM-13]. With x = y a / mu and k = x^a exp(-x) / Gamma(a), the density
 * of log y: P = k / a sum_n x^n / ((a + 1) .. (a + n)) up to x = a + 1 and Q = k times Legendre's continued fraction beyond,
 * differentiated term by term in log a at a fixed x / a.
 */
export function gammaTail(density: CoordinateDensity['jetInto']): NaturalTail {
  const K = new Float64Array(jetLayout(2).size);
  const sum = new Float64Array(one.size);
  const term = new Float64Array(one.size);
  const factor = new Float64Array(one.size);
  const a = new Float64Array(one.size);
  const b = new Float64Array(one.size);
  const c = new Float64Array(one.size);
  const d = new Float64Array(one.size);
  const phi = new Float64Array(4);

  const series = (ratio: number, shape: number): void => {
    sum.fill(0);
    sum[0] = 1;
    term.set(sum);
    for (let n = 1; n < mostTerms; n++) {
      // ratio a / (a + n), a logistic function of log a
      const p = shape / (shape + n);
      const q = n / (shape + n);
      factor[0] = ratio * p;
      factor[1] = ratio * p * q;
      factor[2] = ratio * p * q * (q - p);
      factor[3] = ratio * p * q * (1 - 6 * p * q);
      multiplyInto(term, term, factor, one, 3);
      for (let k = 0; k < one.size; k++) sum[k] += term[k];
      let most = 0;
      for (let k = 0; k < one.size; k++) most = Math.max(most, Math.abs(term[k]));
      if (!(most > 1e-17 * sum[0]) && factor[0] < 0.9) break;
    }
  };
  /** 1 / (x + 1 - a - 1 (1 - a) / (x + 3 - a - ...)) by Lentz's method. */
  const fraction = (ratio: number, shape: number, order: Order): void => {
    const length = jetLength(one, order);
    a.fill(shape);
    for (let k = 0; k < one.size; k++) b[k] = (ratio - 1) * a[k];
    b[0] += 1;
    reciprocalInto(d, b, one, phi, order);
    sum.set(d);
    let last = mostTerms;
    for (let n = 1; n < last; n++) {
      // -n (n - a)
      for (let k = 0; k < one.size; k++) term[k] = n * a[k];
      term[0] -= n * n;
      b[0] += 2;
      multiplyInto(d, d, term, one, order);
      for (let k = 0; k < length; k++) d[k] += b[k];
      reciprocalInto(d, d, one, phi, order);
      if (n === 1) c.set(b);
      else {
        reciprocalInto(c, c, one, phi, order);
        multiplyInto(c, c, term, one, order);
        for (let k = 0; k < length; k++) c[k] += b[k];
      }
      multiplyInto(factor, c, d, one, order);
      multiplyInto(sum, sum, factor, one, order);
      last = lastTerm(last, n, factor[0]);
    }
  };
  return (jet, bound, z, order) => {
    const shape = Math.exp(z[1]);
    const ratio = bound * Math.exp(-z[0]);
    const isLower = ratio * shape < shape + 1;
    density(K, bound, 0, z, order);
    K[0] += Math.log(bound);
    if (isLower) series(ratio, shape);
    else fraction(ratio, shape, order);
    logarithmInto(sum, sum, one, phi, order);
    if (isLower) {
      sum[0] -= z[1];
      sum[1] -= 1;
    }
    jet[0] = K[0] + sum[0];
    jet[2] = K[2] + sum[1];
    jet[5] = K[5] + sum[2];
    jet[9] = K[9] + sum[3];
    completeTail(jet, K, isLower, order);
    return isLower;
  };
}
