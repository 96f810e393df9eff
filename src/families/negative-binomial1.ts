import { logFactorial, logRisingInto } from '../kernels/special/gamma.js';
import type { Order } from '../kernels/special/order.js';
import { log1pExp } from '../kernels/special-functions.js';
import { logistic } from './beta.js';
import { coordinateFamily } from './coordinate-family.js';
import type { Family, FamilySignature } from './family.js';
import { sampleMoments } from './moments.js';
import { negativeBinomialCdf } from './negative-binomial.js';
import { positive } from './parameter.js';
import { gammaSample, poissonSample } from './samplers.js';

const signature: FamilySignature = {
  name: 'negative_binomial1',
  order: ['mu', 'phi'],
  parameters: [positive('mu', 'location'), positive('phi', 'shape')],
  dataArguments: [],
  response: 'count',
  hasScale: false,
  dispersion: { parameter: 'phi', of: (v) => v },
};

/**
 * In (log mu, p = log phi), with r = mu / phi, R the log rising factorial and l(p) = log(1 + phi):
 *   f = R(r, y) - log y! - y l(-p) - r l(p).
 */
function density() {
  const g = new Float64Array(4);
  return (jet: Float64Array, y: number, z: Float64Array, order: Order): void => {
    const s = z[0] - z[1]; // log r
    const r = Math.exp(s);
    const l = log1pExp(z[1]);
    logRisingInto(g, r, y, order);
    jet[0] = g[0] - logFactorial(y) - (y > 0 ? y * log1pExp(-z[1]) : 0) - r * l;
    if (order < 1) return;
    const k = logistic(z[1]);
    const c = logistic(-z[1]);
    const r1 = r * g[1]; // derivatives of R in s
    const e1 = r * (k - l);
    jet[1] = r1 - r * l;
    jet[2] = -r1 + y * c - e1;
    if (order < 2) return;
    const r2 = r1 + r * r * g[2];
    const v = k * c;
    const e2 = r * (v - 2 * k + l);
    jet[3] = r2 - r * l;
    jet[4] = -r2 - e1;
    jet[5] = r2 - y * v - e2;
    if (order < 3) return;
    const r3 = r2 + 2 * r * r * g[2] + r * r * r * g[3];
    const e3 = r * (v * (c - k) - 3 * v + 3 * k - l);
    jet[6] = r3 - r * l;
    jet[7] = -r3 - e1;
    jet[8] = r3 - e2;
    jet[9] = -r3 - y * v * (c - k) - e3;
  };
}

/** Counts with mean mu and variance mu (1 + phi). */
export const negativeBinomial1: Family = {
  ...signature,
  bind(binding) {
    const jetOf = density();
    return coordinateFamily(signature, binding, {
      discrete: true,
      support: () => [0, Number.POSITIVE_INFINITY],
      jetInto: (jet, y, _row, z, order) => jetOf(jet, y, z, order),
      mean: (_row, z) => Math.exp(z[0]),
      variance: (_row, z) => Math.exp(z[0]) * (1 + Math.exp(z[1])),
      cdf: (y, _row, z) => negativeBinomialCdf(y, Math.exp(z[0] - z[1]), z[1]),
      unitDeviance: () => Number.NaN,
      random: (_row, z, uniform) =>
        poissonSample(gammaSample(Math.exp(z[0] - z[1]), uniform) * Math.exp(z[1]), uniform),
      start() {
        const { mean, variance } = sampleMoments(binding.y);
        const mu = Math.max(mean, 0.5 / binding.rows);
        return [mu, Math.max(variance / mu - 1, 0.1)];
      },
    });
  },
};
