import { logScale } from '../engines/lmm/column-transform.js';
import { factorInUnits, fixedEffects, residualSd } from '../engines/lmm/estimates.js';
import type { LmmWork } from '../engines/lmm/lmm-work.js';
import { decompose, deviance, eliminate, jointMode, reduce } from '../engines/lmm/profiled-deviance.js';
import { factorEntries, writeFactor } from '../kernels/factor-entries.js';
import { type Desk, gradientAt, standAt } from './lmm-desk.js';
import { publicRX, publicRZX, solveEdited } from './lmm-stages.js';
import { DenseMatrix, SparseFactor } from './matrix.js';
import type { Parameter } from './parameter.js';

/** What minimises the penalized residual sum of squares at a point. */
export interface LmmMode {
  /** Fixed effects, in the units of the data; `LmmProblem.coefficients` names them. */
  readonly beta: Float64Array;
  /** Spherical random effects, u ~ N(0, sigma^2 I), block by block, level by level (`LmmProblem.effects`). */
  readonly u: Float64Array;
  /** Random effects, b = Lambda u. */
  readonly b: Float64Array;
  /** Penalized weighted residual sum of squares, r^2. */
  readonly pwrss: number;
}

/** What a deviance is the sum of [LMM-7]: log|L|^2 + log|R| + log|RX|^2 (REML) + nu log(2 pi sigma^2) + pwrss / sigma^2 - sum log w. */
export interface LmmParts {
  readonly logDetL: number; // log|L|^2
  readonly logDetRX: number; // log|RX|^2, whether it counts (REML) or not
  readonly logDetResidual: number; // log|R|; 0 without residual structure
  readonly pwrss: number;
  readonly sigma: number; // profiled, or held
  readonly nu: number;
}

/** What a point is given by its problem. */
export interface LmmPointHost {
  readonly work: LmmWork;
  readonly desk: Desk;
  readonly parameters: readonly Parameter[];
  /** Penalties of the caller's at a point that `work` stands at; their derivatives are added. */
  addPenalties(point: Float64Array, gradient: Float64Array | null): number;
  /** The objective where beta and sigma are part of the point; the derivatives by all of it are written. */
  joint?(gradient: Float64Array | null): number;
}

/**
 * One point of a linear mixed model. Nothing is computed before it is asked for; L, RZX and RX may be changed between the stages, and
 * what comes after uses them as they stand. They are in the units of the data: Z Lambda for theta as given, X and y as the design has
 * them, rows multiplied by the roots of their weights [EMBED-1, EMBED-3].
 */
export class LmmPoint {
  /** Theta, then the residual's parameters: what the decomposition is about. */
  readonly theta: Float64Array;
  /**
   * The power of sigma^2 that r^2 is weighed against: N, or N - P for REML. Whoever puts a normal prior's precision into RX
   * adds the prior's dimension.
   */
  nu: number;
  private l: SparseFactor | null = null;
  private rzx: DenseMatrix | null = null;
  private rx: DenseMatrix | null = null;
  private original: {
    readonly l: Float64Array | null;
    readonly rzx: Float64Array | null;
    readonly rx: Float64Array;
  } | null = null;
  /** L from which RZX and RX were made anew. */
  private given: Float64Array | null = null;

  constructor(
    private readonly host: LmmPointHost,
    theta: Float64Array,
    /** All numbers of the point. */
    readonly point: Float64Array = theta,
  ) {
    this.theta = theta;
    this.nu = host.work.nu;
  }

  /**
   * L, RZX and RX at this point; discards changes made to them before.
   * @throws RangeError where there is none (outside of the parameters' bounds)
   */
  decompose(): this {
    this.given = null;
    this.forget();
    this.stand();
    return this;
  }

  /** RZX and RX anew from L as it stands. */
  eliminate(): this {
    const values = this.l?.values.slice() ?? null;
    this.forget();
    this.given = values;
    this.stand();
    return this;
  }

  /** The factor of Lambda'Z'Z Lambda + I. */
  get L(): SparseFactor {
    if (this.l === null) {
      this.stand();
      this.l = new SparseFactor(factorEntries(this.host.work.chol));
      this.original = { ...this.originals(), l: this.l.values.slice() };
    }
    return this.l;
  }

  /** L^-1 Lambda'Z'X, q x P; rows in the order of the effects. */
  get RZX(): DenseMatrix {
    if (this.rzx === null) {
      this.stand();
      const { work } = this.host;
      this.rzx = new DenseMatrix(work.q, work.P, publicRZX(work));
      this.original = { ...this.originals(), rzx: this.rzx.values.slice() };
    }
    return this.rzx;
  }

  /** The upper factor of X'X - RZX'RZX (and of the precision of priors on the common scale), P x P. */
  get RX(): DenseMatrix {
    if (this.rx === null) {
      const { P } = this.host.work;
      this.rx = new DenseMatrix(P, P, this.originals().rx.slice());
    }
    return this.rx;
  }

  /**
   * beta~ and u~ from the decomposition as it stands.
   * @throws RangeError where RX has a zero on its diagonal
   */
  jointMode(): LmmMode {
    const { work } = this.host;
    this.solve();
    const { length } = work.products.response;
    const u = work.u.map((v) => v * length);
    return { beta: fixedEffects(work), u, b: this.effectsOf(u), pwrss: work.at.r2 * length * length };
  }

  /**
   * The objective: the deviance (REML criterion), priors and penalties added; sigma is profiled, unless it is part of the point. After
   * changes, that of the changed matrices, always profiled. +Infinity outside of the parameters' bounds.
   */
  deviance(): number {
    if (this.host.joint !== undefined && this.isPlain()) return this.host.joint(null);
    if (!this.canStand()) return Number.POSITIVE_INFINITY;
    this.solve();
    return this.profile();
  }

  /** What the deviance is the sum of. */
  parts(): LmmParts {
    const { work } = this.host;
    this.solve();
    this.profile();
    const { at, products } = work;
    const { length } = products.response;
    return {
      logDetL: at.logDetOmega,
      logDetRX: at.logDetRX + 2 * logScale(products.transform),
      logDetResidual: at.logDetResidual,
      pwrss: at.r2 * length * length,
      sigma: residualSd(work),
      nu: this.nu,
    };
  }

  /**
   * Exact derivatives of `deviance()` by the numbers of the point; NaN outside of the bounds.
   * @throws Error after changes: a changed matrix does not say how the change moves with theta
   */
  gradient(): Float64Array {
    const { work, parameters } = this.host;
    if (!this.isPlain())
      throw new Error(
        'no gradient of a changed decomposition: it does not say how the change moves with theta; add a penalty to the problem, or take differences of deviance()',
      );
    if (this.host.joint !== undefined) {
      const whole = new Float64Array(this.point.length);
      this.host.joint(whole);
      return whole;
    }
    const nowhere = new Float64Array(parameters.length).fill(Number.NaN);
    if (!this.canStand()) return nowhere;
    this.solve();
    if (!Number.isFinite(this.profile())) return nowhere;
    const gradient = gradientAt(work, this.theta);
    this.host.addPenalties(this.theta, gradient);
    return gradient;
  }

  /** Nothing was changed. */
  private isPlain(): boolean {
    return this.changes() === null && this.given === null && this.nu === this.host.work.nu;
  }

  private forget(): void {
    this.l = null;
    this.rzx = null;
    this.rx = null;
    this.original = null;
    this.host.desk.owner = null;
  }

  /** Brings this point's decomposition, without changes, into the shared storage, unless it is there. */
  private canStand(): boolean {
    const { work, desk, parameters } = this.host;
    if (desk.owner === this) return true;
    desk.owner = null;
    if (!standAt(work, parameters, this.theta) || !decompose(work)) return false;
    if (this.given !== null) {
      writeFactor(work.chol, this.given);
      if (!eliminate(work) || !reduce(work)) return false;
    }
    desk.owner = this;
    return true;
  }

  private stand(): void {
    if (!this.canStand()) throw new RangeError(`no decomposition at ${this.theta.join(', ')}`);
  }

  private originals(): NonNullable<LmmPoint['original']> {
    if (this.original !== null) return this.original;
    this.stand();
    this.original = { l: null, rzx: null, rx: publicRX(this.host.work) };
    return this.original;
  }

  /** Which matrices differ from what the decomposition gave; null: none. */
  private changes(): { readonly l: boolean; readonly rzx: boolean } | null {
    const { l, rzx, rx, original } = this;
    if (original === null) return null;
    const differ = (now: Float64Array | undefined, then: Float64Array | null) =>
      now !== undefined && then !== null && now.some((v, k) => v !== then[k]);
    const found = { l: differ(l?.values, original.l), rzx: differ(rzx?.values, original.rzx) };
    return found.l || found.rzx || differ(rx?.values, original.rx) ? found : null;
  }

  /** The joint mode of the matrices as they stand, in the shared storage. */
  private solve(): void {
    const { work, desk } = this.host;
    const changes = this.changes();
    this.stand();
    if (changes === null) {
      jointMode(work);
      return;
    }
    const { rx } = this.originals();
    const all = changes.l || changes.rzx;
    const RZX = all ? (this.rzx?.values ?? publicRZX(work)) : null;
    desk.owner = null; // what follows overwrites the decomposition
    if (changes.l && this.l !== null) {
      writeFactor(work.chol, this.l.values);
      eliminate(work);
    }
    if (!solveEdited(work, { RX: this.rx?.values ?? rx, originalRX: rx, RZX }))
      throw new RangeError('RX has a zero on its diagonal');
  }

  private profile(): number {
    const { work, desk } = this.host;
    // priors on the absolute scale are taken into RX here
    if (work.priors !== null) desk.owner = null;
    const value = deviance(this.nu === work.nu ? work : { ...work, nu: this.nu });
    return Number.isFinite(value) ? value + this.host.addPenalties(this.theta, null) : value;
  }

  private effectsOf(u: Float64Array): Float64Array {
    const { layout, lambda } = this.host.work;
    const { rowStart, size } = layout.pattern;
    const b = new Float64Array(u.length);
    for (const block of layout.blocks) {
      for (let node = block.nodeStart; node < block.nodeStart + block.levels; node++) {
        const s = size[node];
        const F = factorInUnits(block, lambda, layout.nodeLambda[node], s);
        for (let c = 0; c < s; c++)
          for (let r = 0; r < s; r++) b[rowStart[node] + r] += F[r + c * s] * u[rowStart[node] + c];
      }
    }
    return b;
  }
}
