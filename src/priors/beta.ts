import { digamma, logBeta } from '../kernels/special-functions.js';
import type { PriorSignature } from './prior.js';
import { outsideInto, type ScalarDensity } from './scalar-density.js';

/** Beta by its two shapes. */
export const betaSignature: PriorSignature = {
  name: 'beta',
  parameters: [
    { name: 'a', kind: 'positive' },
    { name: 'b', kind: 'positive' },
  ],
  left: 'scalar',
  support: 'unit',
};

export const betaDensity: ScalarDensity = {
  logDensityInto(out, x, args) {
    const [a, b] = args;
    if (!(x >= 0 && x <= 1)) {
      outsideInto(out);
      return;
    }
    const low = a === 1 ? 0 : (a - 1) / x;
    const high = b === 1 ? 0 : (b - 1) / (1 - x);
    const logs = (a === 1 ? 0 : (a - 1) * Math.log(x)) + (b === 1 ? 0 : (b - 1) * Math.log1p(-x));
    out[0] = logs - logBeta(a, b);
    out[1] = low - high;
    out[2] = (a === 1 ? 0 : -low / x) - (b === 1 ? 0 : high / (1 - x));
    const both = digamma(a + b);
    out[3] = Math.log(x) - digamma(a) + both;
    out[4] = Math.log1p(-x) - digamma(b) + both;
  },
};
