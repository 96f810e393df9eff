import type { GlmmProblem as BoundGlmm } from '../engines/glmm/fit-glmm.js';
import type { PenaltyTerm } from '../engines/glmm/objective.js';
import { links } from '../links/index.js';
import { publicVector, wholeVector } from './glmm-coordinates.js';
import type { Parameter } from './parameter.js';
import { type Penalty, PenaltyView, penaltiesInto, type ViewAt } from './penalty.js';

export type GlmmPenalties = readonly Penalty[];

/** What penalties see of a whole vector as users know it. */
function viewOf(bound: BoundGlmm, parameters: readonly Parameter[], whole: Float64Array): PenaltyView {
  const { model } = bound.work;
  const { thetas } = model.layout;
  const values = Float64Array.from(bound.space.free, (i) => whole[i]);
  return new PenaltyView(parameters, values, {
    beta: () => whole.slice(thetas, thetas + model.coefficients),
    sigma() {
      for (const { parameter, constant, fixed, link } of model.predictors)
        if (parameter === 'sigma' && constant && fixed.kind === 'columns')
          return links[link].inverse(whole[thetas + fixed.columns[0]] + (fixed.offset?.[0] ?? 0));
      return null;
    },
  });
}

/** Penalties of the user's point as a term of the objective, in the engine's coordinates. */
export function penaltyTerms(
  bound: BoundGlmm,
  parameters: readonly Parameter[],
  penalties: GlmmPenalties,
): PenaltyTerm[] {
  if (penalties.length === 0) return [];
  const viewAt: ViewAt = (full) => viewOf(bound, parameters, publicVector(bound.work.model, full));
  const own = new Float64Array(bound.space.size);
  return [
    {
      evaluate(full, gradient) {
        const { value } = penaltiesInto(penalties, viewAt, full, gradient === null ? null : own);
        if (gradient !== null) for (let k = 0; k < own.length; k++) gradient[k] += own[k];
        return value;
      },
    },
  ];
}

/** Sum of penalties at a point; their derivatives by its numbers are added. */
export function addPenaltiesAt(
  bound: BoundGlmm,
  parameters: readonly Parameter[],
  penalties: GlmmPenalties,
  point: Float64Array,
  gradient: Float64Array | null,
): number {
  if (penalties.length === 0) return 0;
  const viewAt: ViewAt = (values) => viewOf(bound, parameters, wholeVector(bound, values));
  const own = gradient === null ? null : new Float64Array(point.length);
  const { value } = penaltiesInto(penalties, viewAt, point, own);
  if (gradient !== null && own !== null) for (let k = 0; k < own.length; k++) gradient[k] += own[k];
  return value;
}
