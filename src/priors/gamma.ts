import type { PriorSignature } from './prior.js';

/** Gamma by shape and rate; rate 0 is improper. */
export const gammaSignature: PriorSignature = {
  name: 'gamma',
  parameters: [
    { name: 'shape', kind: 'positive' },
    { name: 'rate', kind: 'positive' },
  ],
  left: 'scalar',
  support: 'positive',
};
