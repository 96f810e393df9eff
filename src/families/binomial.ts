import { InternalError } from '../diagnostics/internal-error.js';
import { exponential, logOnePlus } from '../kernels/special/exponential.js';
import { logChoose } from '../kernels/special/gamma.js';
import { betaCdf } from '../kernels/special/incomplete.js';
import { startEta } from './bernoulli.js';
import type { BatchLoop, BoundFamily, FamilyBinding } from './density.js';
import type { Family, FamilySignature } from './family.js';
import { jetLayout } from './jet.js';
import { unit } from './parameter.js';
import { probabilityArgument } from './probability.js';
import { binomialSample } from './samplers.js';

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

/** Logit link: f = y eta - n log(1 + exp(eta)) + log of the binomial coefficient, which does not change. */
function logitBatch(y: Float64Array, size: Float64Array): BatchLoop {
  const constant = y.map((v, i) => logChoose(size[i], v));
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

/** Successes in size trials. */
export const binomial: Family = {
  ...signature,
  bind(binding): BoundFamily {
    const size = dataColumn(binding, 'size');
    const p = probabilityArgument(signature.parameters[0], binding, 0);
    const batch = binding.links.get('p') === 'logit' ? logitBatch(binding.y, size) : undefined;
    return {
      layout: jetLayout(1),
      predictors: ['p'],
      thresholds: null,
      discrete: true,
      support: (row) => [0, size[row]],
      jetInto(jet, y, row, eta, order) {
        const n = size[row];
        const tails = p.tails(row, eta, order);
        // a count of zero leaves its tail out, which may be -Infinity
        for (let k = 0; k <= order; k++) jet[k] = (y > 0 ? y * tails[k] : 0) + (y < n ? (n - y) * tails[4 + k] : 0);
        jet[0] += logChoose(n, y);
      },
      ...(batch ? { batch } : {}),
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
