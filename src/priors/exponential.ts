import type { PriorSignature } from './prior.js';
import { outsideInto, type ScalarDensity } from './scalar-density.js';

/** Exponential by its rate. */
export const exponentialSignature: PriorSignature = {
  name: 'exponential',
  parameters: [{ name: 'rate', kind: 'positive' }],
  left: 'scalar',
  support: 'positive',
};

export const exponentialDensity: ScalarDensity = {
  logDensityInto(out, x, args) {
    const [rate] = args;
    if (!(x >= 0)) {
      outsideInto(out);
      return;
    }
    out[0] = (rate === 0 ? 0 : Math.log(rate)) - rate * x;
    out[1] = -rate;
    out[2] = 0;
    out[3] = (rate === 0 ? 0 : 1 / rate) - x;
  },
  isImproper: ([rate]) => rate === 0,
};
