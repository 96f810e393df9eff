import type { PriorSignature } from './prior.js';

/** Beta by its two shapes. */
export const betaSignature: PriorSignature = {
  name: 'beta',
  parameters: [
    { name: 'a', kind: 'positive' },
    { name: 'b', kind: 'positive' },
  ],
  left: 'scalar',
  support: 'unit',
};
