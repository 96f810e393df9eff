import { NewtonSteps } from '../../optim/newton-steps.js';
import type { SmoothProblem } from '../../optim/problem.js';
import { minimize, runToEnd } from '../../optim/quasi-newton.js';
import { farStart } from './far-start.js';
import { fewRows, indifferent, otherStarts } from './find-optimum.js';
import type { LmmWork } from './lmm-work.js';
import { scatteredTheta } from './start-theta.js';

/** Deviance that may be left where the search ends: where there is an edge of the parameters, a standard deviation of zero is to be seen. */
const leftAtEdge = 1e-14;
/** ... where it ended badly and begins again from there, and where a look from elsewhere says what it will find. */
const leftAtFirst = 1e-6;
const mostEvaluations = 30;
/** Minima nearer to each other than this are one. */
const near = 0.05;

/**
 * The minimum of one response's deviance after the other, from a place that is near to all of them: Newton steps [OPT-8], and the other
 * starts of the ordinary search where the fit is singular.
 */
export class LightSearch {
  /** Where the latest search ended. */
  readonly x: Float64Array;
  value = Number.NaN;
  private readonly newton: NewtonSteps;
  private readonly elsewhere: readonly Float64Array[];

  /** @param start  of the searches: what `farStart` keeps */
  constructor(work: LmmWork, start: Float64Array) {
    const dimension = start.length;
    this.x = new Float64Array(dimension);
    this.newton = new NewtonSteps(dimension);
    const scattered = work.model.rows > fewRows ? 0 : otherStarts;
    const far = farStart(work.layout, work.products.A, start);
    this.elsewhere = [
      ...Array.from({ length: scattered }, (_, k) => scatteredTheta(dimension, k + 1)),
      ...(far === null ? [] : [far]),
    ];
  }

  /**
   * @param unit        deviance that one unit of the problem's objective stands for
   * @param left        deviance that may be left inside the edges of the parameters
   * @param isSingular  of the point at which the problem was evaluated last
   * @returns           whether x is a minimum
   */
  run(
    problem: SmoothProblem,
    start: Float64Array,
    { unit, left }: { readonly unit: number; readonly left: number },
    isSingular: (x: Float64Array) => boolean,
  ): boolean {
    const { newton, x } = this;
    if (!this.reach(problem, start, left / unit)) return false;
    this.keep();
    if (!isSingular(x)) return true;
    const exactly = { tolerance: leftAtEdge / unit, maxEvaluations: mostEvaluations };
    if (left > leftAtEdge) {
      if (!newton.run(problem, x, exactly)) return false;
      this.keep();
    }
    for (const from of this.elsewhere) {
      if (!this.reach(problem, from, leftAtFirst / unit)) continue;
      if (newton.value > this.value + leftAtFirst / unit || this.isNear(newton.x)) continue;
      if (!newton.run(problem, newton.x, exactly)) continue;
      if (newton.value < this.value - indifferent / unit) this.keep();
    }
    return true;
  }

  private keep(): void {
    this.x.set(this.newton.x);
    this.value = this.newton.value;
  }

  /** Newton steps; where they fail, those of `minimize` first. */
  private reach(problem: SmoothProblem, start: Float64Array, tolerance: number): boolean {
    const { newton } = this;
    const options = { tolerance, maxEvaluations: mostEvaluations };
    if (newton.run(problem, start, options)) return true;
    const found = runToEnd(minimize(problem, start, { tolerance: Math.max(tolerance, leftAtFirst) }));
    return Number.isFinite(found.value) && newton.run(problem, found.x, options);
  }

  /** The same minimum; its mirror image is looked at. */
  private isNear(other: Float64Array): boolean {
    const { x } = this;
    for (let p = 0; p < x.length; p++) if (!(Math.abs(x[p] - other[p]) < near)) return false;
    return true;
  }
}
