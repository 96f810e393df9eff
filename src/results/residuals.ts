import type { Fit } from './fit.js';
import { selectRank } from './select-rank.js';

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
 * Quantiles by linear interpolation between order statistics (R's default, type 7); NaN counts as the largest number.
 * @param values  will be put into another order
 */
export function quantiles(values: Float64Array, probabilities: readonly number[]): number[] {
  if (values.length === 0) return probabilities.map(() => Number.NaN);
  const numbers = numbersFirst(values);
  const place = (p: number): number => p * (values.length - 1);
  const wanted = new Set(probabilities.flatMap((p) => [Math.floor(place(p)), Math.ceil(place(p))]));
  let from = 0;
  for (const rank of [...wanted].filter((r) => r < numbers).sort((a, b) => a - b)) {
    selectRank(values, rank, from, numbers - 1);
    from = rank; // what comes before is no larger
  }
  return probabilities.map((p) => {
    const at = place(p);
    const low = values[Math.floor(at)];
    return low + (at - Math.floor(at)) * (values[Math.ceil(at)] - low);
  });
}

/** NaN goes to the end. @returns how many numbers there are */
function numbersFirst(values: Float64Array): number {
  let end = values.length;
  for (let i = 0; i < end; ) {
    if (Number.isNaN(values[i])) {
      values[i] = values[--end];
      values[end] = Number.NaN;
    } else i++;
  }
  return end;
}
