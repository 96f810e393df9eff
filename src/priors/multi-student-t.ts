import type { PriorSignature } from './prior.js';

/** Multivariate t by degrees of freedom, location and scale matrix. */
export const multiStudentTSignature: PriorSignature = {
  name: 'multi_student_t',
  parameters: [
    { name: 'df', kind: 'positive' },
    { name: 'location', kind: 'vector' },
    { name: 'scale', kind: 'matrix' },
  ],
  left: 'vector',
  support: 'real',
};
