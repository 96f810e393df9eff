import type { PriorSignature } from './prior.js';

/** Inverse gamma by shape and scale; scale 0 is improper. */
export const inverseGammaSignature: PriorSignature = {
  name: 'inverse_gamma',
  parameters: [
    { name: 'shape', kind: 'positive' },
    { name: 'scale', kind: 'positive' },
  ],
  left: 'scalar',
  support: 'positive',
};
