import type { PriorSignature } from './prior.js';

/** Lognormal by mean and standard deviation of the logarithm. */
export const lognormalSignature: PriorSignature = {
  name: 'lognormal',
  parameters: [
    { name: 'mean', kind: 'number', default: 0 },
    { name: 'sd', kind: 'positive', default: 1 },
  ],
  left: 'scalar',
  support: 'positive',
};
