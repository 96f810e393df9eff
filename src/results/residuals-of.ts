import { normalCdf } from '../kernels/special/normal.js';
import type { Fit } from './fit.js';
import { familyResiduals } from './quantile-residuals.js';
import { residuals } from './residuals.js';

/** Every kind of residuals that some fit has. */
export type AnyResidualKind = 'response' | 'pearson' | 'deviance' | 'quantile' | 'pit' | 'scaled' | 'normalized';

type ResidualFit = Pick<
  Fit,
  'engine' | 'residuals' | 'weights' | 'sigma' | 'variance' | 'normalizedResiduals' | 'devianceResiduals' | 'cdf'
>;

/**
 * Residuals of any fit, per kept row, given the random effects; null where its family has none of the kind.
 *   response    y - fitted
 *   pearson     by the family: (y - fitted) / sd(y | b); of an LMM as in lme4: sqrt(w) (y - fitted)
 *   deviance    signed root of the unit deviance; of an LMM its pearson residuals
 *   pit         P(Y <= y | b), at a random place between P(Y < y) and P(Y <= y) for counts: uniform where the model holds
 *   quantile    normal quantile of `pit`: standard normal where the model holds
 *   scaled      divided by the row's standard deviation
 *   normalized  scaled, and made independent where errors are correlated
 * @param uniform  numbers in (0, 1), for counts; of a seeded generator, so that a plot can be made again
 */
export function residualsOf(fit: ResidualFit, kind: AnyResidualKind, uniform: () => number): Float64Array | null {
  if (kind === 'response' || kind === 'scaled' || kind === 'normalized') return residuals(fit, kind);
  if (fit.engine === 'lmm') {
    if (kind === 'pearson' || kind === 'deviance') return residuals(fit, 'pearson');
    const normal = residuals(fit, 'normalized');
    return kind === 'quantile' ? normal : normal.map(normalCdf);
  }
  if (kind !== 'pit') return familyResiduals(fit, kind, uniform)?.slice() ?? null;
  const { cdf } = fit;
  return cdf === undefined
    ? null
    : cdf.at.map((at, i) => (cdf.below[i] === at ? at : cdf.below[i] + (at - cdf.below[i]) * uniform()));
}
