import { normalCdf } from '../kernels/special/normal.js';
import { coordinateFamily } from './coordinate-family.js';
import type { Family, FamilySignature } from './family.js';
import { sampleMoments } from './moments.js';
import { normalInterval, normalJet } from './normal.js';
import { positive, real } from './parameter.js';
import { normalSample } from './samplers.js';

const signature: FamilySignature = {
  name: 'lognormal',
  order: ['mu', 'sigma'],
  parameters: [real('mu', 'location'), positive('sigma', 'scale')],
  dataArguments: [],
  response: 'positive',
  hasScale: true,
  dispersion: { parameter: 'sigma', of: (v) => v },
};

/** log y is normal(mu, sigma). */
export const lognormal: Family = {
  ...signature,
  bind(binding) {
    const interval = normalInterval();
    return coordinateFamily(signature, binding, {
      discrete: false,
      support: () => [0, Number.POSITIVE_INFINITY],
      jetInto(jet, y, _row, z, order) {
        const logY = Math.log(y);
        normalJet(jet, logY, z[0], z[1], order);
        jet[0] -= logY;
      },
      logIntervalInto: (jet, lower, upper, _row, z, order) =>
        interval(jet, lower > 0 ? Math.log(lower) : Number.NEGATIVE_INFINITY, Math.log(upper), z, order),
      mean: (_row, z) => Math.exp(z[0] + Math.exp(2 * z[1]) / 2),
      variance(_row, z) {
        const s = Math.exp(2 * z[1]);
        return Math.expm1(s) * Math.exp(2 * z[0] + s);
      },
      cdf: (y, _row, z) => (y > 0 ? normalCdf((Math.log(y) - z[0]) * Math.exp(-z[1])) : 0),
      unitDeviance: (y, row, z) => (Math.log(y) - z[0]) ** 2 * (binding.weights?.[row] ?? 1),
      random: (_row, z, uniform) => Math.exp(z[0] + Math.exp(z[1]) * normalSample(uniform)),
      start() {
        const { mean, variance } = sampleMoments(binding.y, Math.log);
        return [mean, Math.sqrt(variance)];
      },
      weighted: { parameter: 1, power: -0.5 },
    });
  },
};
