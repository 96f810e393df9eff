import type { Family } from './family.js';
import { unit } from './parameter.js';

/** Zero with probability hu, else the family inside given that it is not zero. */
export const hurdle: Family = {
  name: 'hurdle',
  order: ['f', 'hu'],
  parameters: [unit('hu', 'probability')],
  dataArguments: [{ name: 'f', kind: 'family', required: true }],
  response: 'inherit',
  hasScale: 'inherit',
  addsZero: true,
};
