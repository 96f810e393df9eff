import { backwardSolve, multiplySymmetric, selectedInverse } from '../../kernels/block-cholesky.js';
import { canDivide, invertLambda } from './inverse-lambda.js';
import type { Layout } from './layout.js';
import type { LmmWork } from './lmm-work.js';
import { addTermGradient } from './priors/penalised-deviance.js';
import { addResidualGradient } from './residual/residual-gradient.js';

/**
 * Exact gradient of the profiled deviance at the theta of the latest `profiledDeviance` [LMM-10]. With M = Lambda Omega^-1 and
 * the "residuals" E of y and of X after the random effects, the derivative by the factor of one level i is
 *   2 [A M]_ii - (2 / sigma^2) (Z'e)_i u_i' - 2 (Z'E_X)_i C W_i'  (REML)  - 2 (A Lambda V)_i V_i'  (constraint)
 * summed over the levels that share it. Nothing divides by theta, so it holds at a singular Lambda as well.
 * @param gradient  length work.parameters; overwritten
 */
export function devianceGradient(work: LmmWork, gradient: Float64Array): void {
  likelihoodGradient(work, gradient);
  if (work.priors !== null) addTermGradient(work, work.priors, gradient);
}

/** The same without what priors of covariance parameters add. */
export function likelihoodGradient(work: LmmWork, gradient: Float64Array): void {
  const { layout, scratch, theta } = work;
  templateDerivatives(work, scratch.G);
  gradient.fill(0);
  for (const { model, templates, thetaStart } of layout.blocks)
    for (const t of templates) model.gradientInto(gradient, thetaStart, scratch.G, t.start, t.size, theta, t.positions);
  if (work.residual !== null) addResidualGradient(work, work.residual, gradient);
}

/** Derivatives of the profiled deviance by the entries of Lambda's templates. @param G  laid out as `work.lambda` */
export function templateDerivatives(work: LmmWork, G: Float64Array): void {
  G.fill(0);
  if (work.q === 0) return;
  addLogDeterminant(work, G);
  addResiduals(work, G);
}

/**
 * 2 sum_levels [A Lambda Omega^-1]_ii from the inverse on the pattern: the part in which the response has no share. Where Lambda
 * has an inverse that is 2 Lambda^-T sum_levels (I - Omega^-1_ii) [LMM-19].
 */
export function addLogDeterminant(work: LmmWork, G: Float64Array): void {
  const { layout, chol, scratch } = work;
  const { inverse, lambdaInverse } = scratch;
  selectedInverse(chol, inverse);
  work.at.inverted = true;
  const all = invertLambda(work);
  const { nodes, size, columnStart, blockStart } = layout.pattern;
  const { nodeLambda } = layout;
  const known = scratch.lambdaSums.fill(0);
  for (let j = 0; j < nodes; j++) {
    const s = size[j];
    const at = blockStart[columnStart[j]];
    const l = nodeLambda[j];
    for (let e = 0; e < s * s; e++) known[l + e] -= inverse[at + e];
    for (let c = 0; c < s; c++) known[l + c * (s + 1)] += 1;
  }
  for (const { templates } of layout.blocks)
    for (const { start, size: k } of templates) {
      if (Number.isNaN(lambdaInverse[start])) continue;
      for (let c = 0; c < k; c++)
        for (let r = 0; r < k; r++) {
          let t = 0;
          for (let x = 0; x < k; x++) t += lambdaInverse[start + x + r * k] * known[start + x + c * k];
          G[start + r + c * k] += 2 * t;
        }
    }
  if (!all) addProducts(work, G);
}

/** 2 sum_levels [A Lambda Omega^-1]_ii of the templates that have no inverse. */
function addProducts({ layout, lambda, scratch, products }: LmmWork, G: Float64Array): void {
  const { inverse, lambdaInverse, block } = scratch;
  const { nodes, size, columnStart, row, blockStart } = layout.pattern;
  const { nodeLambda } = layout;
  const { A } = products;
  for (let j = 0; j < nodes; j++) {
    const sj = size[j];
    const lj = nodeLambda[j];
    const wanted = Number.isNaN(lambdaInverse[lj]);
    const diagonal = columnStart[j];
    if (wanted) addProduct(A, blockStart[diagonal], sj, sj, lambda, lj, inverse, block, G, lj);
    for (let e = diagonal + 1; e < columnStart[j + 1]; e++) {
      const i = row[e];
      const si = size[i];
      const li = nodeLambda[i];
      const at = blockStart[e];
      if (Number.isNaN(lambdaInverse[li])) addProduct(A, at, si, sj, lambda, lj, inverse, block, G, li);
      if (wanted) addTransposedProduct(A, at, si, sj, lambda, li, inverse, block, G, lj);
    }
  }
}

/** G (si x si) += 2 A (Lambda_j Z'), A and Z si x sj at the same place of their arrays. */
function addProduct(
  A: Float64Array,
  at: number,
  si: number,
  sj: number,
  lambda: Float64Array,
  lj: number,
  Z: Float64Array,
  scratch: Float64Array,
  G: Float64Array,
  to: number,
): void {
  for (let c = 0; c < si; c++) {
    for (let k = 0; k < sj; k++) {
      let t = 0;
      for (let r = 0; r < sj; r++) t += lambda[lj + k + r * sj] * Z[at + c + r * si];
      scratch[k] = 2 * t;
    }
    for (let k = 0; k < sj; k++) {
      const f = scratch[k];
      for (let r = 0; r < si; r++) G[to + r + c * si] += A[at + r + k * si] * f;
    }
  }
}

/** G (sj x sj) += 2 A' (Lambda_i Z), A and Z si x sj. */
function addTransposedProduct(
  A: Float64Array,
  at: number,
  si: number,
  sj: number,
  lambda: Float64Array,
  li: number,
  Z: Float64Array,
  scratch: Float64Array,
  G: Float64Array,
  to: number,
): void {
  for (let c = 0; c < sj; c++) {
    for (let k = 0; k < si; k++) {
      let t = 0;
      for (let r = 0; r < si; r++) t += lambda[li + k + r * si] * Z[at + r + c * si];
      scratch[k] = 2 * t;
    }
    for (let r = 0; r < sj; r++) {
      let t = 0;
      for (let k = 0; k < si; k++) t += A[at + k + r * si] * scratch[k];
      G[to + r + c * sj] += t;
    }
  }
}

/** What `residualColumns` left in the scratch: which of its columns stand for what. */
export interface ResidualColumns {
  readonly columns: number; // of scratch.columns and scratch.product, row-major
  readonly fixed: number; // columns 1 .. fixed belong to X (0 unless asked for)
}

/**
 * Fills scratch.columns with D = [u, W RX^-1, Omega^-1/2-basis of the constraint] and scratch.product with the matching
 * Z'-residuals E = [Z'y - Z'X beta - A Lambda u, (Z'X - A Lambda W) RX^-1, A Lambda V]; scratch.scaled is Lambda D. Where they
 * are there already, nothing is done.
 */
export function residualColumns(work: LmmWork, withFixed: boolean): ResidualColumns {
  const { q, P, m, C, RX, u, chol, layout, lambda, scratch, at } = work;
  const fixed = withFixed ? P : 0;
  const columns = 1 + fixed + m;
  if (at.residualsOf === fixed) return { columns, fixed };
  const wide = P + 1 + m;
  const D = scratch.columns;
  for (let i = 0; i < q; i++) {
    const from = i * wide;
    const to = i * columns;
    D[to] = 0; // u is known already
    for (let c = 0; c < fixed; c++) {
      let t = C[from + c];
      for (let k = 0; k < c; k++) t -= RX[c + k * P] * D[to + 1 + k];
      D[to + 1 + c] = t / RX[c + c * P];
    }
    for (let k = 0; k < m; k++) D[to + 1 + fixed + k] = C[from + P + 1 + k];
  }
  if (columns > 1) backwardSolve(chol, D, columns);
  for (let i = 0; i < q; i++) D[i * columns] = u[i];
  if (work.residual !== null || !canDivide(work)) timesTemplates(layout, lambda, false, D, scratch.scaled, columns);
  if (canDivide(work))
    timesTemplates(layout, scratch.lambdaInverse, true, D, scratch.product, columns); // [LMM-19]
  else formResiduals(work, fixed, columns);
  at.residualsOf = fixed;
  return { columns, fixed };
}

/** into = M from, or M' from, level by level; M is laid out as `work.lambda`, the others q x columns, row-major. */
export function timesTemplates(
  { pattern, nodeLambda }: Layout,
  M: Float64Array,
  transposed: boolean,
  from: Float64Array,
  into: Float64Array,
  columns: number,
): void {
  const { nodes, size, rowStart } = pattern;
  for (let i = 0; i < nodes; i++) {
    const s = size[i];
    const l = nodeLambda[i];
    const first = rowStart[i] * columns;
    if (s === 1) {
      const f = M[l];
      for (let x = 0; x < columns; x++) into[first + x] = f * from[first + x];
      continue;
    }
    for (let r = 0; r < s; r++) {
      const to = first + r * columns;
      for (let x = 0; x < columns; x++) into[to + x] = 0;
      for (let k = 0; k < s; k++) {
        const f = transposed ? M[l + k + r * s] : M[l + r + k * s];
        if (f === 0) continue;
        const source = first + k * columns;
        for (let x = 0; x < columns; x++) into[to + x] += f * from[source + x];
      }
    }
  }
}

/** E by the products with A, from scratch.scaled: for any Lambda. */
function formResiduals({ q, P, RX, beta, layout, products, scratch }: LmmWork, fixed: number, columns: number): void {
  const E = scratch.product;
  multiplySymmetric(layout.pattern, products.A, scratch.scaled, E, columns);
  const { ZX } = products;
  const { Zy } = products.response;
  const row = scratch.gram;
  for (let i = 0; i < q; i++) {
    const at = i * columns;
    let t = Zy[i] - E[at];
    for (let c = 0; c < P; c++) t -= ZX[i * P + c] * beta[c];
    E[at] = t;
    for (let c = 0; c < fixed; c++) {
      let x = ZX[i * P + c];
      for (let k = 0; k < c; k++) x -= RX[c + k * P] * row[k];
      row[c] = x / RX[c + c * P];
      E[at + 1 + c] = row[c] - E[at + 1 + c];
    }
  }
}

/** The part of the response (and, with REML, of the fixed effects). */
export function addResiduals(work: LmmWork, G: Float64Array): void {
  const { layout, scratch, at, settings } = work;
  const { columns } = residualColumns(work, settings.reml);
  const { nodes, size, rowStart } = layout.pattern;
  const E = scratch.product;
  const D = scratch.columns;
  const first = 1 / (at.sigma * at.sigma);
  for (let i = 0; i < nodes; i++) {
    const s = size[i];
    const l = layout.nodeLambda[i];
    for (let c = 0; c < s; c++) {
      const d = (rowStart[i] + c) * columns;
      for (let r = 0; r < s; r++) {
        const e = (rowStart[i] + r) * columns;
        let t = first * E[e] * D[d];
        for (let x = 1; x < columns; x++) t += E[e + x] * D[d + x];
        G[l + r + c * s] -= 2 * t;
      }
    }
  }
}
