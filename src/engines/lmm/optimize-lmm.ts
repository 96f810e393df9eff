import { flopCount } from '../../kernels/block-cholesky.js';
import { type CertifiedMinimum, minimizeCertified } from '../../optim/minimize-certified.js';
import type { OptimizerState, SmoothProblem } from '../../optim/problem.js';
import { averageInformation } from './average-information.js';
import { devianceGradient } from './deviance-gradient.js';
import type { LmmWork } from './lmm-work.js';
import { profiledDeviance } from './profiled-deviance.js';

export interface LmmOptimizeOptions {
  readonly maxEvaluations?: number;
}

/**
 * The objective per row: in these units a quasi-Newton search's first step is of the right order whatever N is. The latest
 * point is remembered, so that asking for it again costs nothing.
 */
export function perRow(work: LmmWork): SmoothProblem {
  const { rows } = work.model;
  const n = work.layout.thetas;
  const latest = { theta: new Float64Array(n).fill(Number.NaN), value: Number.NaN, gradient: new Float64Array(n) };
  return {
    dimension: n,
    evaluate(theta, gradient) {
      if (gradient === null) return profiledDeviance(work, theta) / rows;
      if (n === 0 || !theta.every((v, i) => v === latest.theta[i])) {
        latest.theta.fill(Number.NaN);
        latest.value = profiledDeviance(work, theta) / rows;
        if (Number.isFinite(latest.value)) devianceGradient(work, latest.gradient);
        else latest.gradient.fill(Number.NaN);
        for (let i = 0; i < n; i++) latest.gradient[i] /= rows;
        latest.theta.set(theta);
      }
      gradient.set(latest.gradient);
      return latest.value;
    },
  };
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
  const hessian = start instanceof Float64Array ? firstHessian(work, problem, start) : null;
  const found = yield* minimizeCertified(problem, start, {
    tolerance: (100 * decrementGoal) / rows,
    decrement: (100 * decrementGoal) / rows,
    polishTo: gradientGoal / rows,
    differences: flops.factor + flops.inverse > costly ? 'forward' : 'central',
    ...(hessian === null ? {} : { initialHessian: hessian }),
    ...(options.maxEvaluations === undefined ? {} : { maxEvaluations: options.maxEvaluations }),
  });
  profiledDeviance(work, found.state.x);
  return found;
}

/** Where the curvature at the start can be had for some solves, the first steps are Newton's. */
function firstHessian(work: LmmWork, problem: SmoothProblem, start: Float64Array): Float64Array | null {
  if (start.length === 0 || !Number.isFinite(problem.evaluate(start, new Float64Array(start.length)))) return null;
  const hessian = averageInformation(work);
  return hessian === null ? null : hessian.map((v) => v / work.model.rows);
}
