import { shiftedCholesky, solveLowerInPlace, solveLowerTransposedInPlace } from '../../optim/cholesky-solve.js';
import type { ResponseProducts } from './cross-products.js';
import { factorize, multiply } from './level-blocks.js';
import { type ClassMoments, type LevelClasses, momentsOf, squaresOf } from './level-classes.js';
import type { LmmWork } from './lmm-work.js';
import type { CovarianceModel } from './structures/covariance-model.js';

/**
 * The profiled deviance [LMM-7], its gradient and its Hessian [LMM-17] of a model with one grouping factor, by classes of levels
 * [LMM-20]: what a class costs does not depend on how many levels it has. Nothing is allocated after the constructor. With S = Lambda
 * Lambda' and Q = Lambda Omega^-1 Lambda' of a level, K = (I + Z'Z S)^-1 = I - Z'Z Q takes Z'Z, Z'X and Z'y to Z'V^-1 Z, Z'V^-1 X and
 * Z'V^-1 y.
 */
export class LevelDeviance {
  readonly beta: Float64Array; // P, in transformed coordinates
  sigma = Number.NaN; // in units of the response's length
  r2 = Number.NaN; // as `LmmPoint` has it
  readonly theta: Float64Array;
  readonly lambda: Float64Array; // k x k
  private readonly model: CovarianceModel;
  private readonly reml: boolean;
  private readonly nu: number;
  private readonly constant: number;
  private readonly XX: Float64Array;
  private response: ResponseProducts;
  private moments: ClassMoments;
  private readonly place: { readonly row: Int32Array; readonly column: Int32Array }; // of each parameter in Lambda
  private readonly K: Float64Array; // k x k of each class
  // of the class at hand: there may be a million of them
  private readonly N: Float64Array; // k x k: Z'V^-1 Z
  private readonly E: Float64Array; // k x P: Z'V^-1 X RX^-1
  private readonly errors: Float64Array; // k x k: sum of e e', e = Z'V^-1 (y - X beta)
  private readonly meanErrors: Float64Array; // k: sum of e
  // of all
  private readonly R: Float64Array; // P x P: X'V^-1 X, then its factor
  private readonly cBeta: Float64Array;
  private readonly byLambda: Float64Array; // k x k: of log|L|^2
  private readonly gamma: Float64Array; // k x k
  private readonly allErrors: Float64Array; // k x k
  private readonly scratch: Scratch;

  constructor(
    work: LmmWork,
    private readonly classes: LevelClasses,
  ) {
    const { size: k, fixed: P, count } = classes;
    const n = work.layout.thetas;
    this.model = work.layout.blocks[0].model;
    this.reml = work.settings.reml;
    this.nu = work.nu;
    this.constant = work.constant;
    this.XX = work.products.XX;
    this.response = work.products.response;
    this.moments = momentsOf(classes, this.response.Zy, null);
    this.theta = new Float64Array(n);
    this.lambda = new Float64Array(k * k);
    this.place = placesOf(this.model.name === 'diag', k);
    this.beta = new Float64Array(P);
    this.K = new Float64Array(count * k * k);
    this.N = new Float64Array(k * k);
    this.E = new Float64Array(k * P);
    this.errors = new Float64Array(k * k);
    this.meanErrors = new Float64Array(k);
    this.R = new Float64Array(P * P);
    this.cBeta = new Float64Array(P);
    this.byLambda = new Float64Array(k * k);
    this.gamma = new Float64Array(k * k);
    this.allErrors = new Float64Array(k * k);
    this.scratch = scratchFor(k, P, n);
  }

  /** Another response of the same rows. */
  use(response: ResponseProducts): void {
    this.response = response;
    this.moments = momentsOf(this.classes, response.Zy, this.moments);
  }

  /** As `profiledDeviance`, and `devianceGradient` where a gradient is asked for. */
  evaluate(theta: Float64Array, gradient: Float64Array | null): number {
    this.theta.set(theta);
    this.model.factorInto(this.lambda, 0, this.classes.size, theta, 0, null);
    const logDet = this.reduce();
    if (!(logDet < Number.POSITIVE_INFINITY)) return Number.POSITIVE_INFINITY;
    const value = this.profile(logDet);
    if (gradient === null || !(value < Number.POSITIVE_INFINITY)) return value;
    this.differentiate();
    const { G } = this.scratch;
    gradient.fill(0);
    this.model.gradientInto(gradient, 0, G, 0, this.classes.size, theta, null);
    return value;
  }

  /** log|L|^2; K and the normal equations at this Lambda. +Infinity where a pivot is not positive. */
  private reduce(): number {
    const { classes, lambda, XX, R, cBeta, response, moments, byLambda, K } = this;
    const { size: k, fixed: P, count, levels, A, B } = classes;
    const { omega, left, q, product } = this.scratch;
    const { sums } = moments;
    const { squares } = this.scratch;
    R.set(XX);
    cBeta.set(response.Xy);
    byLambda.fill(0);
    let r2 = response.yy;
    let logDet = 0;
    for (let c = 0; c < count; c++) {
      const own = c * k * k;
      const many = levels[c];
      squaresOf(moments, c, k, squares);
      multiply(A, own, lambda, 0, k, product); // A Lambda
      for (let j = 0; j < k; j++)
        for (let i = j; i < k; i++) {
          let t = i === j ? 1 : 0;
          for (let x = i; x < k; x++) t += lambda[x + i * k] * product[x + j * k];
          omega[i + j * k] = t;
        }
      const root = factorize(omega, k);
      if (!(root > 0 && root < Number.POSITIVE_INFINITY)) return Number.POSITIVE_INFINITY;
      logDet += 2 * many * Math.log(root);
      // left = L^-1 Lambda', q = left'left
      for (let j = 0; j < k; j++)
        for (let i = 0; i < k; i++) {
          let t = j >= i ? lambda[j + i * k] : 0;
          for (let x = 0; x < i; x++) t -= omega[i + x * k] * left[x + j * k];
          left[i + j * k] = t / omega[i + i * k];
        }
      for (let j = 0; j < k; j++)
        for (let i = 0; i <= j; i++) {
          let t = 0;
          for (let x = 0; x < k; x++) t += left[x + i * k] * left[x + j * k];
          q[i + j * k] = t;
          q[j + i * k] = t;
        }
      multiply(A, own, q, 0, k, product); // A Q
      for (let j = 0; j < k; j++)
        for (let i = 0; i < k; i++) K[own + i + j * k] = (i === j ? 1 : 0) - product[i + j * k];
      // Lambda Omega^-1 = left' L^-1 by rows, over left
      for (let i = 0; i < k; i++)
        for (let j = k - 1; j >= 0; j--) {
          let t = left[j + i * k];
          for (let x = j + 1; x < k; x++) t -= left[x + i * k] * omega[x + j * k];
          left[j + i * k] = t / omega[j + j * k];
        }
      for (let j = 0; j < k; j++)
        for (let i = 0; i < k; i++) {
          let t = 0;
          for (let x = 0; x < k; x++) t += A[own + i + x * k] * left[j + x * k];
          byLambda[i + j * k] += 2 * many * t;
        }
      for (let j = 0; j < k; j++) for (let i = 0; i < k; i++) r2 -= q[i + j * k] * squares[i + j * k];
      for (let x = 0; x < P; x++) {
        let t = 0;
        for (let i = 0; i < k; i++) {
          let v = 0;
          for (let j = 0; j < k; j++) v += q[i + j * k] * B[(c * k + j) * P + x];
          product[i] = v;
          t += v * sums[c * k + i];
        }
        cBeta[x] -= t;
        for (let y = x; y < P; y++) {
          let v = 0;
          for (let i = 0; i < k; i++) v += product[i] * B[(c * k + i) * P + y];
          R[y + x * P] -= many * v;
        }
      }
    }
    this.r2 = r2;
    return logDet;
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

  /** N, E and the moments of e of one class, at the latest Lambda and beta. */
  private visit(c: number): void {
    const { classes, moments, R, beta, K, N, E, errors, meanErrors } = this;
    const { size: k, fixed: P, levels, A, B } = classes;
    const { sums } = moments;
    const { squares } = this.scratch;
    const { product, fitted } = this.scratch;
    const own = c * k * k;
    const many = levels[c];
    for (let j = 0; j < k; j++)
      for (let i = 0; i < k; i++) {
        let t = A[own + i + j * k]; // I - K takes as many digits of A as A Q does
        for (let x = 0; x < k; x++) t -= ((i === x ? 1 : 0) - K[own + i + x * k]) * A[own + x + j * k];
        N[i + j * k] = t;
      }
    for (let i = 0; i < k; i++) {
      for (let x = 0; x < P; x++) {
        let t = 0;
        for (let j = 0; j < k; j++) t += K[own + i + j * k] * B[(c * k + j) * P + x];
        for (let y = 0; y < x; y++) t -= R[x + y * P] * E[y * k + i];
        E[x * k + i] = t / R[x + x * P];
      }
      let v = 0;
      for (let x = 0; x < P; x++) v += B[(c * k + i) * P + x] * beta[x];
      fitted[i] = v;
    }
    squaresOf(moments, c, k, squares);
    // product = K sum of (b - B beta)(b - B beta)'
    for (let j = 0; j < k; j++)
      for (let i = 0; i < k; i++) {
        let t = 0;
        for (let x = 0; x < k; x++) {
          const about =
            squares[x + j * k] -
            sums[c * k + x] * fitted[j] -
            fitted[x] * sums[c * k + j] +
            many * fitted[x] * fitted[j];
          t += K[own + i + x * k] * about;
        }
        product[i + j * k] = t;
      }
    for (let i = 0; i < k; i++) {
      let t = 0;
      for (let x = 0; x < k; x++) t += K[own + i + x * k] * (sums[c * k + x] - many * fitted[x]);
      meanErrors[i] = t;
    }
    for (let j = 0; j < k; j++)
      for (let i = 0; i <= j; i++) {
        let t = 0;
        for (let x = 0; x < k; x++) t += product[i + x * k] * K[own + j + x * k];
        errors[i + j * k] = t;
        errors[j + i * k] = t;
      }
  }

  /** The derivatives by Lambda. */
  private differentiate(): void {
    const { classes, lambda, N, E, errors, gamma, allErrors, byLambda, reml } = this;
    const { size: k, fixed: P, count, levels } = classes;
    const { left, G } = this.scratch;
    const variance = this.sigma * this.sigma;
    gamma.fill(0); // sum of Z'PZ of every level less e e' / sigma^2; without N until the end
    allErrors.fill(0);
    left.fill(0); // sum of N
    for (let c = 0; c < count; c++) {
      this.visit(c);
      const many = levels[c];
      for (let j = 0; j < k; j++)
        for (let i = 0; i <= j; i++) {
          const t = errors[i + j * k];
          allErrors[i + j * k] += t;
          let outer = 0;
          if (reml) for (let x = 0; x < P; x++) outer += E[x * k + i] * E[x * k + j];
          gamma[i + j * k] -= many * outer + t / variance;
          left[i + j * k] += many * N[i + j * k];
        }
    }
    for (let j = 0; j < k; j++)
      for (let i = 0; i < j; i++) {
        gamma[j + i * k] = gamma[i + j * k];
        left[j + i * k] = left[i + j * k];
        allErrors[j + i * k] = allErrors[i + j * k];
      }
    for (let j = 0; j < k; j++)
      for (let i = 0; i < k; i++) {
        let t = 0;
        for (let x = j; x < k; x++) t += gamma[i + x * k] * lambda[x + j * k];
        G[i + j * k] = byLambda[i + j * k] + 2 * t;
      }
    for (let e = 0; e < k * k; e++) gamma[e] += left[e];
  }

  /** Hessian at the theta of the latest `evaluate` with a gradient. @param H  n x n, column-major; overwritten */
  hessian(H: Float64Array): void {
    const { classes, lambda, N, E, errors, meanErrors, gamma, allErrors, reml, nu, place } = this;
    const { size: k, fixed: P, count, levels } = classes;
    const { squares, pairs, loads, means, spread, low, high, weights } = this.scratch;
    const n = this.theta.length;
    const kk = k * k;
    const wide = k * P;
    const variance = this.sigma * this.sigma;
    pairs.fill(0); // [(b, c), (d, a)]: sums of N_bc W_da
    loads.fill(0); // [(i, x), (j, y)]: sums of E_ix E_jy
    means.fill(0); // [(i, x), j]: sums of E_ix e_j
    for (let c = 0; c < count; c++) {
      this.visit(c);
      const many = levels[c];
      for (let j = 0; j < k; j++)
        for (let i = 0; i < k; i++) {
          let outer = 0;
          if (reml) for (let x = 0; x < P; x++) outer += E[x * k + i] * E[x * k + j];
          const e = i + j * k;
          weights[e] = many * (2 * outer - N[e]) + (2 * errors[e]) / variance;
        }
      for (let e = 0; e < kk; e++) {
        const f = N[e];
        for (let o = 0; o < kk; o++) pairs[e * kk + o] += f * weights[o];
      }
      for (let e = 0; e < wide; e++) {
        const f = E[e];
        for (let j = 0; j < k; j++) means[e * k + j] += f * meanErrors[j];
        if (reml) for (let o = 0; o <= e; o++) loads[e * wide + o] += many * f * E[o];
      }
    }
    if (reml) for (let e = 0; e < wide; e++) for (let o = 0; o < e; o++) loads[o * wide + e] = loads[e * wide + o];
    // D_p = dLambda_p Lambda' + Lambda dLambda_p'
    spread.fill(0);
    for (let p = 0; p < n; p++)
      for (let i = 0; i < k; i++) {
        const t = lambda[i + place.column[p] * k];
        spread[p * kk + place.row[p] + i * k] += t;
        spread[p * kk + i + place.row[p] * k] += t;
      }
    for (let p = 0; p < n; p++) {
      const D = p * kk;
      // squares = sum over (c, d) of D_p[c, d] pairs[(b, c), (d, a)], as [b, a]
      for (let b = 0; b < k; b++)
        for (let a = 0; a < k; a++) {
          let t = 0;
          for (let c = 0; c < k; c++)
            for (let d = 0; d < k; d++) t += spread[D + c + d * k] * pairs[(b + c * k) * kk + d + a * k];
          squares[b + a * k] = t;
        }
      for (let q = 0; q <= p; q++) {
        let t = 0;
        for (let b = 0; b < k; b++) for (let a = 0; a < k; a++) t += spread[q * kk + a + b * k] * squares[b + a * k];
        if (place.column[p] === place.column[q]) t += 2 * gamma[place.row[p] + place.row[q] * k];
        H[q + p * n] = t;
      }
      // E'D_p E, and E'D_p e
      for (let x = 0; x < P; x++) {
        for (let y = 0; reml && y < P; y++) {
          let t = 0;
          for (let j = 0; j < k; j++)
            for (let i = 0; i < k; i++) t += spread[D + i + j * k] * loads[(i + x * k) * wide + j + y * k];
          low[(p * P + x) * P + y] = t;
        }
        let t = 0;
        for (let j = 0; j < k; j++) for (let i = 0; i < k; i++) t += spread[D + i + j * k] * means[(i + x * k) * k + j];
        high[p * P + x] = t;
      }
    }
    for (let p = 0; p < n; p++)
      for (let q = 0; q <= p; q++) {
        let t = H[q + p * n];
        if (reml)
          for (let x = 0; x < P; x++)
            for (let y = 0; y < P; y++) t -= low[(p * P + x) * P + y] * low[(q * P + y) * P + x];
        for (let x = 0; x < P; x++) t -= (2 * high[p * P + x] * high[q * P + x]) / variance;
        t -= (dotAt(spread, p * kk, allErrors, kk) * dotAt(spread, q * kk, allErrors, kk)) / (nu * variance * variance);
        H[q + p * n] = t;
        H[p + q * n] = t;
      }
  }
}

interface Scratch {
  readonly omega: Float64Array;
  readonly left: Float64Array;
  readonly q: Float64Array;
  readonly product: Float64Array;
  readonly fitted: Float64Array;
  readonly G: Float64Array;
  readonly squares: Float64Array;
  readonly weights: Float64Array;
  readonly pairs: Float64Array;
  readonly loads: Float64Array;
  readonly means: Float64Array;
  readonly spread: Float64Array;
  readonly low: Float64Array;
  readonly high: Float64Array;
}

function scratchFor(k: number, P: number, n: number): Scratch {
  const block = (): Float64Array => new Float64Array(k * k);
  return {
    omega: block(),
    left: block(),
    q: block(),
    product: block(),
    fitted: new Float64Array(k),
    G: block(),
    squares: block(),
    weights: block(),
    pairs: new Float64Array(k ** 4),
    loads: new Float64Array((k * P) ** 2),
    means: new Float64Array(k * k * P),
    spread: new Float64Array(n * k * k),
    low: new Float64Array(n * P * P),
    high: new Float64Array(n * P),
  };
}

function placesOf(diagonal: boolean, k: number): { row: Int32Array; column: Int32Array } {
  const row: number[] = [];
  const column: number[] = [];
  for (let c = 0; c < k; c++)
    for (let r = c; r < (diagonal ? c + 1 : k); r++) {
      row.push(r);
      column.push(c);
    }
  return { row: Int32Array.from(row), column: Int32Array.from(column) };
}

function dotAt(a: Float64Array, at: number, b: Float64Array, count: number): number {
  let t = 0;
  for (let e = 0; e < count; e++) t += a[at + e] * b[e];
  return t;
}
