import { studentInto } from './location-scale.js';
import type { PriorSignature } from './prior.js';
import { infiniteAt, type ScalarDensity } from './scalar-density.js';

/** Normal with mean and standard deviation. */
export const normalSignature: PriorSignature = {
  name: 'normal',
  parameters: [
    { name: 'mean', kind: 'number', default: 0 },
    { name: 'sd', kind: 'positive', default: 1 },
  ],
  left: 'scalar',
  support: 'real',
};

export const normalDensity: ScalarDensity = {
  logDensityInto(out, x, args) {
    studentInto(out, x, Number.POSITIVE_INFINITY, args[0], args[1]);
  },
  isImproper: infiniteAt(1),
};
