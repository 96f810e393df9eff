import { gammaConstantInto } from '../kernels/special/gamma.js';
import { gammaCdf } from '../kernels/special/incomplete.js';
import type { Order } from '../kernels/special/order.js';
import { coordinateFamily } from './coordinate-family.js';
import type { Family, FamilySignature } from './family.js';
import { gammaTail } from './gamma-tail.js';
import { intervalFromTails } from './interval-tails.js';
import { jetLayout } from './jet.js';
import { sampleMoments } from './moments.js';
import { positive } from './parameter.js';
import { gammaSample } from './samplers.js';

const signature: FamilySignature = {
  name: 'gamma',
  order: ['mu', 'shape'],
  parameters: [positive('mu', 'location'), positive('shape', 'shape')],
  dataArguments: [],
  response: 'positive',
  hasScale: true,
  dispersion: { parameter: 'shape', of: (v) => 1 / Math.sqrt(v) },
};

/** Twice the distance of the log density from its maximum over mu, for shape one. */
export function gammaUnitDeviance(y: number, mu: number): number {
  return 2 * (y / mu - 1 - Math.log(y / mu));
}

/**
 * In (log mu, log shape), with z = y / mu, v = log z - (z - 1) <= 0 and K(a) = a log a - a - log Gamma(a):
 *   f = K(a) + a v - log y,
 * of which no two terms cancel where the shape is large and y near mu.
 */
function density() {
  const k = new Float64Array(4);
  return (jet: Float64Array, y: number, logMu: number, logShape: number, order: Order): void => {
    const a = Math.exp(logShape);
    const logY = Math.log(y);
    const logZ = logY - logMu;
    const above = Math.expm1(logZ); // z - 1
    const v = a * (logZ - above);
    gammaConstantInto(k, logShape, order);
    jet[0] = k[0] + v - logY;
    if (order < 1) return;
    const m = a * above;
    jet[1] = m;
    jet[2] = k[1] + v;
    if (order < 2) return;
    const z = a * (above + 1);
    jet[3] = -z;
    jet[4] = m;
    jet[5] = k[2] + v;
    if (order < 3) return;
    jet[6] = z;
    jet[7] = -z;
    jet[8] = m;
    jet[9] = k[3] + v;
  };
}

/** Gamma with mean mu and variance mu^2 / shape. */
export const gamma: Family = {
  ...signature,
  bind(binding) {
    const jetOf = density();
    const interval = intervalFromTails(
      jetLayout(2),
      [0, Number.POSITIVE_INFINITY],
      gammaTail((jet, y, _row, z, order) => jetOf(jet, y, z[0], z[1], order)),
    );
    return coordinateFamily(signature, binding, {
      discrete: false,
      support: () => [0, Number.POSITIVE_INFINITY],
      jetInto: (jet, y, _row, z, order) => jetOf(jet, y, z[0], z[1], order),
      logIntervalInto: (jet, lower, upper, _row, z, order) => interval(jet, lower, upper, z, order, Math.exp(z[0])),
      mean: (_row, z) => Math.exp(z[0]),
      variance: (_row, z) => Math.exp(2 * z[0] - z[1]),
      cdf: (y, _row, z) => gammaCdf(y * Math.exp(z[1] - z[0]), Math.exp(z[1])),
      unitDeviance: (y, row, z) => gammaUnitDeviance(y, Math.exp(z[0])) * (binding.weights?.[row] ?? 1),
      random: (_row, z, uniform) => gammaSample(Math.exp(z[1]), uniform) * Math.exp(z[0] - z[1]),
      start() {
        const { mean, variance } = sampleMoments(binding.y);
        return [mean, (mean * mean) / variance];
      },
      weighted: { parameter: 1, power: 1 },
    });
  },
};
