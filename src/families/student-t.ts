import type { Family } from './family.js';
import { positive, real } from './parameter.js';

/** Location-scale t: mu is the median, sigma the scale (not the standard deviation). */
export const studentT: Family = {
  name: 'student_t',
  order: ['df', 'mu', 'sigma'],
  parameters: [positive('df', 'shape'), real('mu', 'location'), positive('sigma', 'scale')],
  dataArguments: [],
  response: 'real',
  hasScale: true,
};
