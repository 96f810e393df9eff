import type { PriorSignature } from './prior.js';

/** Uniform between two bounds. */
export const uniformSignature: PriorSignature = {
  name: 'uniform',
  parameters: [
    { name: 'lower', kind: 'number' },
    { name: 'upper', kind: 'number' },
  ],
  left: 'scalar',
  support: 'interval',
};
