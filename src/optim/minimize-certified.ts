import { type CertifyOptions, certify, judge, type OptimumCertificate } from './certify.js';
import { polish } from './polish.js';
import type { OptimizerState, SmoothProblem } from './problem.js';
import { minimize, type QuasiNewtonOptions } from './quasi-newton.js';

export interface CertifiedOptions extends QuasiNewtonOptions, Pick<CertifyOptions, 'gradientNoise' | 'differences'> {
  /** The certificate's decrement must be below this, in units of the objective. Default 1e-8. */
  readonly decrement?: number;
  /** Newton steps at the end go on until no component of the gradient is larger. Default 1e-9; Infinity: none. */
  readonly polishTo?: number;
  readonly maximumEscapes?: number; // from saddles, default 5
}

export interface CertifiedMinimum {
  readonly state: OptimizerState;
  readonly certificate: OptimumCertificate;
}

/**
 * `minimize`, and then proof: the Hessian at the end decides whether it is a minimum. From a saddle the search goes on
 * both ways along the negative curvature; where the decrement is too large, from the true Hessian; else Newton steps
 * drive the gradient to rounding error [OPT-3].
 */
export function* minimizeCertified(
  problem: SmoothProblem,
  start: Float64Array | OptimizerState,
  options: CertifiedOptions = {},
): Generator<OptimizerState, CertifiedMinimum> {
  let state = yield* minimize(problem, start, options);
  const limit = options.maxEvaluations ?? 1000;
  for (let round = 0; ; round++) {
    let certificate = certify(problem, state.x, { ...certifyOptions(options), known: state });
    state = { ...state, evaluations: state.evaluations + certificate.evaluations };
    const spent = state.evaluations >= limit || !Number.isFinite(state.value);
    let direction = certificate.negativeCurvature;
    if (!spent && direction && state.escapes < (options.maximumEscapes ?? 5)) {
      const escaped = leaveSaddle(problem, state, direction, options.initialRadius ?? 1, options.scale);
      state = escaped.state;
      if (escaped.found) {
        state = { ...state, hessian: certificate.hessian, updates: -1 };
        yield state;
        state = yield* minimize(problem, state, options);
        continue;
      }
      // nothing is lower that way, near or far: the curvature is an error of the differences, as where all is flat
      direction = null;
      certificate = { ...certificate, negativeCurvature: null };
    }
    if (!spent && !direction && !(certificate.decrement <= (options.decrement ?? 1e-8)) && round < 5) {
      if (certificate.hessian.every(Number.isFinite)) {
        state = { ...state, hessian: certificate.hessian, updates: -1, stalls: 0, status: 'running' };
        state = yield* minimize(problem, state, options);
        continue;
      }
    }
    if (direction || spent) return { state, certificate };
    const polished = polish(problem, state.x, certificate.hessian, {
      known: state,
      ...(options.polishTo === undefined ? {} : { target: options.polishTo }),
    });
    state = { ...state, ...polished.at, evaluations: state.evaluations + polished.evaluations };
    const judged = judge(state.value, state.gradient, certificate.hessian, certificate.evaluations);
    return { state, certificate: { ...judged, negativeCurvature: null } }; // decided above
  }
}

/** The state of a search that ended at x by other steps than those of `minimize`, where it can go on. */
export function endState(x: Float64Array, certificate: OptimumCertificate, evaluations: number): OptimizerState {
  const { value, gradient, hessian, decrement } = certificate;
  return {
    iteration: Math.max(evaluations - 1, 0),
    evaluations,
    x,
    value,
    gradient,
    hessian,
    radius: 1,
    status: 'converged',
    updates: -1,
    stalls: 0,
    escapes: 0,
    predicted: decrement,
  };
}

function certifyOptions(options: CertifiedOptions): CertifyOptions {
  return {
    ...(options.gradientNoise === undefined ? {} : { gradientNoise: options.gradientNoise }),
    ...(options.differences === undefined ? {} : { differences: options.differences }),
    ...(options.exactHessian === undefined ? {} : { exactHessian: options.exactHessian }),
    ...(options.scale === undefined ? {} : { scale: options.scale }),
  };
}

/** Tries both ways along a direction, long steps first; the lower of the two that decrease the objective is taken. */
function leaveSaddle(
  problem: SmoothProblem,
  state: OptimizerState,
  direction: Float64Array,
  radius: number,
  scale: Float64Array | undefined,
): { state: OptimizerState; found: boolean } {
  const n = problem.dimension;
  let size = 0;
  for (let i = 0; i < n; i++) size += (direction[i] / (scale?.[i] ?? 1)) ** 2;
  const needed = 64 * Number.EPSILON * Math.max(Math.abs(state.value), Number.MIN_VALUE);
  let evaluations = state.evaluations;
  for (let t = radius / 2; t > 1e-5 * radius; t /= 4) {
    let best: Pick<OptimizerState, 'x' | 'value' | 'gradient'> | null = null;
    for (const side of [t, -t]) {
      const x = state.x.map((v, i) => v + (side * direction[i]) / Math.sqrt(size) + 0);
      const gradient = new Float64Array(n);
      const value = problem.evaluate(x, gradient);
      evaluations++;
      const lower = value < (best?.value ?? state.value - needed);
      if (lower && gradient.every(Number.isFinite)) best = { x, value, gradient: gradient.map((v) => v + 0) };
    }
    if (best) {
      const escapes = state.escapes + 1;
      return {
        state: { ...state, ...best, evaluations, escapes, radius: 2 * t, stalls: 0, status: 'running' },
        found: true,
      };
    }
  }
  return { state: { ...state, evaluations }, found: false };
}
