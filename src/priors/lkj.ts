import type { PriorSignature } from './prior.js';

/** LKJ on a correlation matrix: det^(eta - 1). */
export const lkjSignature: PriorSignature = {
  name: 'lkj',
  parameters: [{ name: 'eta', kind: 'positive' }],
  left: 'correlation',
  support: 'matrix',
};
