import { shiftedCholesky, solveLowerInPlace, solveLowerTransposedInPlace } from '../../optim/cholesky-solve.js';
import type { ResponseProducts } from './cross-products.js';
import { type BlockArithmetic, blockArithmetic } from './level-blocks.js';
import { type ClassMoments, type LevelClasses, momentsOf } from './level-classes.js';
import type { LmmWork } from './lmm-work.js';

/** Products of determinants are left at this, far from where numbers end even if the next is as large. */
const enormous = 1e150;

/**
 * The profiled deviance [LMM-7] of a model with one grouping factor by classes of levels [LMM-20], and the K = (I + Z'Z S)^-1 of each
 * class, S = Lambda Lambda'.
 */
export class LevelValue {
  sigma = Number.NaN; // in units of the response's length
  r2 = Number.NaN; // as `LmmPoint` has it
  moments: ClassMoments;
  readonly blocks: BlockArithmetic;
  readonly lambda: Float64Array; // k x k
  readonly beta: Float64Array; // P, in transformed coordinates
  readonly K: Float64Array; // count x k x k
  readonly R: Float64Array; // P x P: the lower factor of X'V^-1 X
  readonly byLambda: Float64Array; // k x k: the derivative of log|L|^2 by Lambda
  readonly nu: number;
  readonly reml: boolean;
  private readonly constant: number;
  private readonly XX: Float64Array;
  private response: ResponseProducts;
  private readonly cBeta: Float64Array;
  private readonly transposed: Float64Array; // Lambda'
  private readonly AF: Float64Array; // k x k: a product
  private readonly omega: Float64Array;
  private readonly inverse: Float64Array; // L^-1
  private readonly F: Float64Array; // Lambda L^-T
  private readonly half: Float64Array; // P: a row of F'Z'X

  constructor(
    work: LmmWork,
    readonly classes: LevelClasses,
  ) {
    const { size: k, fixed: P, count } = classes;
    const block = (): Float64Array => new Float64Array(k * k);
    this.blocks = blockArithmetic(k);
    this.reml = work.settings.reml;
    this.nu = work.nu;
    this.constant = work.constant;
    this.XX = work.products.XX;
    this.response = work.products.response;
    this.moments = momentsOf(classes, this.response.Zy, null);
    this.lambda = block();
    this.beta = new Float64Array(P);
    this.K = new Float64Array(count * k * k);
    this.R = new Float64Array(P * P);
    this.byLambda = block();
    this.cBeta = new Float64Array(P);
    this.transposed = block();
    this.AF = block();
    this.omega = block();
    this.inverse = block();
    this.F = block();
    this.half = new Float64Array(P);
  }

  /** Another response of the same rows. */
  use(response: ResponseProducts): void {
    this.response = response;
    this.moments = momentsOf(this.classes, response.Zy, this.moments);
  }

  /** The deviance at this `lambda`; +Infinity where it has none. */
  evaluate(): number {
    const logDet = this.reduce();
    return logDet < Number.POSITIVE_INFINITY ? this.profile(logDet) : Number.POSITIVE_INFINITY;
  }

  /** log|L|^2, K and the normal equations; NaN where a pivot is not positive. */
  private reduce(): number {
    const { classes, blocks, lambda, transposed, XX, R, cBeta, response, moments, byLambda, K } = this;
    const { AF, omega, inverse, F, half } = this;
    const { size: k, fixed: P, count, levels, A, B } = classes;
    const { sums, squares } = moments;
    for (let j = 0; j < k; j++) for (let i = 0; i < k; i++) transposed[j + i * k] = lambda[i + j * k];
    R.set(XX);
    cBeta.set(response.Xy);
    byLambda.fill(0);
    let r2 = response.yy;
    let logDet = 0;
    let product = 1; // of roots: one logarithm for many of them
    for (let c = 0; c < count; c++) {
      const own = c * k * k;
      const many = levels[c];
      blocks.multiply(A, own, lambda, 0, AF);
      blocks.multiply(transposed, 0, AF, 0, omega);
      for (let i = 0; i < k; i++) omega[i * (k + 1)] += 1;
      const root = blocks.invertFactor(omega, inverse);
      if (!(root < Number.POSITIVE_INFINITY)) return Number.NaN;
      if (many > 1 || root > enormous) logDet += 2 * many * Math.log(root);
      else {
        product *= root;
        if (product > enormous) {
          logDet += 2 * Math.log(product);
          product = 1;
        }
      }
      // Lambda Omega^-1 = F L^-1 and Lambda Omega^-1 Lambda' = F F', which is used as F twice: by itself it loses digits where the
      // columns of Z are nearly alike
      blocks.multiplyTransposed(lambda, inverse, F);
      blocks.multiply(A, own, F, 0, AF);
      blocks.multiplyTransposed(AF, F, omega);
      for (let e = 0; e < k * k; e++) K[own + e] = -omega[e];
      for (let i = 0; i < k; i++) K[own + i * (k + 1)] += 1;
      blocks.multiply(AF, 0, inverse, 0, omega);
      for (let e = 0; e < k * k; e++) byLambda[e] += 2 * many * omega[e];
      if (squares !== null) {
        blocks.multiply(squares, own, F, 0, omega);
        for (let e = 0; e < k * k; e++) r2 -= F[e] * omega[e];
      }
      for (let i = 0; i < k; i++) {
        half.fill(0);
        let t = 0;
        for (let j = 0; j < k; j++) {
          const f = F[j + i * k];
          const from = (c * k + j) * P;
          t += f * sums[c * k + j];
          for (let x = 0; x < P; x++) half[x] += f * B[from + x];
        }
        if (squares === null) r2 -= t * t;
        for (let x = 0; x < P; x++) {
          const f = half[x];
          cBeta[x] -= f * t;
          for (let y = x; y < P; y++) R[y + x * P] -= many * f * half[y];
        }
      }
    }
    this.r2 = r2;
    return logDet + 2 * Math.log(product);
  }

  /** beta, sigma and the deviance. */
  private profile(logDet: number): number {
    const { classes, R, cBeta, beta, nu, response } = this;
    const P = classes.fixed;
    this.sigma = 0;
    if (!shiftedCholesky(R, P, 0, R)) return Number.POSITIVE_INFINITY;
    solveLowerInPlace(R, P, cBeta);
    let logDetRX = 0;
    let { r2 } = this;
    for (let x = 0; x < P; x++) {
      r2 -= cBeta[x] * cBeta[x];
      logDetRX += 2 * Math.log(R[x + x * P]);
    }
    beta.set(cBeta);
    solveLowerTransposedInPlace(R, P, beta);
    this.r2 = r2;
    if (!(r2 > 0 && nu > 0)) return Number.POSITIVE_INFINITY;
    const variance = r2 / nu;
    this.sigma = Math.sqrt(variance);
    const { length } = response;
    const h = nu * (Math.log(variance) + 1) + nu * Math.log(2 * Math.PI * length * length);
    const value = logDet + (this.reml ? logDetRX : 0) + h + this.constant;
    return Number.isFinite(value) ? value : Number.POSITIVE_INFINITY;
  }
}
