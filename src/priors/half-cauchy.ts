import { halfStudentInto } from './half-student.js';
import type { PriorSignature } from './prior.js';
import { infiniteAt, type ScalarDensity } from './scalar-density.js';

/** Cauchy cut at zero; one argument alone is the scale. */
export const halfCauchySignature: PriorSignature = {
  name: 'half_cauchy',
  parameters: [
    { name: 'location', kind: 'number', default: 0 },
    { name: 'scale', kind: 'positive' },
  ],
  left: 'scalar',
  support: 'positive',
};

const work = new Float64Array(6);

export const halfCauchyDensity: ScalarDensity = {
  logDensityInto(out, x, args) {
    halfStudentInto(work, x, 1, args[0], args[1]);
    for (let i = 0; i < 5; i++) out[i] = work[i];
  },
  isImproper: infiniteAt(1),
};
