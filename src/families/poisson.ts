import type { Family } from './family.js';
import { positive } from './parameter.js';

/** Counts with mean and variance lambda. */
export const poisson: Family = {
  name: 'poisson',
  order: ['lambda'],
  parameters: [positive('lambda', 'location')],
  dataArguments: [],
  response: 'count',
  hasScale: false,
};
