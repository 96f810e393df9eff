import type { SmoothProblem } from '../../optim/problem.js';
import type { ResponseProducts } from './cross-products.js';
import type { LevelClasses } from './level-classes.js';
import { LevelHessian, type ParameterPlaces } from './level-hessian.js';
import { LevelSums } from './level-sums.js';
import { LevelValue } from './level-value.js';
import type { LmmWork } from './lmm-work.js';
import type { CovarianceModel } from './structures/covariance-model.js';

/**
 * The profiled deviance [LMM-7], its gradient and its Hessian [LMM-17] of a model with one grouping factor, by classes of levels
 * [LMM-20]: what a class costs does not depend on how many levels it has. Nothing is allocated after the constructor, and what was asked
 * of the latest point is not computed again.
 */
export class LevelDeviance implements SmoothProblem {
  readonly dimension: number;
  /** Of the latest point; NaN before the first. */
  readonly theta: Float64Array;
  private value = Number.NaN;
  private summed = false; // whether `sums` and `slopes` are of that point
  private readonly at: LevelValue;
  private readonly sums: LevelSums;
  private readonly curvature: LevelHessian;
  private readonly model: CovarianceModel;
  private readonly slopes: Float64Array;
  private readonly G: Float64Array; // k x k: derivatives by Lambda

  constructor(work: LmmWork, classes: LevelClasses) {
    const { size: k } = classes;
    this.dimension = work.layout.thetas;
    this.theta = new Float64Array(this.dimension).fill(Number.NaN);
    this.model = work.layout.blocks[0].model;
    this.at = new LevelValue(work, classes);
    this.sums = new LevelSums(this.at);
    this.curvature = new LevelHessian(this.at, this.sums, placesOf(this.model.name === 'diag', k));
    this.slopes = new Float64Array(this.dimension);
    this.G = new Float64Array(k * k);
  }

  /** k x k. */
  get lambda(): Float64Array {
    return this.at.lambda;
  }

  /** P, in transformed coordinates. */
  get beta(): Float64Array {
    return this.at.beta;
  }

  /** In units of the response's length. */
  get sigma(): number {
    return this.at.sigma;
  }

  /** As `LmmPoint` has it. */
  get r2(): number {
    return this.at.r2;
  }

  /** Another response of the same rows. */
  use(response: ResponseProducts): void {
    this.at.use(response);
    this.theta.fill(Number.NaN);
  }

  /** As `profiledDeviance`, and `devianceGradient` where a gradient is asked for; that is NaN where the deviance is infinite. */
  evaluate(theta: Float64Array, gradient: Float64Array | null): number {
    if (!this.isLatest(theta)) {
      this.theta.set(theta);
      this.summed = false;
      this.model.factorInto(this.at.lambda, 0, this.at.classes.size, theta, 0, null);
      this.value = this.at.evaluate();
    }
    if (gradient === null) return this.value;
    if (!this.summed) this.differentiate();
    gradient.set(this.slopes);
    return this.value;
  }

  /** @param into  n x n, column-major; NaN where the deviance is infinite */
  hessian(theta: Float64Array, into: Float64Array): void {
    this.evaluate(theta, this.slopes);
    if (Number.isFinite(this.value)) this.curvature.write(into);
    else into.fill(Number.NaN);
  }

  private isLatest(theta: Float64Array): boolean {
    for (let p = 0; p < theta.length; p++) if (theta[p] !== this.theta[p]) return false;
    return true;
  }

  private differentiate(): void {
    const { at, sums, slopes, G } = this;
    this.summed = true;
    if (!Number.isFinite(this.value)) {
      slopes.fill(Number.NaN);
      return;
    }
    sums.form();
    const { lambda, byLambda, sigma } = at;
    const { size: k } = at.classes;
    const variance = sigma * sigma;
    G.set(byLambda);
    for (let j = 0, f = 0; j < k; j++)
      for (let i = j; i < k; i++, f++) {
        const gamma = -2 * (sums.outer[f] + sums.errors[f] / variance);
        for (let c = 0; c < k; c++) {
          G[i + c * k] += gamma * lambda[j + c * k];
          if (i !== j) G[j + c * k] += gamma * lambda[i + c * k];
        }
      }
    slopes.fill(0);
    this.model.gradientInto(slopes, 0, G, 0, k, this.theta, null);
  }
}

/** The parameters of a block's Lambda column by column. */
function placesOf(diagonal: boolean, k: number): ParameterPlaces {
  const row: number[] = [];
  const column: number[] = [];
  for (let c = 0; c < k; c++)
    for (let r = c; r < (diagonal ? c + 1 : k); r++) {
      row.push(r);
      column.push(c);
    }
  return { row: Int32Array.from(row), column: Int32Array.from(column) };
}
