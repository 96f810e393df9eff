import { logChoose, logRisingInto } from '../kernels/special/gamma.js';
import type { Order } from '../kernels/special/order.js';
import { logistic, shapeJet } from './beta.js';
import { dataColumn, pooledProportion } from './binomial.js';
import { coordinateFamily } from './coordinate-family.js';
import type { Family, FamilySignature } from './family.js';
import { addJet, composeInto, jetLayout, jetLength } from './jet.js';
import { positive, unit } from './parameter.js';
import { betaSample, binomialSample } from './samplers.js';
import { cumulate } from './sums.js';

const signature: FamilySignature = {
  name: 'beta_binomial',
  order: ['size', 'p', 'phi'],
  parameters: [unit('p', 'location'), positive('phi', 'shape')],
  dataArguments: [{ name: 'size', kind: 'column', required: true }],
  response: 'trials',
  hasScale: false,
  dispersion: { parameter: 'phi', of: (v) => v },
};

const layout = jetLayout(2);

/** With R(x, k) the log rising factorial: f = log choose(n, y) + R(a, y) + R(b, n - y) - R(a + b, n). */
function density() {
  const g = new Float64Array(4);
  const shape = new Float64Array(layout.size);
  const term = new Float64Array(layout.size);
  const add = (jet: Float64Array, z: Float64Array, side: 1 | -1, count: number, order: Order) => {
    if (count === 0) return;
    shapeJet(shape, z[0], z[1], side);
    logRisingInto(g, shape[0], count, order);
    composeInto(term, shape, layout, g, order);
    addJet(jet, term, 1, jetLength(layout, order));
  };
  return (jet: Float64Array, y: number, n: number, z: Float64Array, order: Order): void => {
    const phi = Math.exp(z[1]);
    logRisingInto(g, phi, n, order);
    jet.fill(0, 0, layout.size);
    jet[0] = logChoose(n, y) - g[0];
    jet[2] = -phi * g[1];
    jet[5] = -phi * (g[1] + phi * g[2]);
    jet[9] = -phi * (g[1] + phi * (3 * g[2] + phi * g[3]));
    add(jet, z, 1, y, order);
    add(jet, z, -1, n - y, order);
  };
}

/** Binomial whose probability is beta(p, phi). */
export const betaBinomial: Family = {
  ...signature,
  bind(binding) {
    const size = dataColumn(binding, 'size');
    const jetOf = density();
    const jet = new Float64Array(layout.size);
    const spread = (row: number, z: Float64Array) => 1 + (size[row] - 1) / (1 + Math.exp(z[1]));
    return coordinateFamily(signature, binding, {
      discrete: true,
      support: (row) => [0, size[row]],
      jetInto: (out, y, row, z, order) => jetOf(out, y, size[row], z, order),
      mean: (row, z) => size[row] * logistic(z[0]),
      variance: (row, z) => size[row] * logistic(z[0]) * logistic(-z[0]) * spread(row, z),
      cdf: (y, row, z) =>
        cumulate(Math.min(Math.floor(y), size[row]), (k) => {
          jetOf(jet, k, size[row], z, 0);
          return jet[0];
        }),
      unitDeviance: () => Number.NaN,
      random(row, z, uniform) {
        const phi = Math.exp(z[1]);
        return binomialSample(size[row], betaSample(logistic(z[0]) * phi, logistic(-z[0]) * phi, uniform), uniform);
      },
      start: () => [Math.min(Math.max(pooledProportion(binding.y, size), 0.02), 0.98), 10],
    });
  },
};
