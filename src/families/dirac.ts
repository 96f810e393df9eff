import { dataColumn } from './binomial.js';
import type { Family } from './family.js';
import { jetLayout } from './jet.js';

const layout = jetLayout(0);

/** A point mass at c; makes sense inside mixtures. */
export const dirac: Family = {
  name: 'dirac',
  order: ['c'],
  parameters: [],
  dataArguments: [{ name: 'c', kind: 'column', required: true }],
  response: 'real',
  hasScale: false,
  bind(binding) {
    const at = dataColumn(binding, 'c');
    return {
      layout,
      predictors: [],
      thresholds: null,
      discrete: true,
      support: (row) => [at[row], at[row]],
      jetInto(jet, y, row) {
        jet[0] = y === at[row] ? 0 : Number.NEGATIVE_INFINITY;
      },
      mean: (row) => at[row],
      variance: () => 0,
      cdf: (y, row) => (y < at[row] ? 0 : 1),
      unitDeviance: () => Number.NaN,
      random: (row) => at[row],
      start: () => new Float64Array(0),
    };
  },
};
