import { halfStudentInto } from './half-student.js';
import type { PriorSignature } from './prior.js';
import { infiniteAt, type ScalarDensity } from './scalar-density.js';

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

const work = new Float64Array(6);

export const halfNormalDensity: ScalarDensity = {
  logDensityInto(out, x, args) {
    halfStudentInto(work, x, Number.POSITIVE_INFINITY, args[0], args[1]);
    for (let i = 0; i < 5; i++) out[i] = work[i];
  },
  isImproper: infiniteAt(1),
};
