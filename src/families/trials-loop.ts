import { exponential, logOnePlus } from '../kernels/special/exponential.js';
import type { Order } from '../kernels/special/order.js';
import { batchLoop } from './batch.js';
import type { BatchLoop } from './density.js';
import { jetLayout } from './jet.js';
import type { Probability } from './probability.js';

/** Successes in trials of one probability; `constant` is added to their log density. One entry per row. */
export interface Trials {
  readonly successes: Float64Array;
  readonly trials: Float64Array;
  readonly constant: Float64Array;
}

/** Rows that belong to the same sum, added up. @param of  sum of each row */
export function addTrials({ successes, trials, constant }: Trials, of: Int32Array, sums: number): Trials {
  const into = {
    successes: new Float64Array(sums),
    trials: new Float64Array(sums),
    constant: new Float64Array(sums),
  };
  for (let i = 0; i < of.length; i++) {
    into.successes[of[i]] += successes[i];
    into.trials[of[i]] += trials[i];
    into.constant[of[i]] += constant[i];
  }
  return into;
}

/** successes log p + (trials - successes) log(1 - p) and its derivatives. */
export function trialsLoop(p: Probability, counts: Trials): BatchLoop {
  if (p.link === 'logit') return logitLoop(counts);
  const { successes, trials, constant } = counts;
  const layout = jetLayout(1);
  const jetInto = (jet: Float64Array, y: number, row: number, eta: Float64Array, order: Order): void => {
    trialsJet(jet, p.tails(row, eta, order), y, trials[row], order);
    jet[0] += constant[row];
  };
  return batchLoop({ layout, jetInto }, successes);
}

/** @param tails  logarithms of the probability and of its complement, as `LogTails` has them */
export function trialsJet(jet: Float64Array, tails: Float64Array, y: number, n: number, order: Order): void {
  // a count of zero leaves its tail out, which may be -Infinity
  for (let k = 0; k <= order; k++) jet[k] = (y > 0 ? y * tails[k] : 0) + (y < n ? (n - y) * tails[4 + k] : 0);
}

/** Logit link: f = y eta - n log(1 + exp(eta)) + the constant. */
export function logitLoop({ successes: y, trials: size, constant }: Trials): BatchLoop {
  return (from, to, eta, order, out) => {
    const { value, first, second, third } = out;
    let sum = 0;
    for (let i = from; i < to; i++) {
      const t = eta[i];
      const n = size[i];
      const e = exponential(-Math.abs(t));
      const c = 1 / (1 + e);
      const l = logOnePlus(e);
      const successes = y[i];
      const failures = n - successes;
      // each count times its own log probability: y eta - n log(1 + exp(eta)) would cancel for large eta
      const f = t < 0 ? successes * t - n * l + constant[i] : -failures * t - n * l + constant[i];
      value[i] = f;
      sum += f;
      if (order < 1) continue;
      const q = t < 0 ? c : e * c;
      const p = t < 0 ? e * c : c;
      first[i] = successes * q - failures * p;
      if (order < 2) continue;
      const v = n * e * c * c;
      second[i] = -v;
      if (order < 3) continue;
      third[i] = -v * (q - p);
    }
    return sum;
  };
}
