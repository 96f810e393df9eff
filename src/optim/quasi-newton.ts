import { InternalError } from '../diagnostics/internal-error.js';
import { updateHessian } from './hessian-update.js';
import type { OptimizerState, SmoothProblem } from './problem.js';
import { trustRegionStep } from './trust-region-step.js';
import { dot, norm } from './vectors.js';

export interface QuasiNewtonOptions {
  /** Stop when the model promises less than this, in units of the objective. Default 1e-10. */
  readonly tolerance?: number;
  /** ... and the largest component of the gradient (in units of `scale`) is below this. Default: not asked for. */
  readonly gradientTolerance?: number;
  readonly maxEvaluations?: number; // default 1000
  /** First bound on the length of a step, in units of `scale`. Default 1. */
  readonly initialRadius?: number;
  readonly maximumRadius?: number; // default 1e4 times the first
  /** A multiple of the identity (in units of `scale`), or a whole matrix (n x n, column-major, in units of x). */
  readonly initialHessian?: number | Float64Array;
  /** Typical size of a change of each coordinate; the trust region is a ball after division by it. Default ones. */
  readonly scale?: Float64Array;
  /** Whether to ask `problem.hessian`, where there is one, at every accepted point. Default true. */
  readonly exactHessian?: boolean;
}

interface Settings {
  readonly tolerance: number;
  readonly gradientTolerance: number;
  readonly maxEvaluations: number;
  readonly usualRadius: number;
  readonly maximumRadius: number;
  readonly scale: Float64Array;
  readonly exactHessian: boolean;
}

const epsilon = Number.EPSILON;

/**
 * Minimises a smooth function by a trust-region quasi-Newton iteration with exact gradients [OPT-1, OPT-2]; with the
 * problem's own Hessian, where it has one, by trust-region Newton. Each `next()` makes at most one evaluation, so the
 * caller's loop decides when to stop, show progress or save. A yielded state is complete: `minimize(problem, state)`
 * goes on from it with the same iterates as if it had not been interrupted.
 * @param start  a point, or a state that was saved
 */
export function* minimize(
  problem: SmoothProblem,
  start: Float64Array | OptimizerState,
  options: QuasiNewtonOptions = {},
): Generator<OptimizerState, OptimizerState> {
  const settings = settingsOf(problem, options);
  let state = start instanceof Float64Array ? firstState(problem, start, options, settings) : start;
  if (start instanceof Float64Array) yield state;
  while (state.status === 'running') {
    state = advance(problem, state, settings);
    yield state;
  }
  return state;
}

/** Runs an iteration to its end. */
export function runToEnd<S>(iteration: Generator<S, S>): S {
  for (;;) {
    const next = iteration.next();
    if (next.done) return next.value;
  }
}

function settingsOf(problem: SmoothProblem, options: QuasiNewtonOptions): Settings {
  const scale = options.scale ?? new Float64Array(problem.dimension).fill(1);
  if (scale.length !== problem.dimension || !scale.every((v) => v > 0 && v < Number.POSITIVE_INFINITY))
    throw new InternalError('minimize: scale must be positive and as long as the dimension', scale);
  return {
    tolerance: options.tolerance ?? 1e-10,
    gradientTolerance: options.gradientTolerance ?? Number.POSITIVE_INFINITY,
    maxEvaluations: options.maxEvaluations ?? 1000,
    usualRadius: options.initialRadius ?? 1,
    maximumRadius: options.maximumRadius ?? 1e4 * (options.initialRadius ?? 1),
    scale,
    exactHessian: (options.exactHessian ?? true) && problem.hessian !== undefined,
  };
}

function firstState(
  problem: SmoothProblem,
  start: Float64Array,
  options: QuasiNewtonOptions,
  settings: Settings,
): OptimizerState {
  const n = problem.dimension;
  if (start.length !== n) throw new InternalError('minimize: start is not as long as the dimension', start);
  const x = plain(start);
  const gradient = new Float64Array(n);
  const value = problem.evaluate(x, gradient);
  const radius = options.initialRadius ?? 1;
  const usable = Number.isFinite(value) && gradient.every(Number.isFinite);
  const { scale } = settings;
  let hessian = new Float64Array(n * n);
  let updates = -1;
  if (settings.exactHessian && usable) problem.hessian?.(x, hessian);
  else if (options.initialHessian instanceof Float64Array) hessian = plain(options.initialHessian);
  else {
    // without a better idea the first step is as long as the radius, along the (scaled) gradient
    const steepness = norm(gradient.map((v, i) => v * scale[i])) / radius;
    const size = options.initialHessian ?? (steepness > 0 && Number.isFinite(steepness) ? steepness : 1);
    for (let i = 0; i < n; i++) hessian[i + i * n] = size / scale[i] ** 2;
    updates = 0;
  }
  const status = usable ? (n === 0 ? 'converged' : 'running') : 'stalled';
  return {
    iteration: 0,
    evaluations: 1,
    x,
    value,
    gradient: plain(gradient),
    hessian: plain(hessian),
    radius,
    status,
    updates,
    stalls: 0,
    escapes: 0,
    predicted: Number.NaN,
  };
}

/** One iteration; a pure function of the state, which is what makes a resumed run identical. */
function advance(problem: SmoothProblem, state: OptimizerState, settings: Settings): OptimizerState {
  const n = problem.dimension;
  const { scale } = settings;
  const scaledGradient = state.gradient.map((v, i) => v * scale[i]);
  const scaledHessian = state.hessian.map((v, k) => v * scale[k % n] * scale[Math.floor(k / n)]);
  const { step, predicted, interior } = trustRegionStep(scaledHessian, scaledGradient, state.radius);
  const steep = scaledGradient.some((v) => !(Math.abs(v) <= settings.gradientTolerance));
  if (interior && predicted <= settings.tolerance && !steep) return { ...state, predicted, status: 'converged' };
  const rounding = 8 * epsilon * Math.max(Math.abs(state.value), epsilon);
  // Nothing can be seen to fall within a usual step: what there is of slope and curvature is rounding, and leads nowhere.
  const level = !interior && predicted <= rounding && state.radius >= settings.usualRadius;
  if (level && !steep) return { ...state, predicted, status: 'converged' };
  const length = norm(step);
  const x = plain(state.x.map((v, i) => v + step[i] * scale[i]));
  const unmoved = x.every((v, i) => v === state.x[i]);
  if (unmoved || state.stalls >= 3) return { ...state, predicted, status: 'stalled' };
  if (state.evaluations >= settings.maxEvaluations) return { ...state, predicted, status: 'limit' };

  const gradient = new Float64Array(n);
  const value = problem.evaluate(x, gradient);
  const next = { ...state, iteration: state.iteration + 1, evaluations: state.evaluations + 1, predicted };
  if (!(Number.isFinite(value) && gradient.every(Number.isFinite))) return { ...next, radius: length / 4 };

  const scaledNew = gradient.map((v, i) => v * scale[i]);
  const difference = state.value - value;
  // Below the rounding error of the objective the gradients still tell the decrease: the trapezoid rule along the step.
  const byGradients = -(dot(scaledGradient, step) + dot(scaledNew, step)) / 2;
  const blind = Math.abs(difference) <= rounding && predicted <= 100 * rounding;
  const ratio = (blind ? byGradients : difference) / predicted;
  const accepted = ratio > 1e-4;

  let updates = state.updates;
  const y = scaledNew.map((v, i) => v - scaledGradient[i]);
  if (!settings.exactHessian) {
    const sy = dot(step, y);
    if (updates === 0 && sy > 0) {
      // the first pair shows the size of the curvature, which until now was a guess
      const size = dot(y, y) / sy;
      scaledHessian.fill(0);
      for (let i = 0; i < n; i++) scaledHessian[i + i * n] = size;
    }
    // six times the rounding error of the objective must not pass for curvature
    if (Math.abs(difference) > 1000 * rounding)
      correctCurvature(y, step, scaledGradient, scaledNew, difference, accepted);
    if (updateHessian(scaledHessian, step, y) && updates >= 0) updates++;
  }
  const hessian = scaledHessian.map((v, k) => v / (scale[k % n] * scale[Math.floor(k / n)]));
  if (settings.exactHessian && accepted) problem.hessian?.(x, hessian);
  const radius = Math.min(nextRadius(state.radius, length, ratio, interior), settings.maximumRadius);
  const learned = { ...next, hessian: plain(hessian), updates, radius };
  if (!accepted) return { ...learned, stalls: predicted <= 100 * rounding ? state.stalls + 1 : 0 };
  return { ...learned, x, value, gradient: plain(gradient), stalls: 0 };
}

/**
 * The objective's values tell how the curvature changes along the step: y is corrected so that the pair has the
 * curvature at the step's better end, not its average (Zhang, Deng and Chen 1999, eq. 2.10) [OPT-2].
 */
function correctCurvature(
  y: Float64Array,
  step: Float64Array,
  before: Float64Array,
  after: Float64Array,
  difference: number,
  accepted: boolean,
): void {
  const excess = 6 * difference + 3 * (dot(before, step) + dot(after, step));
  const most = Math.abs(dot(step, y)) / 2; // far from a cubic the correction is a guess
  const size = (accepted ? 1 : -1) * Math.max(-most, Math.min(most, excess));
  const squared = dot(step, step);
  for (let i = 0; i < y.length; i++) y[i] += (size / squared) * step[i];
}

function nextRadius(radius: number, length: number, ratio: number, interior: boolean): number {
  if (!(ratio > 0.1)) return length / 4;
  if (ratio < 0.25) return length / 2;
  if (ratio > 0.75 && !interior) return 2.5 * length;
  return ratio > 0.5 ? Math.max(radius, 2 * length) : radius;
}

/** A copy without negative zeros, which JSON does not keep. */
function plain(v: Float64Array): Float64Array<ArrayBuffer> {
  const copy = new Float64Array(v.length);
  for (let i = 0; i < v.length; i++) copy[i] = v[i] + 0;
  return copy;
}
