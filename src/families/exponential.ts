import type { Family } from './family.js';
import { positive } from './parameter.js';

/** Exponential with mean mu. */
export const exponential: Family = {
  name: 'exponential',
  order: ['mu'],
  parameters: [positive('mu', 'location')],
  dataArguments: [],
  response: 'positive',
  hasScale: false,
};
