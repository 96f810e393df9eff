import type { Family } from './family.js';
import { positive, real } from './parameter.js';

/** log y is normal(mu, sigma). */
export const lognormal: Family = {
  name: 'lognormal',
  order: ['mu', 'sigma'],
  parameters: [real('mu', 'location'), positive('sigma', 'scale')],
  dataArguments: [],
  response: 'positive',
  hasScale: true,
};
