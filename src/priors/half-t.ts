import type { PriorSignature } from './prior.js';

/** Student's t cut at zero; two arguments are df and scale. */
export const halfTSignature: PriorSignature = {
  name: 'half_t',
  parameters: [
    { name: 'df', kind: 'positive' },
    { name: 'location', kind: 'number', default: 0 },
    { name: 'scale', kind: 'positive' },
  ],
  left: 'scalar',
  support: 'positive',
};
