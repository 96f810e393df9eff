import { flopCount } from '../../kernels/block-cholesky.js';
import { type CertifiedMinimum, minimizeCertified } from '../../optim/minimize-certified.js';
import type { OptimizerState, SmoothProblem } from '../../optim/problem.js';
import { devianceGradient } from './deviance-gradient.js';
import type { LmmWork } from './lmm-work.js';
import { profiledDeviance } from './profiled-deviance.js';

export interface LmmOptimizeOptions {
  readonly maxEvaluations?: number;
}

/** The objective per row: in these units a quasi-Newton search's first step is of the right order whatever N is. */
export function perRow(work: LmmWork): SmoothProblem {
  const { rows } = work.model;
  return {
    dimension: work.layout.thetas,
    evaluate(theta, gradient) {
      const value = profiledDeviance(work, theta);
      if (gradient !== null) {
        if (Number.isFinite(value)) devianceGradient(work, gradient);
        else gradient.fill(Number.NaN);
        for (let i = 0; i < gradient.length; i++) gradient[i] /= rows;
      }
      return value / rows;
    },
  };
}

/** Every random effect as large as the residual, in the columns' transformed units. */
export function startTheta(work: LmmWork): Float64Array {
  const theta = new Float64Array(work.layout.thetas);
  for (const { model, thetaStart, size } of work.layout.blocks) model.startInto(theta, thetaStart, size);
  return theta;
}

/** Deviance that may be left at the end, in its own units. */
const decrementGoal = 1e-10;
/** Largest component of the deviance's gradient that the last Newton steps aim for. */
const gradientGoal = 1e-8;
/** A model whose gradient costs more floating-point operations than this has its Hessian by one-sided differences. */
const costly = 2e8;

/**
 * Minimises the profiled deviance over theta; each step can be looked at, saved and resumed. `work` ends at the optimum.
 * @param start  transformed coordinates, or a saved state
 */
export function* optimizeLmm(
  work: LmmWork,
  start: Float64Array | OptimizerState,
  options: LmmOptimizeOptions = {},
): Generator<OptimizerState, CertifiedMinimum> {
  const { rows } = work.model;
  const problem = perRow(work);
  const flops = flopCount(work.chol);
  const found = yield* minimizeCertified(problem, start, {
    tolerance: (100 * decrementGoal) / rows,
    decrement: (100 * decrementGoal) / rows,
    polishTo: gradientGoal / rows,
    differences: flops.factor + flops.inverse > costly ? 'forward' : 'central',
    ...(options.maxEvaluations === undefined ? {} : { maxEvaluations: options.maxEvaluations }),
  });
  profiledDeviance(work, found.state.x);
  return found;
}
