import type { Order } from '../kernels/special/order.js';
import { type JetLayout, jetLength } from './jet.js';
import { multiplyInto, reciprocalInto } from './jet-arithmetic.js';

const mostTerms = 100_000;

/**
 * The continued fraction of I_x(a, b) = x^a y^b / B(a, b) / fraction (Didonato and Morris 1992, ACM Algorithm 708, eq. 9) with
 * derivatives: everything in it is a jet. For x (a + b) <= a, where it converges fast.
 */
export function betaFraction(layout: JetLayout) {
  const { size } = layout;
  const jet = () => new Float64Array(size);
  const [n, short, product, c, d, odd, part, alpha, beta, t] = Array.from({ length: 10 }, jet);
  const phi = new Float64Array(4);
  /** All arguments are jets; y = 1 - x. */
  return (
    out: Float64Array,
    x: Float64Array,
    y: Float64Array,
    a: Float64Array,
    b: Float64Array,
    order: Order,
  ): void => {
    const length = jetLength(layout, order);
    // 1 - (x (a + b) - a), by the smaller of x and y
    for (let k = 0; k < length; k++) n[k] = a[k] + b[k];
    const byX = x[0] < y[0];
    multiplyInto(short, byX ? x : y, n, layout, order);
    for (let k = 0; k < length; k++) short[k] = byX ? a[k] - short[k] : short[k] - b[k];
    short[0] += 1;
    t.set(a);
    t[0] += 1;
    reciprocalInto(t, t, layout, phi, order);
    multiplyInto(product, a, short, layout, order);
    multiplyInto(product, product, t, layout, order);
    c.set(product);
    d.fill(0);
    let last = mostTerms;
    for (let m = 1; m < last; m++) {
      odd.set(a);
      odd[0] += 2 * m - 1;
      reciprocalInto(odd, odd, layout, phi, order);
      // part = m (b - m) x / odd
      for (let k = 0; k < length; k++) t[k] = m * b[k];
      t[0] -= m * m;
      multiplyInto(part, t, x, layout, order);
      multiplyInto(part, part, odd, layout, order);
      // alpha = (a + m - 1) (a + b + m - 1) / odd part x
      alpha.set(a);
      alpha[0] += m - 1;
      t.set(n);
      t[0] += m - 1;
      multiplyInto(alpha, alpha, t, layout, order);
      multiplyInto(alpha, alpha, odd, layout, order);
      multiplyInto(alpha, alpha, part, layout, order);
      multiplyInto(alpha, alpha, x, layout, order);
      // beta = m + part + (a + m) (short + m (1 + y)) / (odd + 2)
      t.set(a);
      t[0] += 2 * m + 1;
      reciprocalInto(t, t, layout, phi, order);
      beta.set(a);
      beta[0] += m;
      multiplyInto(t, t, beta, layout, order);
      for (let k = 0; k < length; k++) beta[k] = short[k] + m * y[k];
      beta[0] += m;
      multiplyInto(beta, beta, t, layout, order);
      for (let k = 0; k < length; k++) beta[k] += part[k];
      beta[0] += m;
      // Lentz's method
      multiplyInto(d, d, alpha, layout, order);
      for (let k = 0; k < length; k++) d[k] += beta[k];
      reciprocalInto(d, d, layout, phi, order);
      reciprocalInto(c, c, layout, phi, order);
      multiplyInto(c, c, alpha, layout, order);
      for (let k = 0; k < length; k++) c[k] += beta[k];
      multiplyInto(t, c, d, layout, order);
      multiplyInto(product, product, t, layout, order);
      last = lastTerm(last, m, t[0]);
    }
    out.set(product);
  };
}

/**
 * The term to stop before: some after the one whose factor leaves the value as it is, so that the derivatives, which come a
 * little later, have settled, too. The same whatever the order.
 */
export function lastTerm(last: number, term: number, factor: number): number {
  if (last < mostTerms || Math.abs(factor - 1) > 1e-15) return last;
  return term + 5 + (term >> 2);
}
