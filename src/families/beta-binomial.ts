import type { Family } from './family.js';
import { positive, unit } from './parameter.js';

/** Binomial whose probability is beta(p, phi). */
export const betaBinomial: Family = {
  name: 'beta_binomial',
  order: ['size', 'p', 'phi'],
  parameters: [unit('p', 'location'), positive('phi', 'shape')],
  dataArguments: [{ name: 'size', kind: 'column', required: true }],
  response: 'trials',
  hasScale: false,
};
