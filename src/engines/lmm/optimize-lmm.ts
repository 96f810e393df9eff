import { certify, judge, type OptimumCertificate } from '../../optim/certify.js';
import { type CertifiedMinimum, endState, minimizeCertified } from '../../optim/minimize-certified.js';
import type { OptimizerState, SmoothProblem } from '../../optim/problem.js';
import { minimize } from '../../optim/quasi-newton.js';
import { averageInformation } from './average-information.js';
import { devianceGradient } from './deviance-gradient.js';
import { exactHessianOf } from './exact-hessian.js';
import { levelClasses } from './level-classes.js';
import { LevelDeviance } from './level-deviance.js';
import type { LmmWork } from './lmm-work.js';
import { estimatedModel, isClear, learned, type NearbyModel, nearbyMinimum, nearbyProblem } from './nearby-model.js';
import { planSearch, type SearchPlan } from './plan-search.js';
import { profiledDeviance } from './profiled-deviance.js';
import { blockDiagonal } from './residual/block-diagonal.js';
import { startCurvature } from './residual/residual-start.js';

export interface LmmOptimizeOptions {
  readonly maxEvaluations?: number;
  readonly term?: ThetaTerm;
  /** The Hessian need not be exact, so long as it proves a minimum: a model of the deviance may tell it. */
  readonly roughHessian?: boolean;
}

/** What a caller adds to the deviance as a function of theta, and of the beta and sigma that are profiled there. */
export interface ThetaTerm {
  /**
   * @param work      stands at theta, and does so again at the end
   * @param gradient  the derivatives are written; null: not wanted
   */
  evaluate(work: LmmWork, theta: Float64Array, gradient: Float64Array | null): number;
  /** Relative error of the derivatives. */
  readonly gradientNoise: number;
}

/**
 * The objective per row: in these units a quasi-Newton search's first step is of the right order whatever N is. The latest
 * point is remembered, so that asking for it again costs nothing.
 */
export function perRow(
  work: LmmWork,
  term?: ThetaTerm,
  { hessian: kind }: SearchPlan = planSearch(work, { term: term !== undefined }),
): SmoothProblem {
  const { rows } = work.model;
  const n = work.parameters;
  const classes = term === undefined && n > 0 ? levelClasses(work) : null;
  if (classes !== null) return byLevels(work, new LevelDeviance(work, classes));
  const own = new Float64Array(term === undefined ? 0 : n);
  const latest = { theta: new Float64Array(n).fill(Number.NaN), value: Number.NaN, gradient: new Float64Array(n) };
  const known = { theta: new Float64Array(n).fill(Number.NaN), hessian: new Float64Array(n * n) };
  const problem: SmoothProblem = {
    dimension: n,
    evaluate(theta, gradient) {
      if (gradient === null) return (profiledDeviance(work, theta) + (term?.evaluate(work, theta, null) ?? 0)) / rows;
      if (n === 0 || !theta.every((v, i) => v === latest.theta[i])) {
        latest.theta.fill(Number.NaN);
        latest.value = profiledDeviance(work, theta) / rows;
        if (term !== undefined && Number.isFinite(latest.value)) latest.value += term.evaluate(work, theta, own) / rows;
        if (Number.isFinite(latest.value)) devianceGradient(work, latest.gradient);
        else latest.gradient.fill(Number.NaN);
        for (let i = 0; i < own.length; i++) latest.gradient[i] += own[i];
        for (let i = 0; i < n; i++) latest.gradient[i] /= rows;
        latest.theta.set(theta);
      }
      gradient.set(latest.gradient);
      return latest.value;
    },
  };
  if (kind !== 'exact') return problem;
  const exact = exactHessianOf(work);
  return {
    ...problem,
    hessian(theta, into) {
      if (!theta.every((v, i) => v === known.theta[i])) {
        if (!theta.every((v, i) => v === work.theta[i])) latest.theta.fill(Number.NaN);
        problem.evaluate(theta, new Float64Array(n)); // costs nothing where `work` stands there
        known.hessian.set(exact());
        known.theta.set(theta);
      }
      for (let k = 0; k < n * n; k++) into[k] = known.hessian[k] / rows;
    },
  };
}

/** The same by classes of levels; `work` is left where it stands, and told that it does not stand at the latest point. */
function byLevels(work: LmmWork, levels: LevelDeviance): SmoothProblem {
  const { rows } = work.model;
  const { dimension } = levels;
  return {
    dimension,
    evaluate(theta, gradient) {
      work.at.objective = Number.NaN;
      const value = levels.evaluate(theta, gradient) / rows;
      if (gradient !== null) for (let p = 0; p < dimension; p++) gradient[p] /= rows;
      return value;
    },
    hessian(theta, into) {
      work.at.objective = Number.NaN;
      levels.hessian(theta, into);
      for (let k = 0; k < into.length; k++) into[k] /= rows;
    },
  };
}

/**
 * Deviance that may be left when the search ends and the Hessian is taken, which then has its error's square root: degrees of
 * freedom are to have seven digits, or five where an evaluation is dear. Newton steps then take what is left.
 */
const leftBeforeHessian = 1e-14;
const leftWhereDear = 1e-8;
/** Largest component of the deviance's gradient that the last Newton steps aim for. */
const gradientGoal = 1e-8;
/** ... where an evaluation is dear: 1e-14 of deviance where the curvature is one, less where it is more. */
const goalWhereDear = 1e-7;

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
  const limit = options.maxEvaluations === undefined ? {} : { maxEvaluations: options.maxEvaluations };
  const roomy = (options.maxEvaluations ?? 1000) > mostApproaches + 1;
  const plan = planSearch(work, { term: options.term !== undefined, fresh: roomy && start instanceof Float64Array });
  const { method, dear } = plan;
  const problem = perRow(work, options.term, plan);
  if (problem.dimension === 0) {
    const state = yield* minimize(problem, start, limit);
    return { state, certificate: judge(state.value, state.gradient, state.hessian, 0) };
  }
  const tolerance = (dear ? leftWhereDear : leftBeforeHessian) / rows;
  const fresh = start instanceof Float64Array && problem.hessian === undefined ? start : null;
  const near = method === 'model' && start instanceof Float64Array ? approach(work, problem, start) : null;
  const hessian = fresh === null || near !== null ? null : firstHessian(work, problem, fresh);
  if (near !== null && options.roughHessian === true && near.proof.decrement * rows <= leftWhereDear) {
    yield near.state;
    const proven: CertifiedMinimum = { state: { ...near.state, status: 'converged' }, certificate: near.proof };
    standAt(work, proven);
    if (isClear(near.state.hessian)) return proven;
  }
  const found = yield* minimizeCertified(problem, near?.state ?? start, {
    tolerance,
    decrement: leftWhereDear / rows,
    polishTo: (dear ? goalWhereDear : gradientGoal) / rows,
    ...differencesOf(plan),
    ...(hessian === null ? {} : { initialHessian: hessian }),
    ...(options.term === undefined ? {} : { gradientNoise: options.term.gradientNoise }),
    ...limit,
  });
  standAt(work, found);
  return found;
}

/** `work` is mostly there already, and has its factor and its inverse. */
function standAt(work: LmmWork, { state }: CertifiedMinimum): void {
  const { theta, at } = work;
  if (!Number.isFinite(at.objective) || !state.x.every((v, i) => v === theta[i])) profiledDeviance(work, state.x);
}

/** Where a model may still be wrong by more, an evaluation tells. */
const mostApproaches = 4;

/**
 * From minimum to minimum of models that cost next to nothing beside an evaluation [LMM-18]: where a search begins that has little
 * left to do. Null where the model has none.
 */
function approach(
  work: LmmWork,
  problem: SmoothProblem,
  start: Float64Array,
): { readonly state: OptimizerState; readonly proof: OptimumCertificate } | null {
  const n = start.length;
  const { rows } = work.model;
  const first = new Float64Array(n);
  let value = problem.evaluate(start, first);
  const deviance = (slopes: Float64Array): Float64Array => slopes.map((g) => g * rows);
  let model: NearbyModel | null = Number.isFinite(value) ? estimatedModel(work, deviance(first)) : null;
  if (model === null) return null;
  let x = start;
  let proof: OptimumCertificate | null = null;
  let evaluations = 1;
  while (evaluations <= mostApproaches && !(proof !== null && proof.decrement * rows <= leftWhereDear)) {
    const next = nearbyMinimum(work, model, x);
    const slopes = new Float64Array(n);
    const there = problem.evaluate(next, slopes);
    evaluations++;
    if (!(there <= value + 8 * Number.EPSILON * Math.abs(value))) break;
    value = there;
    x = next;
    model = learned(work, model, deviance(slopes));
    const hessian = new Float64Array(n * n);
    nearbyProblem(work, model).hessian?.(x, hessian);
    proof = judge(
      value,
      slopes,
      hessian.map((h) => h / rows),
      0,
    );
  }
  if (proof === null || !Number.isFinite(proof.decrement)) return null;
  return { state: { ...endState(x, proof, evaluations), status: 'running' }, proof };
}

function differencesOf({ hessian }: SearchPlan): { readonly differences?: 'forward' | 'central' } {
  return hessian === 'exact' ? {} : { differences: hessian };
}

/** The exact certificate of a point; `work` ends there. */
export function certifyLmm(work: LmmWork, theta: Float64Array): OptimumCertificate {
  const plan = planSearch(work);
  const certificate = certify(perRow(work, undefined, plan), theta, differencesOf(plan));
  profiledDeviance(work, theta);
  return certificate;
}

/** Where the curvature at the start can be had for some solves, the first steps are Newton's. */
function firstHessian(work: LmmWork, problem: SmoothProblem, start: Float64Array): Float64Array | null {
  if (start.length === 0 || !Number.isFinite(problem.evaluate(start, new Float64Array(start.length)))) return null;
  const effects = work.layout.thetas === 0 ? new Float64Array(0) : averageInformation(work);
  if (effects === null) return null;
  const perRow = effects.map((v) => v / work.model.rows);
  return work.residual === null ? perRow : blockDiagonal(perRow, startCurvature(work, work.residual));
}
