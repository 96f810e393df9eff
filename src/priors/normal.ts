import type { PriorSignature } from './prior.js';

/** Normal with mean and standard deviation. */
export const normalSignature: PriorSignature = {
  name: 'normal',
  parameters: [
    { name: 'mean', kind: 'number', default: 0 },
    { name: 'sd', kind: 'positive', default: 1 },
  ],
  left: 'scalar',
  support: 'real',
};
