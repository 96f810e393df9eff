import type { PriorSignature } from './prior.js';
import { infiniteAt, type ScalarDensity } from './scalar-density.js';

/** Cauchy: t with one degree of freedom. */
export const cauchySignature: PriorSignature = {
  name: 'cauchy',
  parameters: [
    { name: 'location', kind: 'number', default: 0 },
    { name: 'scale', kind: 'positive', default: 1 },
  ],
  left: 'scalar',
  support: 'real',
};

export const cauchyDensity: ScalarDensity = {
  logDensityInto(out, x, args) {
    const [location, scale] = args;
    if (scale === Number.POSITIVE_INFINITY) {
      out.fill(0);
      return;
    }
    const z = (x - location) / scale;
    const spread = 1 + z * z;
    out[0] = -Math.log(Math.PI * scale) - Math.log1p(z * z);
    out[1] = (-2 * z) / (scale * spread);
    out[2] = (-2 * (1 - z * z)) / (scale * scale * spread * spread);
    out[3] = -out[1];
    out[4] = (z * z - 1) / (scale * spread);
  },
  isImproper: infiniteAt(1),
};
