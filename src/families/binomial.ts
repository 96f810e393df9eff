import type { Family } from './family.js';
import { unit } from './parameter.js';

/** Successes in size trials. */
export const binomial: Family = {
  name: 'binomial',
  order: ['size', 'p'],
  parameters: [unit('p', 'location')],
  dataArguments: [{ name: 'size', kind: 'column', required: true }],
  response: 'trials',
  hasScale: false,
};
