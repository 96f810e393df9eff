import type { Family } from './family.js';
import { positive, real } from './parameter.js';

/** Normal with mean mu and standard deviation sigma. */
export const normal: Family = {
  name: 'normal',
  order: ['mu', 'sigma'],
  parameters: [real('mu', 'location'), positive('sigma', 'scale')],
  dataArguments: [],
  response: 'real',
  hasScale: true,
};
