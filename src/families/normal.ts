import { halfLog2Pi, normalCdf } from '../kernels/special/normal.js';
import type { Order } from '../kernels/special/order.js';
import { probitTails } from '../links/tails.js';
import { coordinateFamily } from './coordinate-family.js';
import type { BatchLoop, FamilyBinding } from './density.js';
import type { Family, FamilySignature } from './family.js';
import { composeInto, jetLayout } from './jet.js';
import { logDifferenceInto } from './log-sum-exp.js';
import { sampleMoments } from './moments.js';
import { positive, real } from './parameter.js';
import { normalSample } from './samplers.js';

const signature: FamilySignature = {
  name: 'normal',
  order: ['mu', 'sigma'],
  parameters: [real('mu', 'location'), positive('sigma', 'scale')],
  dataArguments: [],
  response: 'real',
  hasScale: true,
  dispersion: { parameter: 'sigma', of: (v) => v },
};

const layout = jetLayout(2);
const everything: readonly [number, number] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];

/** Jet of the normal log density in (mu, log sigma); shared with the lognormal. */
export function normalJet(jet: Float64Array, y: number, mu: number, logSigma: number, order: Order): void {
  const r = y - mu;
  const e = Math.exp(-2 * logSigma);
  const q = e * r * r;
  jet[0] = -halfLog2Pi - logSigma - q / 2;
  if (order < 1) return;
  jet[1] = e * r;
  jet[2] = q - 1;
  if (order < 2) return;
  jet[3] = -e;
  jet[4] = -2 * e * r;
  jet[5] = -2 * q;
  if (order < 3) return;
  jet[6] = 0;
  jet[7] = 2 * e;
  jet[8] = 4 * e * r;
  jet[9] = 4 * q;
}

/** Jet of log P(lower <= Y <= upper) in (mu, log sigma); shared with the lognormal. */
export function normalInterval() {
  const tails = new Float64Array(8);
  const standard = new Float64Array(layout.size);
  const phi = new Float64Array(4);
  const low = new Float64Array(layout.size);
  const high = new Float64Array(layout.size);
  /** log F (at = 0) or log(1 - F) (at = 4) of a bound. */
  const tailJet = (into: Float64Array, bound: number, at: 0 | 4, z: Float64Array, order: Order) => {
    const e = Math.exp(-z[1]);
    const t = (bound - z[0]) * e;
    into.fill(0);
    if (!Number.isFinite(t)) {
      into[0] = t > 0 === (at === 0) ? 0 : Number.NEGATIVE_INFINITY;
      return;
    }
    standard.set([t, -e, -t, 0, e, t, 0, 0, -e, -t]);
    probitTails(tails, t, order);
    for (let k = 0; k < 4; k++) phi[k] = tails[at + k];
    composeInto(into, standard, layout, phi, order);
  };
  return (jet: Float64Array, lower: number, upper: number, z: Float64Array, order: Order): void => {
    // by the tail on the interval's own side of the mean
    const at = lower + upper > 2 * z[0] ? 4 : 0;
    tailJet(low, lower, at, z, order);
    tailJet(high, upper, at, z, order);
    if (at === 0) logDifferenceInto(jet, high, low, layout, phi, order);
    else logDifferenceInto(jet, low, high, layout, phi, order);
  };
}

/** As `normalJet` for all rows; log sigma is mostly the same from row to row, so its exponential is kept. */
function batch(binding: FamilyBinding): BatchLoop {
  const { y } = binding;
  return (from, to, eta, order, out) => {
    const { rows: n, value, first, second, third } = out;
    let sum = 0;
    let last = Number.NaN;
    let e = 0;
    for (let i = from; i < to; i++) {
      const logSigma = eta[n + i];
      if (logSigma !== last) {
        last = logSigma;
        e = Math.exp(-2 * logSigma);
      }
      const r = y[i] - eta[i];
      const q = e * r * r;
      const f = -halfLog2Pi - logSigma - q / 2;
      const fine = f - f === 0 && e < Number.POSITIVE_INFINITY;
      value[i] = fine ? f : Number.NEGATIVE_INFINITY;
      sum += value[i];
      if (order < 1) continue;
      const k = fine ? e : 0;
      const kr = fine ? e * r : 0;
      const kq = fine ? q : 0;
      first[i] = kr;
      first[n + i] = fine ? q - 1 : 0;
      if (order < 2) continue;
      second[i] = -k;
      second[n + i] = -2 * kr;
      second[2 * n + i] = -2 * kq;
      if (order < 3) continue;
      third[i] = 0;
      third[n + i] = 2 * k;
      third[2 * n + i] = 4 * kr;
      third[3 * n + i] = 4 * kq;
    }
    return sum;
  };
}

/** Normal with mean mu and standard deviation sigma. */
export const normal: Family = {
  ...signature,
  bind(binding) {
    const interval = normalInterval();
    return coordinateFamily(signature, binding, {
      discrete: false,
      support: () => everything,
      jetInto: (jet, y, _row, z, order) => normalJet(jet, y, z[0], z[1], order),
      logIntervalInto: (jet, lower, upper, _row, z, order) => interval(jet, lower, upper, z, order),
      mean: (_row, z) => z[0],
      variance: (_row, z) => Math.exp(2 * z[1]),
      cdf: (y, _row, z) => normalCdf((y - z[0]) * Math.exp(-z[1])),
      unitDeviance: (y, row, z) => (y - z[0]) ** 2 * (binding.weights?.[row] ?? 1),
      random: (_row, z, uniform) => z[0] + Math.exp(z[1]) * normalSample(uniform),
      start() {
        const { mean, variance } = sampleMoments(binding.y);
        return [mean, Math.sqrt(variance)];
      },
      weighted: { parameter: 1, power: -0.5 },
      canonicalBatch: batch(binding),
    });
  },
};
