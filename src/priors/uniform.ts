import type { PriorSignature } from './prior.js';
import { outsideInto, type ScalarDensity } from './scalar-density.js';

/** Uniform between two bounds. */
export const uniformSignature: PriorSignature = {
  name: 'uniform',
  parameters: [
    { name: 'lower', kind: 'number' },
    { name: 'upper', kind: 'number' },
  ],
  left: 'scalar',
  support: 'interval',
};

export const uniformDensity: ScalarDensity = {
  logDensityInto(out, x, args) {
    const [lower, upper] = args;
    outsideInto(out);
    if (!(x >= lower && x <= upper)) return;
    out[0] = 0;
    if (!Number.isFinite(upper - lower)) return;
    out[0] = -Math.log(upper - lower);
    out[3] = 1 / (upper - lower);
    out[4] = -out[3];
  },
  isImproper: ([lower, upper]) => !Number.isFinite(upper - lower),
};
