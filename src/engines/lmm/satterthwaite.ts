import { backwardSolve } from '../../kernels/block-cholesky.js';
import { symmetricEigen } from '../../kernels/symmetric-eigen.js';
import { solveLowerTransposedInPlace } from '../../optim/cholesky-solve.js';
import { transposeUntransform } from './column-transform.js';
import { residualColumns, timesTemplates } from './deviance-gradient.js';
import { canDivide } from './inverse-lambda.js';
import type { LmmWork } from './lmm-work.js';
import type { NormalRows } from './priors/normal-rows.js';
import { rawResiduals } from './residual/raw-residuals.js';
import { addQuadraticGradient } from './residual/residual-gradient.js';

/**
 * Satterthwaite's degrees of freedom of a contrast l'beta [LMM-13]: 2 v^2 / var(v), v = l' cov(beta) l, with var(v) by the delta
 * method from the Hessian of the deviance in (theta, sigma). The gradient of v is exact.
 */
export interface Satterthwaite {
  /** @param contrast  length P, for beta in the columns' own units; returns v and its degrees of freedom */
  of(contrast: Float64Array): { variance: number; df: number };
}

/** More numbers than this are not kept for all coefficients at once: what a contrast needs is solved for. */
const manyNumbers = 1e6;

/**
 * Prepares for any number of contrasts at the theta of the latest evaluation, which must be the optimum; `work`'s scratch
 * must not change in between.
 * @param hessian    of the profiled deviance in theta (its own units, not per row), column-major
 * @param withSigma  with priors: of the objective in (theta, log sigma); it is what counts then
 * @param most       numbers that may be kept for all coefficients
 */
export function satterthwaite(
  work: LmmWork,
  hessian: Float64Array,
  withSigma: Float64Array | null = null,
  most = manyNumbers,
): Satterthwaite {
  const { q, P, RX, at, products, settings, residual } = work;
  const n = work.parameters;
  const oneByOne = residual === null && q * P > most && canDivide(work);
  const { columns } = q > 0 && !oneByOne ? residualColumns(work, true) : { columns: 1 };
  const E = work.scratch.product;
  const D = work.scratch.columns;
  const inverse =
    withSigma === null ? pseudoInverse(hessian, n) : pseudoInverse(withSigma, Math.round(Math.sqrt(withSigma.length)));
  const absolute = work.priors?.absolute ?? null;
  const { sigma } = at; // all in units of the scaled response; degrees of freedom have none
  const e = new Float64Array(q);
  const d = new Float64Array(q);

  // d2 deviance / dtheta dsigma
  const slopes = oneByOne ? dividedSlopes(work, e, d) : squareSlopes(work, columns, e, d);
  const mixed = slopes.map((v) => (-2 * v) / sigma ** 3);
  const effects = { values: work.scratch.scaled, stride: columns };
  const sigmaCurvature = settings.fixedSigma === null ? (4 * work.nu) / (sigma * sigma) : Number.POSITIVE_INFINITY;

  return {
    of(contrast) {
      const z = contrast.slice(); // RX'^-1 l in transformed coordinates
      transposeUntransform(products.transform, z);
      for (let j = 0; j < P; j++) {
        let t = z[j];
        for (let k = 0; k < j; k++) t -= RX[j + k * P] * z[k];
        z[j] = t / RX[j + j * P];
      }
      let relative = 0;
      for (let j = 0; j < P; j++) relative += z[j] * z[j];
      const variance = sigma * sigma * relative;
      // dv = 2 sigma^2 sum_i (E z)_i' dLambda (W z)_i
      if (oneByOne) solveAlong(work, z, e, d);
      for (let i = 0; !oneByOne && i < q; i++) {
        let te = 0;
        let td = 0;
        for (let j = 0; j < P; j++) {
          te += E[i * columns + 1 + j] * z[j];
          td += D[i * columns + 1 + j] * z[j];
        }
        e[i] = te;
        d[i] = td;
      }
      const g = new Float64Array(n);
      outerGradient(work, e, d, 2 * sigma * sigma, g);
      if (residual !== null) {
        // l'(X'V^-1 X)^-1 l has the derivatives of -f'R^-1 f, f = X a - Z b with a = RX^-1 z and b = Lambda W a held
        const a = z.slice();
        solveLowerTransposedInPlace(RX, P, a);
        const combination = new Float64Array(1 + P);
        for (let j = 0; j < P; j++) combination[1 + j] = -z[j];
        const f = rawResiduals(work, residual, 0, a, { ...effects, combination });
        addQuadraticGradient(residual, work.theta, f, g, -sigma * sigma);
      }
      if (withSigma !== null) {
        const spread = withLogSigma(inverse, g, 2 * (variance - sharedWith(work, absolute, z)));
        const { length } = products.response;
        return { variance: variance * length * length, df: (variance * variance) / spread };
      }
      const bySigma = 2 * sigma * relative;
      // covariance of (theta, sigma) is twice the inverse Hessian, here by blocks: the profiled Hessian is a Schur complement
      for (let p = 0; p < n; p++) g[p] -= (mixed[p] * bySigma) / sigmaCurvature;
      let spread = (bySigma * bySigma) / sigmaCurvature;
      for (let p = 0; p < n; p++) for (let r = 0; r < n; r++) spread += g[p] * inverse[p + r * n] * g[r];
      const { length } = products.response;
      return { variance: variance * length * length, df: (variance * variance) / spread };
    },
  };
}

/**
 * dr^2 / dtheta of the penalized residual sum of squares, -2 (Z'e) dLambda u for the random effects; the residual's parameters see
 * e'R^-1 e with e held. After `residualColumns`.
 * @param e, d  q: overwritten
 */
function squareSlopes(work: LmmWork, columns: number, e: Float64Array, d: Float64Array): Float64Array {
  const { q, residual, scratch } = work;
  for (let i = 0; i < q; i++) {
    e[i] = scratch.product[i * columns];
    d[i] = scratch.columns[i * columns];
  }
  const slopes = new Float64Array(work.parameters);
  outerGradient(work, e, d, -2, slopes);
  if (residual === null) return slopes;
  const effects = { values: scratch.scaled, stride: columns, combination: Float64Array.of(1) };
  addQuadraticGradient(residual, work.theta, rawResiduals(work, residual, 1, work.beta, effects), slopes, 1);
  return slopes;
}

/** `squareSlopes` where residuals are divisions by Lambda [LMM-19]. */
function dividedSlopes(work: LmmWork, e: Float64Array, d: Float64Array): Float64Array {
  d.set(work.u);
  timesTemplates(work.layout, work.scratch.lambdaInverse, true, d, e, 1);
  const slopes = new Float64Array(work.parameters);
  outerGradient(work, e, d, -2, slopes);
  return slopes;
}

/** d = W z and e = E z, E by division by Lambda [LMM-19]. @param z  P */
function solveAlong(work: LmmWork, z: Float64Array, e: Float64Array, d: Float64Array): void {
  const { q, P, m, C, RX, chol } = work;
  const wide = P + 1 + m;
  const a = z.slice();
  solveLowerTransposedInPlace(RX, P, a);
  for (let i = 0; i < q; i++) {
    let t = 0;
    for (let c = 0; c < P; c++) t += C[i * wide + c] * a[c];
    d[i] = t;
  }
  backwardSolve(chol, d, 1);
  timesTemplates(work.layout, work.scratch.lambdaInverse, true, d, e, 1);
}

/**
 * Covariance of all variance parameters, (theta, log sigma), from the Hessian of the deviance: twice its inverse. The row of a known
 * sigma is zero.
 * @param hessian, withSigma  as of `satterthwaite`
 * @returns (n + 1) x (n + 1), n = work.parameters
 */
export function varianceCovariance(
  work: LmmWork,
  hessian: Float64Array,
  withSigma: Float64Array | null = null,
): Float64Array {
  const n = work.parameters;
  const all = n + 1;
  const known = work.settings.fixedSigma !== null;
  const covariance = new Float64Array(all * all);
  if (withSigma !== null) {
    const size = known ? n : all;
    const inverse = pseudoInverse(withSigma, size);
    for (let c = 0; c < size; c++) for (let r = 0; r < size; r++) covariance[r + c * all] = 2 * inverse[r + c * size];
    return covariance;
  }
  const inverse = pseudoInverse(hessian, n);
  for (let c = 0; c < n; c++) for (let r = 0; r < n; r++) covariance[r + c * all] = 2 * inverse[r + c * n];
  if (known) return covariance;
  // log sigma = log(r^2 / nu) / 2 moves with theta; given theta its variance is 1 / (2 nu)
  const { q } = work;
  const { columns } = q > 0 ? residualColumns(work, false) : { columns: 1 };
  const slope = squareSlopes(work, columns, new Float64Array(q), new Float64Array(q)).map((v) => v / (2 * work.at.r2));
  let own = 1 / (2 * work.nu);
  for (let p = 0; p < n; p++) {
    let t = 0;
    for (let r = 0; r < n; r++) t += covariance[p + r * all] * slope[r];
    covariance[p + n * all] = t;
    covariance[n + p * all] = t;
    own += slope[p] * t;
  }
  covariance[n + n * all] = own;
  return covariance;
}

/** (g, s)' H^-1 (g, s), s by log sigma; without s where sigma is known. */
function withLogSigma(inverse: Float64Array, g: Float64Array, s: number): number {
  const n = Math.round(Math.sqrt(inverse.length));
  const all = new Float64Array(n);
  if (n > g.length) all[n - 1] = s;
  all.set(g);
  let t = 0;
  for (let p = 0; p < n; p++) for (let r = 0; r < n; r++) t += all[p] * inverse[p + r * n] * all[r];
  return t;
}

/** The part of l'cov(beta) l that priors on the absolute scale keep from growing with sigma: |x cov l|^2, z = RX'^-1 l. */
function sharedWith(work: LmmWork, rows: NormalRows | null, z: Float64Array): number {
  if (rows === null) return 0;
  const { P, RX, at } = work;
  const own = z.slice();
  solveLowerTransposedInPlace(RX, P, own);
  let total = 0;
  for (let i = 0; i < rows.count; i++) {
    let t = 0;
    for (let j = 0; j < P; j++) t += rows.x[i * P + j] * own[j];
    total += (t * at.sigma * at.sigma) ** 2;
  }
  return total;
}

/** gradient = factor * sum over nodes of e_i' (dLambda / dtheta) d_i. */
export function outerGradient(
  work: LmmWork,
  e: Float64Array,
  d: Float64Array,
  factor: number,
  gradient: Float64Array,
): void {
  const { layout, theta } = work;
  const { nodes, size, rowStart } = layout.pattern;
  const G = new Float64Array(layout.lambdas);
  for (let i = 0; i < nodes; i++) {
    const s = size[i];
    const at = rowStart[i];
    const to = layout.nodeLambda[i];
    for (let c = 0; c < s; c++) for (let r = 0; r < s; r++) G[to + r + c * s] += factor * e[at + r] * d[at + c];
  }
  for (const { model, templates, thetaStart } of layout.blocks)
    for (const t of templates) model.gradientInto(gradient, thetaStart, G, t.start, t.size, theta, t.positions);
}

/** Directions without curvature carry no information and, where the fit is singular, no gradient either. */
const flat = 1e-9;

export function pseudoInverse(hessian: Float64Array, n: number): Float64Array {
  if (n === 0) return new Float64Array(0);
  if (!hessian.every(Number.isFinite)) return new Float64Array(n * n).fill(Number.NaN);
  const scale = Float64Array.from({ length: n }, (_, i) => {
    const h = Math.abs(hessian[i + i * n]);
    return h > 0 ? 1 / Math.sqrt(h) : 1;
  });
  const { values, vectors } = symmetricEigen(
    hessian.map((v, k) => v * scale[k % n] * scale[Math.floor(k / n)]),
    n,
  );
  const result = new Float64Array(n * n);
  for (let k = 0; k < n; k++) {
    if (!(values[k] > flat * Math.abs(values[n - 1]))) continue;
    for (let c = 0; c < n; c++)
      for (let r = 0; r < n; r++)
        result[r + c * n] += (vectors[r + k * n] * vectors[c + k * n] * scale[r] * scale[c]) / values[k];
  }
  return result;
}
