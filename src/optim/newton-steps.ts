import { shiftedCholesky, solveLowerInPlace, solveLowerTransposedInPlace } from './cholesky-solve.js';
import type { SmoothProblem } from './problem.js';

export interface NewtonOptions {
  /** Stop when a step promises less than this, in units of the objective. */
  readonly tolerance: number;
  readonly maxEvaluations: number;
  /** First bound on the length of a step. Default 1. */
  readonly radius?: number;
}

/** What the objective may rise by where it should fall, in units of its own size: rounding. */
const rounding = 64 * Number.EPSILON;
/** A step this much longer than the radius will do. */
const roughly = 1.1;
/** The first shift of a curvature that is not positive, in units of its largest entry. */
const firstShift = 1e-2;
const mostShifts = 30;

/**
 * Newton's method within a trust region for a problem that has its Hessian: all of what it needs is allocated once, so that many short
 * searches one after the other cost what their evaluations do. Where the curvature is not positive it is shifted until it is (Levenberg
 * 1944, Marquardt 1963) [OPT-8]. A saddle may stop it: what is to be proved takes `minimizeCertified`.
 */
export class NewtonSteps {
  /** Where the latest run ended; the problem was evaluated there last if it ended at a minimum. */
  readonly x: Float64Array;
  value = Number.NaN;
  evaluations = 0;
  readonly gradient: Float64Array; // at x
  readonly hessian: Float64Array; // n x n, column-major, at x
  private readonly slopes: Float64Array;
  private readonly L: Float64Array;
  private readonly step: Float64Array;
  private readonly along: Float64Array;
  private readonly next: Float64Array;

  constructor(dimension: number) {
    this.x = new Float64Array(dimension);
    this.gradient = new Float64Array(dimension);
    this.slopes = new Float64Array(dimension);
    this.hessian = new Float64Array(dimension * dimension);
    this.L = new Float64Array(dimension * dimension);
    this.step = new Float64Array(dimension);
    this.along = new Float64Array(dimension);
    this.next = new Float64Array(dimension);
  }

  /** @returns whether `x` is a minimum to the tolerance, where the curvature is positive */
  run(problem: SmoothProblem, start: Float64Array, options: NewtonOptions): boolean {
    const { x, gradient, slopes, hessian, step, next } = this;
    let radius = options.radius ?? 1;
    this.evaluations = 1;
    x.set(start);
    this.value = problem.evaluate(x, gradient);
    if (problem.hessian === undefined || !Number.isFinite(this.value)) return false;
    problem.hessian(x, hessian);
    for (;;) {
      const whole = this.solve(radius);
      const promised = this.promised();
      if (!(promised >= 0)) return false;
      if (whole && promised <= options.tolerance) return true;
      if (this.evaluations >= options.maxEvaluations) return false;
      let length = 0;
      for (let i = 0; i < x.length; i++) {
        next[i] = x[i] + step[i];
        length += step[i] * step[i];
      }
      length = Math.sqrt(length);
      const value = problem.evaluate(next, slopes);
      this.evaluations++;
      const slack = rounding * Math.abs(this.value);
      const fallen = this.value - value;
      if (!(fallen > 1e-4 * promised - slack)) {
        radius = length / 4;
        if (!(radius > 1e-12)) return false;
        continue;
      }
      const good = fallen > 0.75 * promised - slack;
      if (fallen < 0.25 * promised - slack) radius = length / 2;
      else if (good) radius = Math.max(radius, 2.5 * length);
      this.value = value;
      x.set(next);
      gradient.set(slopes);
      problem.hessian(x, hessian);
    }
  }

  /** The step of the model within the radius. @returns whether it is Newton's own */
  private solve(radius: number): boolean {
    const { gradient, hessian, L, step, along } = this;
    const n = step.length;
    let shift = 0;
    for (let pass = 0; pass < mostShifts; pass++) {
      if (!shiftedCholesky(hessian, n, shift, L)) {
        let largest = 0;
        for (let k = 0; k < hessian.length; k++) largest = Math.max(largest, Math.abs(hessian[k]));
        shift = shift === 0 ? firstShift * largest : 4 * shift;
        continue;
      }
      for (let i = 0; i < n; i++) step[i] = -gradient[i];
      solveLowerInPlace(L, n, step);
      solveLowerTransposedInPlace(L, n, step);
      let square = 0;
      for (let i = 0; i < n; i++) square += step[i] * step[i];
      const length = Math.sqrt(square);
      if (length <= roughly * radius) return shift === 0;
      if (!Number.isFinite(length)) break;
      // Newton's method on 1 / radius - 1 / |step(shift)|, which is almost linear in the shift
      along.set(step);
      solveLowerInPlace(L, n, along);
      let size = 0;
      for (let i = 0; i < n; i++) size += along[i] * along[i];
      shift += ((square / size) * (length - radius)) / radius;
    }
    step.fill(Number.NaN);
    return false;
  }

  /** Decrease of the quadratic model, -(g's + s'Hs / 2). */
  private promised(): number {
    const { gradient, hessian, step } = this;
    const n = step.length;
    let total = 0;
    for (let j = 0; j < n; j++) {
      let t = 0;
      for (let i = 0; i < n; i++) t += hessian[i + j * n] * step[i];
      total += step[j] * (gradient[j] + t / 2);
    }
    return -total;
  }
}
