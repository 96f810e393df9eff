/** All an optimizer knows of a problem. Gradients are exact; `evaluate` may be called at any point. */
export interface SmoothProblem {
  readonly dimension: number;
  /** Returns f(x), +Infinity or NaN outside the domain, and writes the gradient where one is asked for. */
  evaluate(x: Float64Array, gradient: Float64Array | null): number;
  /** Column-major Hessian, where it is cheaper than differences of the gradient. */
  hessian?(x: Float64Array, into: Float64Array): void;
}

/** The state of an iteration: plain JSON once the arrays are listed, so that it can be saved and resumed. */
export interface OptimizerState {
  readonly iteration: number;
  readonly evaluations: number;
  readonly x: Float64Array;
  readonly value: number;
  readonly gradient: Float64Array;
  /** Approximation of the Hessian, column-major. */
  readonly hessian: Float64Array;
  readonly radius: number;
  readonly status: OptimizerStatus;
  /** Pairs (step, change of gradient) that have entered `hessian`; -1: it was supplied or is the problem's own. */
  readonly updates: number;
  /** Trials in a row that brought nothing although the model promised less than the objective's rounding error. */
  readonly stalls: number;
  /** Times the iteration left a saddle along negative curvature. */
  readonly escapes: number;
  /** Decrease of the objective that the model promised for the latest step; NaN before the first. */
  readonly predicted: number;
}

/**
 * 'converged': the model (g' H^-1 g / 2) promises less than the tolerance. 'stalled': floating point allows no further
 * decrease, or the start lies outside the domain (then `value` is not finite). 'limit': evaluations ran out.
 */
export type OptimizerStatus = 'running' | 'converged' | 'stalled' | 'limit';
