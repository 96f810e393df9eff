import { halfLog2Pi } from '../kernels/special/normal.js';
import { type EllipticalDensity, type EllipticalGradient, quadraticForm } from './elliptical.js';
import type { PriorSignature } from './prior.js';

/** Multivariate normal by mean and covariance. */
export const multiNormalSignature: PriorSignature = {
  name: 'multi_normal',
  parameters: [
    { name: 'mean', kind: 'vector' },
    { name: 'cov', kind: 'matrix' },
  ],
  left: 'vector',
  support: 'real',
};

export const multiNormalDensity: EllipticalDensity = {
  logDensity(x, _df, location, scale, gradient: EllipticalGradient | null) {
    const n = x.length;
    const form = quadraticForm(x, location, scale, gradient, () => [1, 0]);
    return form ? -n * halfLog2Pi - form.logDet / 2 - form.value / 2 : Number.NEGATIVE_INFINITY;
  },
};
