import type { Fit } from './fit.js';
import { orderStatistics } from './order-statistics.js';

export type ResidualKind = 'response' | 'pearson' | 'scaled' | 'normalized';

/**
 * Residuals of a fit with a residual scale, per kept row.
 *   response    y - fitted
 *   pearson     sqrt(w) (y - fitted), w the prior weights; divided by the row's sigma where that differs from row to row
 *   scaled      divided by the row's standard deviation: what a summary shows the quantiles of
 *   normalized  scaled, and made independent where errors are correlated
 */
export function residuals(
  fit: Pick<Fit, 'residuals' | 'weights' | 'sigma' | 'variance' | 'normalizedResiduals'>,
  kind: ResidualKind,
): Float64Array {
  if (kind === 'response') return fit.residuals.slice();
  if (kind === 'normalized' && fit.normalizedResiduals !== undefined) return fit.normalizedResiduals.slice();
  const { weights, variance } = fit;
  // The row's own variance where the fit has it: sigma may be on another scale (lognormal) or vary. Where it is infinite
  // (student_t with two degrees of freedom or fewer) nothing can be scaled by it.
  if (variance !== undefined && (kind !== 'pearson' || fit.sigma === null))
    return fit.residuals.map((r, i) =>
      variance[i] < Number.POSITIVE_INFINITY ? r / Math.sqrt(variance[i]) : Number.NaN,
    );
  const scale = kind === 'pearson' ? 1 : (fit.sigma ?? 1);
  const out = fit.residuals.slice();
  if (weights) for (let i = 0; i < out.length; i++) out[i] = (out[i] * Math.sqrt(weights[i])) / scale;
  else for (let i = 0; i < out.length; i++) out[i] /= scale;
  return out;
}

/**
 * Quantiles by linear interpolation between order statistics (R's default, type 7); NaN counts as the largest number. Of many
 * numbers only those are copied that stand near a quantile.
 */
export function quantiles(values: Float64Array, probabilities: readonly number[]): number[] {
  const last = values.length - 1;
  if (last < 0) return probabilities.map(() => Number.NaN);
  const ranks = new Set(probabilities.flatMap((p) => [Math.floor(p * last), Math.ceil(p * last)]));
  const found = orderStatistics(values, [...ranks]);
  const at = (rank: number): number => found.get(rank) ?? Number.NaN;
  return probabilities.map((p) => {
    const rank = Math.floor(p * last);
    const low = at(rank);
    return low + (p * last - rank) * (at(Math.ceil(p * last)) - low);
  });
}

/** Quantiles of the scaled residuals; where one number scales them all, without a copy of them. */
export function scaledQuantiles(fit: Parameters<typeof residuals>[0], probabilities: readonly number[]): number[] {
  if (fit.weights || fit.variance !== undefined) return quantiles(residuals(fit, 'scaled'), probabilities);
  return quantiles(fit.residuals, probabilities).map((v) => v / (fit.sigma ?? 1));
}
