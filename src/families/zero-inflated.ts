import type { Family } from './family.js';
import { unit } from './parameter.js';

/** Zero with probability zi, else the family inside (which may give zero as well). */
export const zeroInflated: Family = {
  name: 'zero_inflated',
  order: ['f', 'zi'],
  parameters: [unit('zi', 'probability')],
  dataArguments: [{ name: 'f', kind: 'family', required: true }],
  response: 'inherit',
  hasScale: 'inherit',
  addsZero: true,
};
