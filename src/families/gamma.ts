import type { Family } from './family.js';
import { positive } from './parameter.js';

/** Gamma with mean mu and variance mu^2 / shape. */
export const gamma: Family = {
  name: 'gamma',
  order: ['mu', 'shape'],
  parameters: [positive('mu', 'location'), positive('shape', 'shape')],
  dataArguments: [],
  response: 'positive',
  hasScale: true,
};
