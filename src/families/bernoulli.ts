import { exponential, logOnePlus } from '../kernels/special/exponential.js';
import type { Order } from '../kernels/special/order.js';
import type { BatchLoop, BoundFamily, FamilyBinding } from './density.js';
import type { Family, FamilySignature } from './family.js';
import { jetLayout } from './jet.js';
import { sampleMoments } from './moments.js';
import { unit } from './parameter.js';
import { type Probability, probabilityArgument } from './probability.js';
import { addTrials, type Trials, trialsLoop } from './trials-loop.js';

const signature: FamilySignature = {
  name: 'bernoulli',
  order: ['p'],
  parameters: [unit('p', 'location')],
  dataArguments: [],
  response: 'binary',
  hasScale: false,
};

/** Logit link: with s = 1 for a success and -1 for a failure, f = -log(1 + exp(-s eta)). */
function logitBatch(binding: FamilyBinding): BatchLoop {
  const sign = binding.y.map((y) => (y > 0.5 ? 1 : -1));
  return (from, to, eta, order, out) => {
    const { value, first, second, third } = out;
    let sum = 0;
    for (let i = from; i < to; i++) {
      const s = sign[i];
      const t = s * eta[i];
      const e = exponential(-Math.abs(t));
      const c = 1 / (1 + e);
      const l = logOnePlus(e);
      const f = t < 0 ? t - l : -l;
      value[i] = f;
      sum += f;
      if (order < 1) continue;
      const q = t < 0 ? c : e * c; // probability of what did not happen
      first[i] = s * q;
      if (order < 2) continue;
      const v = e * c * c;
      second[i] = -v;
      if (order < 3) continue;
      third[i] = -s * v * (2 * q - 1);
    }
    return sum;
  };
}

function singleTrials(y: Float64Array): Trials {
  return {
    successes: y,
    trials: new Float64Array(y.length).fill(1),
    constant: y.map((v) => (v === 0 || v === 1 ? 0 : Number.NEGATIVE_INFINITY)),
  };
}

/** One trial with success probability p. */
export const bernoulli: Family = {
  ...signature,
  bind(binding): BoundFamily {
    const p = probabilityArgument(signature.parameters[0], binding, 0);
    const batch = p.link === 'logit' ? logitBatch(binding) : undefined;
    return {
      layout: jetLayout(1),
      predictors: ['p'],
      thresholds: null,
      discrete: true,
      support: () => [0, 1],
      jetInto(jet: Float64Array, y: number, row: number, eta: Float64Array, order: Order) {
        const tails = p.tails(row, eta, order);
        const at = y === 1 ? 0 : 4;
        for (let k = 0; k <= order; k++) jet[k] = tails[at + k];
        if (y !== 0 && y !== 1) jet[0] = Number.NEGATIVE_INFINITY;
      },
      ...(batch ? { batch } : {}),
      ...(p.free ? { pooled: (of, sums) => trialsLoop(p, addTrials(singleTrials(binding.y), of, sums)) } : {}),
      mean: (row, eta) => p.value(row, eta),
      variance: (row, eta) => p.value(row, eta) * p.complement(row, eta),
      cdf: (y, row, eta) => (y < 0 ? 0 : y < 1 ? p.complement(row, eta) : 1),
      unitDeviance: (y, row, eta) => -2 * p.tails(row, eta, 0)[y === 1 ? 0 : 4],
      random: (row, eta, uniform) => (uniform() < p.value(row, eta) ? 1 : 0),
      start: () => Float64Array.of(startEta(p, sampleMoments(binding.y).mean)),
    };
  },
};

/** The linear predictor of a proportion, which may be 0 or 1. */
export function startEta(p: Probability, proportion: number): number {
  return p.eta(Math.min(Math.max(proportion, 0.02), 0.98));
}
