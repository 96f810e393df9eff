import { logFactorial, logRisingInto } from '../kernels/special/gamma.js';
import { betaCdf } from '../kernels/special/incomplete.js';
import type { Order } from '../kernels/special/order.js';
import { log1pExp } from '../kernels/special-functions.js';
import { logistic } from './beta.js';
import { coordinateFamily } from './coordinate-family.js';
import type { Family, FamilySignature } from './family.js';
import { sampleMoments } from './moments.js';
import { positive } from './parameter.js';
import { gammaSample, poissonSample } from './samplers.js';

const signature: FamilySignature = {
  name: 'negative_binomial',
  order: ['mu', 'shape'],
  parameters: [positive('mu', 'location'), positive('shape', 'shape')],
  dataArguments: [],
  response: 'count',
  hasScale: false,
  dispersion: { parameter: 'shape', of: (v) => v },
};

/**
 * In (log mu, log r), r the shape, with R(r, y) the log rising factorial and pi = mu / (mu + r):
 *   f = R(r, y) - log y! - y log(1 + r / mu) - r log(1 + mu / r),
 * written with ratios only, so that r to infinity gives the Poisson.
 */
function density() {
  const g = new Float64Array(4);
  return (jet: Float64Array, y: number, z: Float64Array, order: Order): void => {
    const r = Math.exp(z[1]);
    const x = z[0] - z[1];
    const p = logistic(x);
    const q = logistic(-x);
    const l = log1pExp(x); // log(1 + mu / r)
    logRisingInto(g, r, y, order);
    // log mu - log(mu + r) = -log(1 + r / mu)
    jet[0] = g[0] - logFactorial(y) - (y > 0 ? y * log1pExp(-x) : 0) - r * l;
    if (order < 1) return;
    const w = (y + r) * p * q;
    const r1 = r * g[1];
    jet[1] = y - (y + r) * p;
    jet[2] = r1 - r * l + r * p - y * q;
    if (order < 2) return;
    const r2 = r * r * g[2];
    jet[3] = -w;
    jet[4] = w - r * p;
    jet[5] = r1 + r2 - r * l + 2 * r * p - w;
    if (order < 3) return;
    const v = w * (p - q);
    jet[6] = v;
    jet[7] = -r * p * q - v;
    jet[8] = -r * p + 2 * r * p * q + v;
    jet[9] = r1 + 3 * r2 + r * r * r * g[3] - r * l + 3 * r * p - 3 * r * p * q - v;
  };
}

/** P(Y <= y) with size r and logit x of the success probability mu / (r + mu). */
export function negativeBinomialCdf(y: number, r: number, x: number): number {
  return y < 0 ? 0 : betaCdf(logistic(-x), r, Math.floor(y) + 1, logistic(x));
}

/** Counts with mean mu and variance mu + mu^2 / shape. */
export const negativeBinomial: Family = {
  ...signature,
  bind(binding) {
    const jetOf = density();
    return coordinateFamily(signature, binding, {
      discrete: true,
      support: () => [0, Number.POSITIVE_INFINITY],
      jetInto: (jet, y, _row, z, order) => jetOf(jet, y, z, order),
      mean: (_row, z) => Math.exp(z[0]),
      variance: (_row, z) => Math.exp(z[0]) + Math.exp(2 * z[0] - z[1]),
      cdf: (y, _row, z) => negativeBinomialCdf(y, Math.exp(z[1]), z[0] - z[1]),
      unitDeviance(y, _row, z) {
        const mu = Math.exp(z[0]);
        const r = Math.exp(z[1]);
        const own = y > 0 ? y * (Math.log(y) - z[0]) : 0;
        return Math.max(0, 2 * (own - (y + r) * Math.log((y + r) / (mu + r))));
      },
      random(_row, z, uniform) {
        return poissonSample(gammaSample(Math.exp(z[1]), uniform) * Math.exp(z[0] - z[1]), uniform);
      },
      start() {
        const { mean, variance } = sampleMoments(binding.y);
        const mu = Math.max(mean, 0.5 / binding.rows);
        return [mu, variance > 1.1 * mu ? (mu * mu) / (variance - mu) : 10];
      },
    });
  },
};
