import type { PriorSignature } from './prior.js';

/** Student's t, shifted and scaled. */
export const studentTSignature: PriorSignature = {
  name: 'student_t',
  parameters: [
    { name: 'df', kind: 'positive' },
    { name: 'location', kind: 'number', default: 0 },
    { name: 'scale', kind: 'positive', default: 1 },
  ],
  left: 'scalar',
  support: 'real',
};
