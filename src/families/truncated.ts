import type { Family } from './family.js';

/** The family inside, given that lower <= y <= upper. */
export const truncated: Family = {
  name: 'truncated',
  order: ['f', 'lower', 'upper'],
  parameters: [],
  dataArguments: [
    { name: 'f', kind: 'family', required: true },
    { name: 'lower', kind: 'column', required: false },
    { name: 'upper', kind: 'column', required: false },
  ],
  response: 'inherit',
  hasScale: 'inherit',
};
