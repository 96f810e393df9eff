import type { PriorSignature } from './prior.js';

/** Dirichlet; its concentrations may be written one after the other. */
export const dirichletSignature: PriorSignature = {
  name: 'dirichlet',
  parameters: [{ name: 'concentration', kind: 'vector' }],
  left: 'simplex',
  support: 'simplex',
};
