import type { PriorSignature } from './prior.js';

/** Exponential by its rate. */
export const exponentialSignature: PriorSignature = {
  name: 'exponential',
  parameters: [{ name: 'rate', kind: 'positive' }],
  left: 'scalar',
  support: 'positive',
};
