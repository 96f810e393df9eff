import type { Family } from './family.js';

/** A point mass at c; makes sense inside mixtures. */
export const dirac: Family = {
  name: 'dirac',
  order: ['c'],
  parameters: [],
  dataArguments: [{ name: 'c', kind: 'column', required: true }],
  response: 'real',
  hasScale: false,
};
