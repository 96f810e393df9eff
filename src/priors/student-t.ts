import { studentInto } from './location-scale.js';
import type { PriorSignature } from './prior.js';
import { infiniteAt, type ScalarDensity } from './scalar-density.js';

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

const work = new Float64Array(6);

/** df = Infinity is the normal. */
export const studentTDensity: ScalarDensity = {
  logDensityInto(out, x, args) {
    work[5] = 0;
    studentInto(work, x, args[0], args[1], args[2]);
    out[0] = work[0];
    out[1] = work[1];
    out[2] = work[2];
    out[3] = work[5];
    out[4] = work[3];
    out[5] = work[4];
  },
  isImproper: infiniteAt(2),
};
