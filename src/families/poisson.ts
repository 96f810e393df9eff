import { exponential } from '../kernels/special/exponential.js';
import { logFactorial } from '../kernels/special/gamma.js';
import { gammaUpper } from '../kernels/special/incomplete.js';
import { coordinateFamily } from './coordinate-family.js';
import type { BatchLoop, ExponentialRows, FamilyBinding } from './density.js';
import type { Family, FamilySignature } from './family.js';
import { sampleMoments } from './moments.js';
import { positive } from './parameter.js';
import { poissonSample } from './samplers.js';

const signature: FamilySignature = {
  name: 'poisson',
  order: ['lambda'],
  parameters: [positive('lambda', 'location')],
  dataArguments: [],
  response: 'count',
  hasScale: false,
};

/** f = y eta - n lambda + constant: of a row, n = 1, or of the sum of n of them. */
interface Counts {
  readonly y: Float64Array;
  readonly n: Float64Array;
  readonly constant: Float64Array;
}

function countsOf({ y }: FamilyBinding): Counts {
  return { y, n: new Float64Array(y.length).fill(1), constant: y.map((v) => -logFactorial(v)) };
}

function addCounts({ y, n, constant }: Counts, of: Int32Array, sums: number): Counts {
  const into = { y: new Float64Array(sums), n: new Float64Array(sums), constant: new Float64Array(sums) };
  for (let i = 0; i < of.length; i++) {
    into.y[of[i]] += y[i];
    into.n[of[i]] += n[i];
    into.constant[of[i]] += constant[i];
  }
  return into;
}

function logLoop({ y, n, constant }: Counts): BatchLoop {
  return (from, to, eta, order, out) => {
    const { value, first, second, third } = out;
    let sum = 0;
    if (order < 2) {
      // what integrals over random effects ask for, point after point: a loop without branches
      for (let i = from; i < to; i++) {
        const lambda = n[i] * exponential(eta[i]);
        const f = y[i] * eta[i] - lambda + constant[i];
        value[i] = f;
        first[i] = y[i] - lambda;
        sum += f;
      }
      if (sum - sum === 0) return sum; // every row is finite
      sum = 0;
    }
    for (let i = from; i < to; i++) {
      const lambda = n[i] * exponential(eta[i]);
      const fine = lambda < Number.POSITIVE_INFINITY;
      const f = fine ? y[i] * eta[i] - lambda + constant[i] : Number.NEGATIVE_INFINITY;
      value[i] = f;
      sum += f;
      if (order < 1) continue;
      first[i] = fine ? y[i] - lambda : 0;
      if (order < 2) continue;
      second[i] = fine ? -lambda : 0;
      if (order < 3) continue;
      third[i] = fine ? -lambda : 0;
    }
    return sum;
  };
}

function exponentialRows({ y }: FamilyBinding): ExponentialRows {
  const constant = y.map((v) => -logFactorial(v));
  return {
    linear: y,
    curvedInto(from, to, eta, curved) {
      let sum = 0;
      for (let i = from; i < to; i++) {
        curved[i] = Math.exp(eta[i]);
        sum += y[i] * eta[i] + constant[i];
      }
      return sum;
    },
  };
}

/** Counts with mean and variance lambda. */
export const poisson: Family = {
  ...signature,
  bind(binding) {
    const counts = countsOf(binding);
    return coordinateFamily(signature, binding, {
      discrete: true,
      support: () => [0, Number.POSITIVE_INFINITY],
      jetInto(jet, y, _row, z) {
        const lambda = Math.exp(z[0]);
        jet[0] = y * z[0] - lambda - logFactorial(y);
        jet[1] = y - lambda;
        jet[2] = -lambda;
        jet[3] = -lambda;
      },
      mean: (_row, z) => Math.exp(z[0]),
      variance: (_row, z) => Math.exp(z[0]),
      cdf: (y, _row, z) => (y < 0 ? 0 : gammaUpper(Math.exp(z[0]), Math.floor(y) + 1)),
      unitDeviance: (y, _row, z) => {
        const lambda = Math.exp(z[0]);
        return Math.max(0, 2 * ((y > 0 ? y * (Math.log(y) - z[0]) : 0) - (y - lambda)));
      },
      random: (_row, z, uniform) => poissonSample(Math.exp(z[0]), uniform),
      start: () => [Math.max(sampleMoments(binding.y).mean, 0.5 / binding.rows)],
      canonicalBatch: logLoop(counts),
      canonicalPooled: (of, sums) => logLoop(addCounts(counts, of, sums)),
      exponential: exponentialRows(binding),
    });
  },
};
