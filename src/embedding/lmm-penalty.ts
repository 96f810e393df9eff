import { fixedEffects, residualSd } from '../engines/lmm/estimates.js';
import type { LmmWork } from '../engines/lmm/lmm-work.js';
import type { ThetaTerm } from '../engines/lmm/optimize-lmm.js';
import { profiledDeviance } from '../engines/lmm/profiled-deviance.js';
import { publicPoint, valueAt } from './lmm-desk.js';
import type { Parameter } from './parameter.js';
import { differenceNoise, type Penalty, PenaltyView, type Profiled, penaltiesInto, type ViewAt } from './penalty.js';

/** beta and sigma of the point that `work` stands at. */
export function profiledAt(work: LmmWork): Profiled {
  return { beta: () => fixedEffects(work), sigma: () => residualSd(work) };
}

/** Penalties of the user's point as a term of the search, in the engine's coordinates. */
export function penaltyTerm(parameters: readonly Parameter[], penalties: readonly Penalty[]): ThetaTerm {
  return {
    gradientNoise: differenceNoise,
    evaluate(work, theta, gradient) {
      const viewAt: ViewAt = (internal, profiled) => {
        if (profiled) profiledDeviance(work, internal);
        return new PenaltyView(parameters, publicPoint(work, internal), profiledAt(work));
      };
      const { value, moved } = penaltiesInto(penalties, viewAt, theta, gradient);
      if (moved) profiledDeviance(work, theta);
      return value;
    },
  };
}

/**
 * Sum of penalties at a point that `work` stands at; their derivatives by the point's own numbers are added. With those `work` may end
 * elsewhere.
 */
export function addPenalties(
  work: LmmWork,
  parameters: readonly Parameter[],
  penalties: readonly Penalty[],
  point: Float64Array,
  gradient: Float64Array | null,
): number {
  if (penalties.length === 0) return 0;
  const viewAt: ViewAt = (values, profiled) => {
    if (profiled) valueAt(work, parameters, values);
    return new PenaltyView(parameters, values.slice(), profiledAt(work));
  };
  const own = gradient === null ? null : new Float64Array(point.length);
  const { value } = penaltiesInto(penalties, viewAt, point, own);
  if (gradient !== null && own !== null) for (let k = 0; k < own.length; k++) gradient[k] += own[k];
  return value;
}
