import type { PriorSignature } from './prior.js';

/** Double exponential: density exp(-|x - location| / scale) / (2 scale). */
export const laplaceSignature: PriorSignature = {
  name: 'laplace',
  parameters: [
    { name: 'location', kind: 'number', default: 0 },
    { name: 'scale', kind: 'positive', default: 1 },
  ],
  left: 'scalar',
  support: 'real',
};
