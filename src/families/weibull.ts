import type { Family } from './family.js';
import { positive } from './parameter.js';

/** Weibull with mean mu (not scale) and shape. */
export const weibull: Family = {
  name: 'weibull',
  order: ['mu', 'shape'],
  parameters: [positive('mu', 'location'), positive('shape', 'shape')],
  dataArguments: [],
  response: 'positive',
  hasScale: false,
};
