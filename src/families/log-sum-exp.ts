import type { Order } from '../kernels/special/order.js';
import { log1mExp } from '../kernels/special-functions.js';
import { composeInto, type JetLayout, jetLength } from './jet.js';

/**
 * The jet of log(sum_k exp(f_k)) [GLMM-4]. With p_k = exp(f_k - f) and d_k = f_k' - f':
 *   f_a = sum p f_ka,   f_ab = sum p (f_kab + d_ka d_kb),
 *   f_abc = sum p (f_kabc + f_kab d_kc + f_kac d_kb + f_kbc d_ka + d_ka d_kb d_kc).
 * Centred sums, so that a component that is certain gives its own derivatives without cancellation.
 * @param jets   count jets of layout.size, one after the other; overwritten
 */
export function logSumExpInto(
  out: Float64Array,
  jets: Float64Array,
  count: number,
  layout: JetLayout,
  order: Order,
): void {
  const { size, second, third, pairs, triples, pairA, pairB, tripleA, tripleB, tripleC, pairIndex } = layout;
  const D = layout.variables;
  let top = Number.NEGATIVE_INFINITY;
  for (let k = 0; k < count; k++) if (jets[k * size] > top) top = jets[k * size];
  out.fill(0, 0, jetLength(layout, order));
  if (!(top > Number.NEGATIVE_INFINITY && top < Number.POSITIVE_INFINITY)) {
    out[0] = top;
    return;
  }
  let sum = 0;
  for (let k = 0; k < count; k++) if (jets[k * size] > Number.NEGATIVE_INFINITY) sum += Math.exp(jets[k * size] - top);
  out[0] = top + Math.log(sum);
  if (order < 1) return;
  for (let k = 0; k < count; k++) {
    const at = k * size;
    const p = jets[at] > Number.NEGATIVE_INFINITY ? Math.exp(jets[at] - top) / sum : 0;
    jets[at] = p;
    if (p > 0) for (let a = 1; a <= D; a++) out[a] += p * jets[at + a];
  }
  if (order < 2) return;
  for (let k = 0; k < count; k++) {
    const at = k * size;
    const p = jets[at];
    if (!(p > 0)) continue;
    for (let a = 1; a <= D; a++) jets[at + a] -= out[a];
    for (let m = 0; m < pairs; m++)
      out[second + m] += p * (jets[at + second + m] + jets[at + 1 + pairA[m]] * jets[at + 1 + pairB[m]]);
    if (order < 3) continue;
    for (let m = 0; m < triples; m++) {
      const a = tripleA[m];
      const b = tripleB[m];
      const c = tripleC[m];
      const da = jets[at + 1 + a];
      const db = jets[at + 1 + b];
      const dc = jets[at + 1 + c];
      out[third + m] +=
        p *
        (jets[at + third + m] +
          jets[at + pairIndex[a * D + b]] * dc +
          jets[at + pairIndex[a * D + c]] * db +
          jets[at + pairIndex[b * D + c]] * da +
          da * db * dc);
    }
  }
}

/**
 * The jet of log(exp(u) - exp(v)), u > v.
 * @param v  overwritten
 */
export function logDifferenceInto(
  out: Float64Array,
  u: Float64Array,
  v: Float64Array,
  layout: JetLayout,
  phi: Float64Array,
  order: Order,
): void {
  const length = jetLength(layout, order);
  if (v[0] === Number.NEGATIVE_INFINITY) {
    for (let k = 0; k < length; k++) out[k] = u[k];
    return;
  }
  for (let k = 0; k < length; k++) v[k] -= u[k];
  logComplementInto(phi, v[0]);
  composeInto(v, v, layout, phi, order);
  for (let k = 0; k < length; k++) out[k] = u[k] + v[k];
}

/** phi = log(1 - exp(f)) and its derivatives at f < 0, for `composeInto`. */
export function logComplementInto(phi: Float64Array, f: number): void {
  if (!(f < 0)) {
    phi.fill(0, 0, 4);
    phi[0] = Number.NEGATIVE_INFINITY;
    return;
  }
  const s = 1 / Math.expm1(-f);
  phi[0] = log1mExp(f);
  phi[1] = -s;
  phi[2] = -s * (1 + s);
  phi[3] = -s * (1 + s) * (1 + 2 * s);
}
