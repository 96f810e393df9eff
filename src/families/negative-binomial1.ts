import type { Family } from './family.js';
import { positive } from './parameter.js';

/** Counts with mean mu and variance mu (1 + phi). */
export const negativeBinomial1: Family = {
  name: 'negative_binomial1',
  order: ['mu', 'phi'],
  parameters: [positive('mu', 'location'), positive('phi', 'shape')],
  dataArguments: [],
  response: 'count',
  hasScale: false,
};
