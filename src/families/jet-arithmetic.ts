import type { Order } from '../kernels/special/order.js';
import { composeInto, type JetLayout } from './jet.js';

/** The jet of u v (Leibniz), in place or not. */
export function multiplyInto(
  out: Float64Array,
  u: Float64Array,
  v: Float64Array,
  layout: JetLayout,
  order: Order,
): void {
  const { second, third, pairs, triples, pairA, pairB, tripleA, tripleB, tripleC, pairIndex } = layout;
  const D = layout.variables;
  const u0 = u[0];
  const v0 = v[0];
  if (order > 2)
    for (let k = 0; k < triples; k++) {
      const a = tripleA[k];
      const b = tripleB[k];
      const c = tripleC[k];
      const ab = pairIndex[a * D + b];
      const ac = pairIndex[a * D + c];
      const bc = pairIndex[b * D + c];
      out[third + k] =
        u[third + k] * v0 +
        u[ab] * v[1 + c] +
        u[ac] * v[1 + b] +
        u[bc] * v[1 + a] +
        u[1 + a] * v[bc] +
        u[1 + b] * v[ac] +
        u[1 + c] * v[ab] +
        u0 * v[third + k];
    }
  if (order > 1)
    for (let k = 0; k < pairs; k++) {
      const a = pairA[k];
      const b = pairB[k];
      out[second + k] = u[second + k] * v0 + u[1 + a] * v[1 + b] + u[1 + b] * v[1 + a] + u0 * v[second + k];
    }
  if (order > 0) for (let a = 1; a <= D; a++) out[a] = u[a] * v0 + u0 * v[a];
  out[0] = u0 * v0;
}

/** The jet of 1 / u, in place or not. @param phi  scratch, 4 */
export function reciprocalInto(
  out: Float64Array,
  u: Float64Array,
  layout: JetLayout,
  phi: Float64Array,
  order: Order,
): void {
  const r = 1 / u[0];
  phi[0] = r;
  phi[1] = -r * r;
  phi[2] = 2 * r * r * r;
  phi[3] = -6 * r * r * r * r;
  composeInto(out, u, layout, phi, order);
}

/** The jet of log u, in place or not. @param phi  scratch, 4 */
export function logarithmInto(
  out: Float64Array,
  u: Float64Array,
  layout: JetLayout,
  phi: Float64Array,
  order: Order,
): void {
  const r = 1 / u[0];
  phi[0] = Math.log(u[0]);
  phi[1] = r;
  phi[2] = -r * r;
  phi[3] = 2 * r * r * r;
  composeInto(out, u, layout, phi, order);
}
