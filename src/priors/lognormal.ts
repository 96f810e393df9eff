import { halfLog2Pi } from '../kernels/special/normal.js';
import type { PriorSignature } from './prior.js';
import { outsideInto, type ScalarDensity } from './scalar-density.js';

/** Lognormal by mean and standard deviation of the logarithm. */
export const lognormalSignature: PriorSignature = {
  name: 'lognormal',
  parameters: [
    { name: 'mean', kind: 'number', default: 0 },
    { name: 'sd', kind: 'positive', default: 1 },
  ],
  left: 'scalar',
  support: 'positive',
};

export const lognormalDensity: ScalarDensity = {
  logDensityInto(out, x, args) {
    const [mean, sd] = args;
    if (!(x > 0)) {
      outsideInto(out);
      return;
    }
    const z = (Math.log(x) - mean) / sd;
    out[0] = -halfLog2Pi - Math.log(sd) - Math.log(x) - (z * z) / 2;
    out[1] = -(1 + z / sd) / x;
    out[2] = (1 + (z - 1 / sd) / sd) / (x * x);
    out[3] = z / sd;
    out[4] = (z * z - 1) / sd;
  },
};
