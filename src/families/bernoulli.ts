import type { Family } from './family.js';
import { unit } from './parameter.js';

/** One trial with success probability p. */
export const bernoulli: Family = {
  name: 'bernoulli',
  order: ['p'],
  parameters: [unit('p', 'location')],
  dataArguments: [],
  response: 'binary',
  hasScale: false,
};
