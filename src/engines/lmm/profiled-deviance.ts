import { backwardSolve, factorize, forwardSolve, logDeterminant } from '../../kernels/block-cholesky.js';
import { shiftedCholesky, solveLowerInPlace, solveLowerTransposedInPlace } from '../../optim/cholesky-solve.js';

import type { LmmWork } from './lmm-work.js';
import { penalisedDeviance } from './priors/penalised-deviance.js';
import { profileSigma, sigmaObjective } from './profile-sigma.js';
import { projectOutConstraint } from './project-constraint.js';
import { formMixedProducts, setResidual } from './residual/mixed-products.js';

/**
 * Profiled deviance of a linear mixed model: beta and sigma are solved for, theta is all that is left.
 *   ML    d(theta) = log|L|^2 + nu (1 + log(2 pi r^2 / nu)),  nu = N                                     [LMM-7]
 *   REML  d(theta) = the same with nu = N - P, and log|RX|^2
 * @param theta  length work.parameters, transformed coordinates [LMM-5, LMM-RES-1]; `work` is overwritten, nothing is allocated
 * @returns      -2 log-likelihood or the REML criterion; +Infinity where the factorization fails or no residual is left
 */
export function profiledDeviance(work: LmmWork, theta: Float64Array): number {
  if (!setTheta(work, theta) || !decompose(work)) return fail(work);
  jointMode(work);
  return deviance(work);
}

/**
 * Writes Lambda's templates for this theta, and with residual structure the cross-products.
 * @returns false where R is not positive definite
 */
export function setTheta(work: LmmWork, theta: Float64Array): boolean {
  const { layout, residual, products, at } = work;
  work.theta.set(theta);
  for (const { model, templates, thetaStart } of layout.blocks)
    for (const t of templates) model.factorInto(work.lambda, t.start, t.size, theta, thetaStart, t.positions);
  if (residual === null) return true;
  at.logDetResidual = setResidual(residual, theta);
  if (!Number.isFinite(at.logDetResidual)) return false;
  formMixedProducts(residual, layout, products);
  return true;
}

/** L, RZX and RX of [LMM-6] for the current Lambda. @returns false where a pivot is not positive. */
export function decompose(work: LmmWork): boolean {
  updateOmega(work);
  return factorize(work.chol, work.omega) === 0 && eliminate(work) && reduce(work);
}

/** RZX and c_u of [LMM-6] from the factor at hand, which a caller may have changed; log|L|^2. */
export function eliminate(work: LmmWork): boolean {
  const { P, m, chol, C, at } = work;
  at.inverted = false;
  at.residualsOf = -1;
  at.logDetOmega = logDeterminant(chol);
  fillRightHandSides(work);
  forwardSolve(chol, C, P + 1 + m);
  if (m === 0) return true;
  const logDet = projectOutConstraint(work);
  at.logDetOmega += logDet;
  return Number.isFinite(logDet);
}

/** RX, c_b and r^2 of [LMM-6] from RZX and c_u. */
export function reduce(work: LmmWork): boolean {
  const { P, m, C, RX, cBeta, at, products, scratch, priors } = work;
  const rows = priors?.commonProducts ?? null;
  const wide = P + 1 + m;
  // Schur complement of the random effects in [X y]'[X y]: its first P columns, and the response's
  const { gram } = scratch;
  gramOf(C, work.q, wide, P + 1, gram);
  for (let c = 0; c < P; c++)
    for (let r = c; r < P; r++) RX[r + c * P] = products.XX[r + c * P] - gram[r + c * (P + 1)];
  if (rows !== null) for (let k = 0; k < P * P; k++) RX[k] += rows.XX[k];
  if (!shiftedCholesky(RX, P, 0, RX)) return false;
  for (let c = 0; c < P; c++) cBeta[c] = products.response.Xy[c] + (rows?.Xy[c] ?? 0) - gram[P + c * (P + 1)];
  solveLowerInPlace(RX, P, cBeta);
  let logDet = 0;
  let r2 = products.response.yy + (rows?.yy ?? 0) - gram[P + P * (P + 1)];
  for (let c = 0; c < P; c++) {
    logDet += Math.log(RX[c + c * P]);
    r2 -= cBeta[c] * cBeta[c];
  }
  at.logDetRX = 2 * logDet;
  at.r2 = r2;
  return true;
}

/** beta and u that minimise the penalized residual sum of squares, from the decomposition as it stands (edited or not). */
export function jointMode(work: LmmWork): void {
  const { P, RX, cBeta, beta } = work;
  beta.set(cBeta);
  solveLowerTransposedInPlace(RX, P, beta);
  effectsGivenBeta(work);
}

/** u that minimises the penalized residual sum of squares for the beta that `work` holds. */
export function effectsGivenBeta(work: LmmWork): void {
  const { q, P, m, C, beta, u, chol, at } = work;
  const wide = P + 1 + m;
  at.residualsOf = -1;
  for (let i = 0; i < q; i++) {
    const row = i * wide;
    let t = C[row + P];
    for (let c = 0; c < P; c++) t -= C[row + c] * beta[c];
    u[i] = t;
  }
  backwardSolve(chol, u, 1);
}

/** Profiles sigma and adds up the objective [LMM-7, LMM-9]; with priors beta and u become their mode. */
export function deviance(work: LmmWork): number {
  const { at, sigmaTerms, settings, products, priors } = work;
  if (priors !== null) {
    at.objective = penalisedDeviance(work, priors, null);
    if (!Number.isFinite(at.objective)) return fail(work);
    if (priors.absolute !== null) jointMode(work);
    return at.objective;
  }
  if (!(at.r2 > 0)) {
    at.sigma = 0;
    return fail(work);
  }
  const { length } = products.response;
  sigmaTerms.nu = work.nu;
  sigmaTerms.A = at.r2;
  sigmaTerms.B = 0;
  sigmaTerms.C = 0;
  sigmaTerms.D = 0;
  at.sigma = settings.fixedSigma === null ? profileSigma(sigmaTerms) : settings.fixedSigma / length;
  // h in the response's own units: sigma is `length` times larger, and nu log sigma^2 with it
  const h = sigmaObjective(sigmaTerms, at.sigma) + work.nu * Math.log(2 * Math.PI * length * length);
  at.objective = at.logDetOmega + at.logDetResidual + (settings.reml ? at.logDetRX : 0) + h + work.constant;
  return Number.isFinite(at.objective) ? at.objective : fail(work);
}

function fail(work: LmmWork): number {
  work.at.objective = Number.POSITIVE_INFINITY;
  return Number.POSITIVE_INFINITY;
}

/** omega = Lambda'Z'Z Lambda + I, block by block. */
export function updateOmega(work: LmmWork): void {
  const { layout, lambda, omega, products, scratch } = work;
  const { nodes, size, columnStart, row, blockStart } = layout.pattern;
  const { nodeLambda } = layout;
  const { A } = products;
  for (let j = 0; j < nodes; j++) {
    const sj = size[j];
    const lj = nodeLambda[j];
    for (let e = columnStart[j]; e < columnStart[j + 1]; e++) {
      const i = row[e];
      const si = size[i];
      const li = nodeLambda[i];
      const at = blockStart[e];
      if (si === 1 && sj === 1) omega[at] = lambda[li] * A[at] * lambda[lj];
      else sandwich(lambda, li, si, A, at, lj, sj, scratch.block, omega);
    }
    const at = blockStart[columnStart[j]];
    for (let c = 0; c < sj; c++) omega[at + c * (sj + 1)] += 1;
  }
}

/** omega[at ..] = Lambda_i' A[at ..] Lambda_j, si x sj. */
function sandwich(
  lambda: Float64Array,
  li: number,
  si: number,
  A: Float64Array,
  at: number,
  lj: number,
  sj: number,
  scratch: Float64Array,
  omega: Float64Array,
): void {
  for (let c = 0; c < sj; c++) {
    for (let r = 0; r < si; r++) scratch[r] = 0;
    for (let k = 0; k < sj; k++) {
      const f = lambda[lj + k + c * sj];
      if (f === 0) continue;
      for (let r = 0; r < si; r++) scratch[r] += f * A[at + k * si + r];
    }
    for (let r = 0; r < si; r++) {
      let t = 0;
      for (let k = 0; k < si; k++) t += lambda[li + k + r * si] * scratch[k];
      omega[at + c * si + r] = t;
    }
  }
}

/** C = [Lambda'Z'X, Lambda'Z'y, normals], row-major. */
function fillRightHandSides(work: LmmWork): void {
  const { layout, lambda, products, P, m, C, normals } = work;
  const { nodes, size, rowStart } = layout.pattern;
  const { ZX } = products;
  const { Zy } = products.response;
  const wide = P + 1 + m;
  for (let i = 0; i < nodes; i++) {
    const s = size[i];
    const l = layout.nodeLambda[i];
    const first = rowStart[i];
    for (let c = 0; c < s; c++) {
      const to = (first + c) * wide;
      for (let k = 0; k <= P; k++) C[to + k] = 0;
      for (let k = 0; k < s; k++) {
        const f = lambda[l + k + c * s];
        if (f === 0) continue;
        const from = (first + k) * P;
        for (let x = 0; x < P; x++) C[to + x] += f * ZX[from + x];
        C[to + P] += f * Zy[first + k];
      }
      for (let k = 0; k < m; k++) C[to + P + 1 + k] = normals[(first + c) * m + k];
    }
  }
}

/** Lower triangle of C'C for the first `columns` columns of a row-major q x stride matrix. */
function gramOf(C: Float64Array, q: number, stride: number, columns: number, into: Float64Array): void {
  into.fill(0, 0, columns * columns);
  for (let i = 0; i < q; i++) {
    const at = i * stride;
    for (let c = 0; c < columns; c++) {
      const v = C[at + c];
      if (v === 0) continue;
      for (let r = c; r < columns; r++) into[r + c * columns] += v * C[at + r];
    }
  }
}
