import { symmetricEigen } from '../kernels/symmetric-eigen.js';
import type { SmoothProblem } from './problem.js';
import { largestAbsolute } from './vectors.js';

export interface PolishOptions {
  /** Stop when no component of the gradient is larger. Default 1e-9. */
  readonly target?: number;
  readonly maxSteps?: number; // default 8
  readonly known?: { readonly value: number; readonly gradient: Float64Array };
}

export interface Polished {
  readonly at: { readonly x: Float64Array; readonly value: number; readonly gradient: Float64Array };
  readonly evaluations: number;
}

/**
 * Newton steps with one fixed Hessian, for a point that is a minimum up to rounding. A step is kept while it shrinks the
 * gradient: the objective itself can no longer tell.
 * @param hessian  n x n, column-major, at or near x
 */
export function polish(
  problem: SmoothProblem,
  x: Float64Array,
  hessian: Float64Array,
  options: PolishOptions = {},
): Polished {
  const n = problem.dimension;
  const target = options.target ?? 1e-9;
  let evaluations = 0;
  let at: Polished['at'];
  if (options.known) at = { x, value: options.known.value, gradient: options.known.gradient };
  else {
    const gradient = new Float64Array(n);
    at = { x, value: problem.evaluate(x, gradient), gradient };
    evaluations++;
  }
  if (n === 0 || !hessian.every(Number.isFinite)) return { at, evaluations };
  const { values, vectors } = symmetricEigen(hessian, n);
  const floor = 1e-10 * Math.max(Math.abs(values[0]), Math.abs(values[n - 1]));
  for (let step = 0; step < (options.maxSteps ?? 8); step++) {
    const before = largestAbsolute(at.gradient);
    if (before <= target) break;
    const next = Float64Array.from(at.x);
    for (let k = 0; k < n; k++) {
      // along a flat direction there is nothing to gain, and a step would be noise divided by noise
      if (!(Math.abs(values[k]) > floor)) continue;
      let c = 0;
      for (let i = 0; i < n; i++) c += vectors[i + k * n] * at.gradient[i];
      for (let i = 0; i < n; i++) next[i] -= (c / values[k]) * vectors[i + k * n];
    }
    const gradient = new Float64Array(n);
    const value = problem.evaluate(next, gradient);
    evaluations++;
    const allowed = at.value + 64 * Number.EPSILON * Math.abs(at.value);
    if (!(value <= allowed) || !(largestAbsolute(gradient) < before)) break;
    at = { x: next.map((v) => v + 0), value, gradient: gradient.map((v) => v + 0) };
    if (!(largestAbsolute(gradient) < before / 2)) break;
  }
  return { at, evaluations };
}
