import type { Design } from '../../data/design.js';
import { normalTwoSided } from '../../kernels/distributions.js';
import type { FixedEffect } from '../../results/fit.js';
import type { GlmmModel } from './glmm-model.js';
import type { ParameterSpace } from './parameters.js';

const nothing = { estimate: null, se: null, statistic: null, df: null, p: null };

/** One row per coefficient of a predictor that somebody wrote; a shared part's stand once. `kept`: those with an estimate. */
export function fixedEffects(
  design: Design,
  { model, space }: { readonly model: GlmmModel; readonly space: ParameterSpace },
  beta: Float64Array,
  vcov: Float64Array,
): { fixef: FixedEffect[]; kept: number[] } {
  const P = model.coefficients;
  const free = new Set(Array.from(space.free, (i) => i - model.layout.thetas));
  const fixef: FixedEffect[] = [];
  const kept: number[] = [];
  const seen = new Set<number>();
  for (const predictor of design.predictors) {
    if (predictor.constant) continue;
    const { link } = predictor;
    for (const c of predictor.columns) {
      if (seen.has(c)) continue;
      seen.add(c);
      const { name, parameter, class: className } = design.coefficients[c];
      const estimate = beta[c];
      if (!free.has(c)) {
        fixef.push({ ...nothing, name, predictor: parameter, link, class: className, estimate });
        kept.push(c);
        continue;
      }
      const se = Math.sqrt(vcov[c + c * P]);
      const statistic = estimate / se;
      const p = normalTwoSided(statistic);
      fixef.push({ name, predictor: parameter, link, class: className, estimate, se, statistic, df: null, p });
      kept.push(c);
    }
    for (const { name } of predictor.dropped)
      fixef.push({ ...nothing, name, predictor: predictor.parameter, link, class: predictor.class });
  }
  return { fixef, kept };
}
