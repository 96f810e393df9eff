import type { Fit } from './fit.js';

export type ResidualKind = 'response' | 'pearson' | 'scaled';

/**
 * Residuals of a fit with a residual scale, per kept row.
 *   response  y - fitted
 *   pearson   sqrt(w) (y - fitted), w the prior weights
 *   scaled    pearson / sigma: what a summary shows the quantiles of
 */
export function residuals(fit: Pick<Fit, 'residuals' | 'weights' | 'sigma'>, kind: ResidualKind): Float64Array {
  if (kind === 'response') return fit.residuals.slice();
  const { weights } = fit;
  const scale = kind === 'scaled' ? (fit.sigma ?? 1) : 1;
  return fit.residuals.map((r, i) => (r * Math.sqrt(weights ? weights[i] : 1)) / scale);
}

/** Quantiles by linear interpolation between order statistics (R's default, type 7). */
export function quantiles(values: Float64Array, probabilities: readonly number[]): number[] {
  const sorted = values.slice().sort();
  return probabilities.map((p) => {
    if (sorted.length === 0) return Number.NaN;
    const at = p * (sorted.length - 1);
    const low = Math.floor(at);
    const high = Math.min(low + 1, sorted.length - 1);
    return sorted[low] + (at - low) * (sorted[high] - sorted[low]);
  });
}
