import type { SmoothProblem } from '../../optim/problem.js';
import type { PenaltyTerm } from '../glmm/objective.js';
import type { EStep } from './e-step.js';
import { applyWhole } from './em-model.js';

/** -2 log-likelihood plus priors and penalties over the free parameters; the points of the integrals stay where they are. */
export interface EmObjective extends SmoothProblem {
  readonly eStep: EStep;
  /** The deviance part of the latest value. */
  deviance(): number;
  evaluations(): number;
  /** The whole vector for a point of the optimizer. */
  expand(x: Float64Array): Float64Array;
  readonly penalties: readonly PenaltyTerm[];
}

export function emObjective(eStep: EStep, penalties: readonly PenaltyTerm[]): EmObjective {
  const { space } = eStep.model;
  const { free, full, size } = space;
  const whole = new Float64Array(size);
  let latest = Number.NaN;
  let count = 0;
  const expand = (x: Float64Array) => {
    for (let k = 0; k < free.length; k++) full[free[k]] = x[k];
    return full;
  };
  return {
    eStep,
    penalties,
    dimension: free.length,
    deviance: () => latest,
    evaluations: () => count,
    expand,
    evaluate(x, gradient) {
      count++;
      expand(x);
      applyWhole(eStep.model, full);
      latest = -2 * eStep.run(gradient === null ? 0 : 1);
      let value = latest;
      if (gradient !== null) {
        whole.fill(0);
        eStep.addGradient(full, -2, whole);
      }
      for (const term of penalties) value += term.evaluate(full, gradient === null ? null : whole);
      if (gradient !== null) for (let k = 0; k < free.length; k++) gradient[k] = whole[free[k]];
      return value;
    },
  };
}
