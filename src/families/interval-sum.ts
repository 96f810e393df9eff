import type { Order } from '../kernels/special/order.js';
import type { BoundFamily } from './density.js';
import { composeInto, jetLength } from './jet.js';
import { logComplementInto, logSumExpInto } from './log-sum-exp.js';
import type { Interval } from './truncated.js';

/** A sum of more terms than this is not formed; what is left is below 1e-300 by then for any sane model. */
const mostTerms = 100_000;

/** P(lower <= Y <= upper) of a count: a sum over the interval, or one minus the sum below it. */
export function intervalBySum(base: BoundFamily): Interval {
  const { layout } = base;
  const { size } = layout;
  const phi = new Float64Array(4);
  let jets = new Float64Array(16 * size); // grows once to what the data need

  /** Jets of first .. last, or until the terms no longer count; returns how many. */
  const collect = (first: number, last: number, row: number, eta: Float64Array, order: Order): number => {
    let count = 0;
    let top = Number.NEGATIVE_INFINITY;
    for (let k = first; k <= last && count < mostTerms; k++) {
      if ((count + 1) * size > jets.length) {
        const larger = new Float64Array(2 * jets.length);
        larger.set(jets);
        jets = larger;
      }
      const jet = jets.subarray(count * size, (count + 1) * size);
      base.jetInto(jet, k, row, eta, order);
      if (Number.isNaN(jet[0])) jet[0] = Number.NEGATIVE_INFINITY;
      count++;
      top = Math.max(top, jet[0]);
      if (last === Number.POSITIVE_INFINITY && jet[0] < top - 45) break;
    }
    return count;
  };
  const ends = (lower: number, upper: number, row: number): readonly [number, number] => {
    const [lowest, highest] = base.support(row);
    return [Math.max(Math.ceil(lower), lowest), Math.min(Math.floor(upper), highest)];
  };
  return {
    jetInto(jet, lower, upper, row, eta, order) {
      const [first, last] = ends(lower, upper, row);
      const [lowest, highest] = base.support(row);
      if (first <= lowest && last >= highest) {
        jet.fill(0, 0, jetLength(layout, order));
        return;
      }
      if (last === Number.POSITIVE_INFINITY && Number.isFinite(lowest)) {
        logSumExpInto(jet, jets, collect(lowest, first - 1, row, eta, order), layout, order);
        // one minus a sum near one has no digits left: then the tail itself is summed
        if (jet[0] < -0.1) {
          logComplementInto(phi, jet[0]);
          composeInto(jet, jet, layout, phi, order);
          return;
        }
      }
      logSumExpInto(jet, jets, collect(first, last, row, eta, order), layout, order);
    },
    expect(g, lower, upper, row, eta) {
      const [first, last] = ends(lower, upper, row);
      const count = collect(first, last, row, eta, 0);
      let top = Number.NEGATIVE_INFINITY;
      for (let k = 0; k < count; k++) top = Math.max(top, jets[k * size]);
      let sum = 0;
      let total = 0;
      for (let k = 0; k < count; k++) {
        const p = Math.exp(jets[k * size] - top);
        total += p;
        sum += p * g(first + k);
      }
      return sum / total;
    },
  };
}
