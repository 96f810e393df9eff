import type { Order } from '../kernels/special/order.js';
import { composeInto, type JetLayout, jetLength } from './jet.js';
import { logComplementInto, logDifferenceInto } from './log-sum-exp.js';

/**
 * Writes the jet of the log of one of the tails at a bound inside the support, whichever is had without cancellation.
 * Returns which: true for P(Y <= bound).
 */
export type NaturalTail = (jet: Float64Array, bound: number, z: Float64Array, order: Order) => boolean;

/**
 * log P(lower <= Y <= upper) with derivatives, from the tails at both ends [GLMM-13]: the difference of those on the
 * interval's own side of the centre, so that an interval far out keeps its digits.
 * @param support  bounds at these ends or beyond do not bound
 */
export function intervalFromTails(layout: JetLayout, support: readonly [number, number], tail: NaturalTail) {
  const phi = new Float64Array(4);
  const low = new Float64Array(layout.size);
  const high = new Float64Array(layout.size);
  const tailInto = (into: Float64Array, bound: number, wantsLower: boolean, z: Float64Array, order: Order): void => {
    const beyond = bound >= support[1];
    if (beyond || bound <= support[0]) {
      into.fill(0, 0, jetLength(layout, order));
      into[0] = beyond === wantsLower ? 0 : Number.NEGATIVE_INFINITY;
      return;
    }
    if (tail(into, bound, z, order) === wantsLower) return;
    const isWhole = into[0] === Number.NEGATIVE_INFINITY;
    logComplementInto(phi, into[0]);
    if (isWhole) into.fill(0, 0, jetLength(layout, order));
    else composeInto(into, into, layout, phi, order);
  };
  return (jet: Float64Array, lower: number, upper: number, z: Float64Array, order: Order, centre: number): void => {
    const above = lower + upper > 2 * centre || (upper >= support[1] && lower > support[0]);
    const below = lower <= support[0] && upper < support[1];
    const side = below || !above;
    tailInto(low, lower, side, z, order);
    tailInto(high, upper, side, z, order);
    if (side) logDifferenceInto(jet, high, low, layout, phi, order);
    else logDifferenceInto(jet, low, high, layout, phi, order);
  };
}

/**
 * Completes the jet of T = log of a tail in (v, delta), v a variable that only moves the response (a location, the log of a
 * mean): then the tail's derivative by v is -+exp(K), K the log density on the scale that v moves, and T_v = -+exp(K - T).
 * @param jet  T with its pure derivatives in delta (of two variables, v the first); the others are written
 * @param K    jet in (v, delta)
 */
export function completeTail(jet: Float64Array, K: Float64Array, isLower: boolean, order: Order): void {
  if (order < 1) return;
  const w = (isLower ? -1 : 1) * Math.exp(K[0] - jet[0]);
  jet[1] = w;
  if (order < 2) return;
  const v = K[1] - jet[1];
  const d = K[2] - jet[2];
  jet[3] = w * v;
  jet[4] = w * d;
  if (order < 3) return;
  jet[6] = w * (v * v + K[3] - jet[3]);
  jet[7] = w * (v * d + K[4] - jet[4]);
  jet[8] = w * (d * d + K[5] - jet[5]);
}
