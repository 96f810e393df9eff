import { logGamma } from '../kernels/special/gamma.js';
import { gammaConstant, gammaConstantSlope } from './location-scale.js';
import type { PriorSignature } from './prior.js';
import { outsideInto, type ScalarDensity } from './scalar-density.js';

/** Inverse gamma by shape and scale; scale 0 is improper. */
export const inverseGammaSignature: PriorSignature = {
  name: 'inverse_gamma',
  parameters: [
    { name: 'shape', kind: 'positive' },
    { name: 'scale', kind: 'positive' },
  ],
  left: 'scalar',
  support: 'positive',
};

export const inverseGammaDensity: ScalarDensity = {
  logDensityInto(out, x, args) {
    const [shape, scale] = args;
    if (!(x > 0)) {
      outsideInto(out);
      return;
    }
    out[0] = -(shape + 1) * Math.log(x) - scale / x + gammaConstant(shape, scale, logGamma(shape));
    out[1] = (scale / x - (shape + 1)) / x;
    out[2] = (shape + 1 - (2 * scale) / x) / (x * x);
    out[3] = -Math.log(x) + gammaConstantSlope(shape, scale);
    out[4] = (scale === 0 ? 0 : shape / scale) - 1 / x;
  },
  isImproper: ([, scale]) => scale === 0,
};
