import type { PriorSignature } from './prior.js';

/** Multivariate normal by mean and covariance. */
export const multiNormalSignature: PriorSignature = {
  name: 'multi_normal',
  parameters: [
    { name: 'mean', kind: 'vector' },
    { name: 'cov', kind: 'matrix' },
  ],
  left: 'vector',
  support: 'real',
};
