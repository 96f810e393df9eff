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
  readonly status: 'running' | 'converged' | 'stalled' | 'limit';
}
