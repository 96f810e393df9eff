import type { Family } from './family.js';
import { positive } from './parameter.js';

/** Inverse Gaussian with mean mu and variance mu^3 / shape. */
export const inverseGaussian: Family = {
  name: 'inverse_gaussian',
  order: ['mu', 'shape'],
  parameters: [positive('mu', 'location'), positive('shape', 'shape')],
  dataArguments: [],
  response: 'positive',
  hasScale: true,
};
