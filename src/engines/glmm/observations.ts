import type { GlmmModel } from './glmm-model.js';

/** Number of observations. */
export function observationsOf({ y }: GlmmModel): number {
  return y.length;
}

/** Linear predictors of one observation from those of the rows. */
export function observationEta(into: Float64Array, model: GlmmModel, eta: Float64Array, observation: number): void {
  const { rows, merged } = model;
  const row = merged === null ? observation : merged.of[observation];
  for (let d = 0; d < into.length; d++) into[d] = eta[d * rows + row];
}

/** Linear predictors of all observations, one predictor after the other. */
export function expandEta({ rows, merged }: GlmmModel, eta: Float64Array): Float64Array {
  if (merged === null) return eta.slice();
  const { of } = merged;
  const n = of.length;
  const D = rows === 0 ? 0 : eta.length / rows;
  const all = new Float64Array(D * n);
  for (let d = 0; d < D; d++) for (let i = 0; i < n; i++) all[d * n + i] = eta[d * rows + of[i]];
  return all;
}
