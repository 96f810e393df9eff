import { logGamma } from '../kernels/special/gamma.js';
import { gammaConstant, gammaConstantSlope } from './location-scale.js';
import type { PriorSignature } from './prior.js';
import { outsideInto, type ScalarDensity } from './scalar-density.js';

/** Gamma by shape and rate; rate 0 is improper. */
export const gammaSignature: PriorSignature = {
  name: 'gamma',
  parameters: [
    { name: 'shape', kind: 'positive' },
    { name: 'rate', kind: 'positive' },
  ],
  left: 'scalar',
  support: 'positive',
};

/** On x > 0; at zero the limit. */
export const gammaDensity: ScalarDensity = {
  logDensityInto(out, x, args) {
    const [shape, rate] = args;
    if (!(x >= 0)) {
      outsideInto(out);
      return;
    }
    // shape 1 has no logarithm, and 0 * log(0) would be NaN
    const power = shape === 1 ? 0 : (shape - 1) * Math.log(x);
    const slope = shape === 1 ? 0 : (shape - 1) / x;
    out[0] = power - rate * x + gammaConstant(shape, rate, logGamma(shape));
    out[1] = slope - rate;
    out[2] = shape === 1 ? 0 : -slope / x;
    out[3] = Math.log(x) + gammaConstantSlope(shape, rate);
    out[4] = (rate === 0 ? 0 : shape / rate) - x;
  },
  isImproper: ([, rate]) => rate === 0,
};
