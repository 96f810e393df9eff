import { normalQuantile } from '../kernels/special/normal.js';
import type { Fit } from './fit.js';

/** Residuals that need the family: what `residuals` cannot make of a scale alone. */
export type FamilyResidualKind = 'pearson' | 'deviance' | 'quantile';

/**
 * Residuals of a fit by its family, per kept row; null where the fit or the family has none.
 *   pearson   (y - fitted) / sd(y | b)
 *   deviance  signed root of the unit deviance
 *   quantile  normal quantile of P(Y <= y | b), at a random place between P(Y < y) and P(Y <= y) for counts
 *             (Dunn and Smyth 1996): standard normal where the model holds
 * @param uniform  numbers in (0, 1), for counts
 */
export function familyResiduals(
  fit: Pick<Fit, 'residuals' | 'variance' | 'devianceResiduals' | 'cdf'>,
  kind: FamilyResidualKind,
  uniform: () => number,
): Float64Array | null {
  switch (kind) {
    case 'pearson': {
      const { variance } = fit;
      return variance === undefined ? null : fit.residuals.map((r, i) => r / Math.sqrt(variance[i]));
    }
    case 'deviance':
      return fit.devianceResiduals?.every((d) => !Number.isNaN(d)) ? fit.devianceResiduals : null;
    case 'quantile': {
      const { cdf } = fit;
      if (cdf === undefined) return null;
      return cdf.at.map((at, i) => {
        const below = cdf.below[i];
        const p = below === at ? at : below + (at - below) * uniform();
        return normalQuantile(Math.min(Math.max(p, 1e-300), 1 - 2 ** -53));
      });
    }
  }
}
