import { logGamma } from '../kernels/special/gamma.js';
import { digamma } from '../kernels/special-functions.js';
import type { PriorSignature } from './prior.js';
import { outsideInto } from './scalar-density.js';

/** Dirichlet; its concentrations may be written one after the other. */
export const dirichletSignature: PriorSignature = {
  name: 'dirichlet',
  parameters: [{ name: 'concentration', kind: 'vector' }],
  left: 'simplex',
  support: 'simplex',
};

/** The density of a point of the simplex over its first k - 1 coordinates. */
export const dirichletDensity = {
  /**
   * @param p         k probabilities that sum to one
   * @param gradient  k, overwritten: derivatives in p as if its entries were free
   * @param concentrationGradient  k, overwritten
   */
  logDensity(
    p: Float64Array,
    concentration: Float64Array,
    gradient: Float64Array | null,
    concentrationGradient: Float64Array | null = null,
  ): number {
    let sum = 0;
    let total = 0;
    for (let i = 0; i < p.length; i++) {
      const a = concentration[i];
      sum += a;
      if (!(p[i] >= 0)) {
        if (gradient) outsideInto(gradient);
        return Number.NEGATIVE_INFINITY;
      }
      // a concentration of one has no logarithm, and 0 * log(0) would be NaN
      total += (a === 1 ? 0 : (a - 1) * Math.log(p[i])) - logGamma(a);
      if (gradient) gradient[i] = a === 1 ? 0 : (a - 1) / p[i];
    }
    if (concentrationGradient)
      for (let i = 0; i < p.length; i++)
        concentrationGradient[i] = digamma(sum) - digamma(concentration[i]) + Math.log(p[i]);
    return total + logGamma(sum);
  },
};
