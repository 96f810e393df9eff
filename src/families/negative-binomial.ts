import type { Family } from './family.js';
import { positive } from './parameter.js';

/** Counts with mean mu and variance mu + mu^2 / shape. */
export const negativeBinomial: Family = {
  name: 'negative_binomial',
  order: ['mu', 'shape'],
  parameters: [positive('mu', 'location'), positive('shape', 'shape')],
  dataArguments: [],
  response: 'count',
  hasScale: false,
};
