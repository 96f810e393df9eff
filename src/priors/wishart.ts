import type { PriorSignature } from './prior.js';

/** Wishart; scale = inf is improper: det^((df - d - 1) / 2). */
export const wishartSignature: PriorSignature = {
  name: 'wishart',
  parameters: [
    { name: 'df', kind: 'positive' },
    { name: 'scale', kind: 'matrix' },
  ],
  left: 'covariance',
  support: 'matrix',
};
