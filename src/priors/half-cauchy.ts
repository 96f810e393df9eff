import type { PriorSignature } from './prior.js';

/** Cauchy cut at zero; one argument alone is the scale. */
export const halfCauchySignature: PriorSignature = {
  name: 'half_cauchy',
  parameters: [
    { name: 'location', kind: 'number', default: 0 },
    { name: 'scale', kind: 'positive' },
  ],
  left: 'scalar',
  support: 'positive',
};
