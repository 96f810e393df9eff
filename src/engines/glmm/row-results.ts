import type { GlmmWork } from './glmm-work.js';
import { expandEta, observationEta, observationsOf } from './observations.js';

/** What a result says of the rows, at the mode that `work` stands at; everything on the scale of the response. */
export interface RowResults {
  readonly fitted: Float64Array; // E(y | b)
  readonly linear: Float64Array; // linear predictor of the location
  readonly residuals: Float64Array; // y - fitted
  readonly variance: Float64Array; // Var(y | b)
  /** Signed root of the unit deviance; NaN where the family has none. */
  readonly deviance: Float64Array;
  /** P(Y < y) and P(Y <= y); equal for continuous families. */
  readonly cdfBelow: Float64Array;
  readonly cdf: Float64Array;
}

export function rowResults(work: GlmmWork): RowResults {
  const { model, eta, D } = work;
  const { density, y } = model;
  const rows = observationsOf(model);
  density.thresholds?.use(work.cuts);
  const own = new Float64Array(D);
  const fitted = new Float64Array(rows);
  const variance = new Float64Array(rows);
  const deviance = new Float64Array(rows);
  const cdf = new Float64Array(rows);
  const cdfBelow = new Float64Array(rows);
  for (let i = 0; i < rows; i++) {
    observationEta(own, model, eta, i);
    fitted[i] = density.mean(i, own);
    variance[i] = density.variance(i, own);
    deviance[i] = Math.sign(y[i] - fitted[i]) * Math.sqrt(density.unitDeviance(y[i], i, own));
    cdf[i] = density.cdf(y[i], i, own);
    cdfBelow[i] = density.discrete ? density.cdf(y[i] - 1, i, own) : cdf[i];
  }
  const location = locationOf(work);
  return {
    fitted,
    linear: expandEta(model, eta).slice(location * rows, (location + 1) * rows),
    residuals: y.map((v, i) => v - fitted[i]),
    variance,
    deviance,
    cdfBelow,
    cdf,
  };
}

/** The first predictor of the density is that of the innermost family's location, but for families that begin with a shape. */
export function locationOf(work: GlmmWork): number {
  const { predictors } = work.model;
  const names = ['mu', 'p', 'lambda', 'eta'];
  const found = predictors.findIndex((p) => names.includes(p.parameter));
  return Math.max(found, 0);
}

/** Sum of squared Pearson residuals over the residual degrees of freedom: near one where the variance is as the family says. */
export function overdispersion(results: RowResults, parameters: number): number {
  const { residuals, variance } = results;
  let sum = 0;
  for (let i = 0; i < residuals.length; i++) sum += residuals[i] ** 2 / variance[i];
  return sum / (residuals.length - parameters);
}
