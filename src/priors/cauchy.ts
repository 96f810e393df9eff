import type { PriorSignature } from './prior.js';

/** Cauchy: t with one degree of freedom. */
export const cauchySignature: PriorSignature = {
  name: 'cauchy',
  parameters: [
    { name: 'location', kind: 'number', default: 0 },
    { name: 'scale', kind: 'positive', default: 1 },
  ],
  left: 'scalar',
  support: 'real',
};
