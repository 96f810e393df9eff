import type { Family } from './family.js';
import { positive, unit } from './parameter.js';

/** Beta with mean mu and variance mu (1 - mu) / (1 + phi). */
export const beta: Family = {
  name: 'beta',
  order: ['mu', 'phi'],
  parameters: [unit('mu', 'location'), positive('phi', 'shape')],
  dataArguments: [],
  response: 'unit',
  hasScale: false,
};
