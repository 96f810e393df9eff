import type { PriorSignature } from './prior.js';

/** Inverse Wishart; scale = 0 is improper. */
export const inverseWishartSignature: PriorSignature = {
  name: 'inverse_wishart',
  parameters: [
    { name: 'df', kind: 'positive' },
    { name: 'scale', kind: 'matrix' },
  ],
  left: 'covariance',
  support: 'matrix',
};
