import type { GlmmProblem as BoundGlmm } from '../engines/glmm/fit-glmm.js';
import { expandEta } from '../engines/glmm/observations.js';
import { publicBeta } from '../engines/glmm/public-parameters.js';
import { factorInUnits } from '../engines/lmm/estimates.js';
import { factorEntries } from '../kernels/factor-entries.js';
import { evaluateGlmm } from './glmm-coordinates.js';
import { addPenaltiesAt, type GlmmPenalties } from './glmm-penalty.js';
import type { Desk } from './lmm-desk.js';
import { SparseFactor } from './matrix.js';
import type { Parameter } from './parameter.js';

/** The conditional mode of the random effects at a point. */
export interface GlmmMode {
  /** Coefficients of all predictors, as the point has them (and held ones). */
  readonly beta: Float64Array;
  /** Spherical random effects, u ~ N(0, I), block by block, level by level. */
  readonly u: Float64Array;
  /** Random effects, b = Lambda u. */
  readonly b: Float64Array;
  /** Linear predictors at the mode, one after the other, rows each. */
  readonly eta: Float64Array;
}

/** Laplace's approximation is logLik and penalty and determinant: -2 logLik + penalty + logDetL. */
export interface GlmmParts {
  readonly logLik: number; // log f(y | u~)
  readonly penalty: number; // |u~|^2
  readonly logDetL: number; // log|L|^2
}

export interface GlmmPointHost {
  readonly bound: BoundGlmm;
  readonly desk: Desk;
  readonly parameters: readonly Parameter[];
  readonly penalties: GlmmPenalties;
}

/** One point of a generalised linear mixed model; nothing is computed before it is asked for. beta is part of the point. */
export class GlmmPoint {
  private gradientHere: Float64Array | null = null;
  private valueHere = Number.NaN;

  constructor(
    private readonly host: GlmmPointHost,
    readonly point: Float64Array,
  ) {}

  /**
   * The factor of Lambda'Z'WZ Lambda + I, with W at the mode.
   * @throws RangeError where there is no mode
   */
  decompose(): this {
    this.stand(false);
    if (!Number.isFinite(this.valueHere)) throw new RangeError(`no decomposition at ${this.point.join(', ')}`);
    return this;
  }

  /** A copy of that factor. */
  get L(): SparseFactor {
    this.decompose();
    return new SparseFactor(factorEntries(this.host.bound.work.chol));
  }

  /** u~ of this point. @throws RangeError where there is none */
  jointMode(): GlmmMode {
    this.decompose();
    const { work } = this.host.bound;
    return {
      beta: publicBeta(work.model, work.beta),
      u: work.u.slice(),
      b: this.effects(),
      eta: expandEta(work.model, work.eta),
    };
  }

  /** The objective: the deviance, priors and penalties added; +Infinity where there is no mode, or outside of the bounds. */
  deviance(): number {
    this.stand(false);
    const { bound, parameters, penalties } = this.host;
    if (!Number.isFinite(this.valueHere)) return Number.POSITIVE_INFINITY;
    return this.valueHere + addPenaltiesAt(bound, parameters, penalties, this.point, null);
  }

  /** Exact derivatives of `deviance()` by the numbers of the point, but for penalties that come without; NaN where it is infinite. */
  gradient(): Float64Array {
    this.stand(true);
    const { bound, parameters, penalties } = this.host;
    const gradient = this.gradientHere?.slice() ?? new Float64Array(this.point.length).fill(Number.NaN);
    if (Number.isFinite(this.valueHere)) addPenaltiesAt(bound, parameters, penalties, this.point, gradient);
    return gradient;
  }

  /** What Laplace's approximation is the sum of. @throws RangeError where there is no mode */
  parts(): GlmmParts {
    this.decompose();
    const { at } = this.host.bound.work;
    return { logLik: at.logLikelihood, penalty: at.penalty, logDetL: at.logDet };
  }

  private stand(withGradient: boolean): void {
    const { bound, parameters, desk } = this.host;
    if (desk.owner === this && (!withGradient || this.gradientHere !== null)) return;
    const { value, gradient } = evaluateGlmm(bound, parameters, this.point, withGradient);
    this.valueHere = value;
    if (gradient !== null) this.gradientHere = gradient;
    desk.owner = this;
  }

  private effects(): Float64Array {
    const { model, lambda, u } = this.host.bound.work;
    const { layout } = model;
    const { rowStart, size } = layout.pattern;
    const b = new Float64Array(u.length);
    for (const block of layout.blocks)
      for (let node = block.nodeStart; node < block.nodeStart + block.levels; node++) {
        const s = size[node];
        const F = factorInUnits(block, lambda, layout.nodeLambda[node], s);
        for (let c = 0; c < s; c++)
          for (let r = 0; r < s; r++) b[rowStart[node] + r] += F[r + c * s] * u[rowStart[node] + c];
      }
    return b;
  }
}
