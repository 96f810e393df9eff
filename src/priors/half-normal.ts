import type { PriorSignature } from './prior.js';

/** Normal cut at zero; one argument alone is the scale. */
export const halfNormalSignature: PriorSignature = {
  name: 'half_normal',
  parameters: [
    { name: 'location', kind: 'number', default: 0 },
    { name: 'scale', kind: 'positive' },
  ],
  left: 'scalar',
  support: 'positive',
};
