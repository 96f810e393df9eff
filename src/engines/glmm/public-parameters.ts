import { links } from '../../links/index.js';
import { untransformBeta } from '../lmm/column-transform.js';
import type { GlmmModel } from './glmm-model.js';

/** Coefficients in the design's own columns from the transformed ones. */
export function publicBeta(model: GlmmModel, beta: Float64Array): Float64Array {
  const result = beta.slice();
  for (const { fixed } of model.predictors) {
    if (fixed.kind !== 'columns' || fixed.transform === null) continue;
    const own = Float64Array.from(fixed.columns, (c) => beta[c]);
    untransformBeta(fixed.transform, own);
    fixed.columns.forEach((c, j) => {
      result[c] = own[j];
    });
  }
  return result;
}

/** The inverse of `publicBeta`. */
export function internalBeta(model: GlmmModel, beta: Float64Array): Float64Array {
  const result = beta.slice();
  for (const { fixed } of model.predictors) {
    if (fixed.kind !== 'columns' || fixed.transform === null) continue;
    const { scale, centre, constant } = fixed.transform;
    let shift = 0;
    fixed.columns.forEach((c, j) => {
      shift += centre[j] * beta[c];
    });
    fixed.columns.forEach((c, j) => {
      result[c] = scale[j] * (beta[c] + constant[j] * shift);
    });
  }
  return result;
}

/** M'g for a gradient g by the public coefficients, where public = M internal; in place. */
export function pullBetaGradient(model: GlmmModel, gradient: Float64Array, at: number): void {
  for (const { fixed } of model.predictors) {
    if (fixed.kind !== 'columns' || fixed.transform === null) continue;
    const { scale, centre, constant } = fixed.transform;
    let shift = 0;
    fixed.columns.forEach((c, j) => {
      shift += constant[j] * gradient[at + c];
    });
    fixed.columns.forEach((c, j) => {
      gradient[at + c] = (gradient[at + c] - centre[j] * shift) / scale[j];
    });
  }
}

/** Parameters of a family that nobody gave a predictor, on their own scale, and thresholds. */
export function familyParameters(model: GlmmModel, beta: Float64Array, cuts: Float64Array): Record<string, number> {
  const found: Record<string, number> = {};
  for (const { fixed, constant, parameter, link, class: className } of model.predictors) {
    if (!constant || fixed.kind !== 'columns' || parameter === 'prob') continue;
    const name = className === null ? parameter : `${parameter}@${className}`;
    found[name] = links[link].inverse(beta[fixed.columns[0]] + (fixed.offset?.[0] ?? 0));
  }
  cuts.forEach((c, k) => {
    found[`threshold[${k + 1}]`] = c;
  });
  return found;
}
