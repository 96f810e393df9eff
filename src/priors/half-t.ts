import { halfStudentInto } from './half-student.js';
import type { PriorSignature } from './prior.js';
import { infiniteAt, type ScalarDensity } from './scalar-density.js';

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

const work = new Float64Array(6);

export const halfTDensity: ScalarDensity = {
  logDensityInto(out, x, args) {
    halfStudentInto(work, x, args[0], args[1], args[2]);
    out[0] = work[0];
    out[1] = work[1];
    out[2] = work[2];
    out[3] = work[5];
    out[4] = work[3];
    out[5] = work[4];
  },
  isImproper: infiniteAt(2),
};
