import type { PriorSignature } from './prior.js';
import { infiniteAt, type ScalarDensity } from './scalar-density.js';

/** Double exponential: density exp(-|x - location| / scale) / (2 scale). */
export const laplaceSignature: PriorSignature = {
  name: 'laplace',
  parameters: [
    { name: 'location', kind: 'number', default: 0 },
    { name: 'scale', kind: 'positive', default: 1 },
  ],
  left: 'scalar',
  support: 'real',
};

/** At the location itself, where the density has a corner, the slope given is zero. */
export const laplaceDensity: ScalarDensity = {
  logDensityInto(out, x, args) {
    const [location, scale] = args;
    if (scale === Number.POSITIVE_INFINITY) {
      out.fill(0);
      return;
    }
    const distance = Math.abs(x - location);
    out[0] = -Math.log(2 * scale) - distance / scale;
    out[1] = -Math.sign(x - location) / scale;
    out[2] = 0;
    out[3] = -out[1];
    out[4] = (distance / scale - 1) / scale;
  },
  isImproper: infiniteAt(1),
};
