import type { PriorSignature } from './prior.js';

/** Horseshoe: normal(0, scale * tau) with tau ~ half_cauchy(0, 1) integrated out. */
export const horseshoeSignature: PriorSignature = {
  name: 'horseshoe',
  parameters: [{ name: 'scale', kind: 'positive' }],
  left: 'scalar',
  support: 'real',
};
