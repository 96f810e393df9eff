import { InternalError } from '../diagnostics/internal-error.js';
import { logChoose } from '../kernels/special/gamma.js';
import { betaCdf } from '../kernels/special/incomplete.js';
import { startEta } from './bernoulli.js';
import type { BoundFamily, FamilyBinding } from './density.js';
import type { Family, FamilySignature } from './family.js';
import { jetLayout } from './jet.js';
import { unit } from './parameter.js';
import { probabilityArgument } from './probability.js';
import { binomialSample } from './samplers.js';
import { addTrials, type Trials, trialsJet, trialsLoop } from './trials-loop.js';

const signature: FamilySignature = {
  name: 'binomial',
  order: ['size', 'p'],
  parameters: [unit('p', 'location')],
  dataArguments: [{ name: 'size', kind: 'column', required: true }],
  response: 'trials',
  hasScale: false,
};

export function dataColumn(binding: FamilyBinding, name: string): Float64Array {
  const column = binding.data.get(name);
  if (column === undefined) throw new InternalError('family: missing data argument', name);
  return column;
}

/** Total successes over total trials. */
export function pooledProportion(y: Float64Array, size: Float64Array): number {
  let successes = 0;
  let trials = 0;
  for (let i = 0; i < y.length; i++) {
    successes += y[i];
    trials += size[i];
  }
  return successes / trials;
}

function trialsOf(y: Float64Array, size: Float64Array): Trials {
  return { successes: y, trials: size, constant: y.map((v, i) => logChoose(size[i], v)) };
}

/** Successes in size trials. */
export const binomial: Family = {
  ...signature,
  bind(binding): BoundFamily {
    const size = dataColumn(binding, 'size');
    const p = probabilityArgument(signature.parameters[0], binding, 0);
    const counts = trialsOf(binding.y, size);
    const batch = p.link === 'logit' ? trialsLoop(p, counts) : undefined;
    return {
      layout: jetLayout(1),
      predictors: ['p'],
      thresholds: null,
      discrete: true,
      support: (row) => [0, size[row]],
      jetInto(jet, y, row, eta, order) {
        const n = size[row];
        trialsJet(jet, p.tails(row, eta, order), y, n, order);
        jet[0] += logChoose(n, y);
      },
      ...(batch ? { batch } : {}),
      ...(p.free ? { pooled: (of, sums) => trialsLoop(p, addTrials(counts, of, sums)) } : {}),
      mean: (row, eta) => size[row] * p.value(row, eta),
      variance: (row, eta) => size[row] * p.value(row, eta) * p.complement(row, eta),
      cdf(y, row, eta) {
        const k = Math.floor(y);
        if (k < 0) return 0;
        return k >= size[row] ? 1 : betaCdf(p.complement(row, eta), size[row] - k, k + 1, p.value(row, eta));
      },
      unitDeviance(y, row, eta) {
        const n = size[row];
        const tails = p.tails(row, eta, 0);
        const success = y > 0 ? y * (Math.log(y / n) - tails[0]) : 0;
        const failure = y < n ? (n - y) * (Math.log((n - y) / n) - tails[4]) : 0;
        return Math.max(0, 2 * (success + failure));
      },
      random: (row, eta, uniform) => binomialSample(size[row], p.value(row, eta), uniform),
      start: () => Float64Array.of(startEta(p, pooledProportion(binding.y, size))),
    };
  },
};
