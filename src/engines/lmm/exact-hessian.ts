import { denseKernels } from '../../kernels/block-cholesky.js';
import type { DenseKernels } from '../../kernels/dense-kernels.js';
import { largestFactor, observedInformation } from './average-information.js';
import { directionsOf } from './covariance-directions.js';
import { residualColumns } from './deviance-gradient.js';
import { denseFlops, type EffectProducts, effectProducts, mostEffects, productsLength } from './effect-products.js';
import { mirror, traceOfLevels, traceOfPairs } from './hessian-traces.js';
import type { BlockLayout, Layout } from './layout.js';
import type { LmmWork } from './lmm-work.js';

/** Where levels of different factors meet, Z'PZ is dense. With more effects that is not thought of. */
const mostDense = 1500;

/** What the Hessian costs beside a gradient, in floating-point operations; infinite where it cannot be had. */
export function hessianFlops({ layout, q, m, priors, residual }: LmmWork): number {
  const { blocks, thetas } = layout;
  if (thetas === 0 || m > 0 || priors !== null || residual !== null) return Number.POSITIVE_INFINITY;
  if (blocks.some((b) => b.templates.length !== 1 || b.size > largestFactor)) return Number.POSITIVE_INFINITY;
  if (isByLevels(layout)) return 0;
  if (q > mostDense) return Number.POSITIVE_INFINITY;
  let widest = 1;
  for (const { size } of blocks) widest = Math.max(widest, size);
  return denseFlops(q, q - mostEffects(layout)) + (q * widest) ** 2;
}

/** One grouping factor per row: Z'V^-1 Z is block-diagonal, and the Hessian costs next to nothing. */
function isByLevels({ pattern }: Layout): boolean {
  return pattern.row.length === pattern.nodes;
}

/** The Hessian as a function of where `work` stands, after `devianceGradient`. */
export function exactHessianOf(work: LmmWork): () => Float64Array {
  const { q, layout } = work;
  if (isByLevels(layout)) return () => exactHessian(work, null);
  const others = q - mostEffects(layout);
  let kernels: DenseKernels | null = null;
  return () => {
    kernels ??= denseKernels(productsLength(work), denseFlops(q, others), work.chol.team);
    return exactHessian(work, effectProducts(work, kernels));
  };
}

/**
 * Hessian of the profiled deviance at the theta of the latest `devianceGradient`, whose `scratch.G` it uses [LMM-17]: with
 * V_p = Z D_p Z', D_p = dLambda_p Lambda' + Lambda dLambda_p', N = Z'PZ (ML: Z'V^-1 Z) and e = V^-1 (y - X beta),
 *   H_pq = tr(dLambda_p' Gamma dLambda_q) + <G, d2Lambda_pq> - tr(N D_p N D_q) + 2 e'V_p P V_q e / sigma^2
 *          - (e'V_p e)(e'V_q e) / (nu sigma^4),
 * Gamma the sum over levels of 2 (N_ii - (Z'e)_i (Z'e)_i' / sigma^2). Nothing is divided by theta.
 * @param products  of `effectProducts`, overwritten; null: one grouping factor per row
 * @returns n x n, column-major
 */
function exactHessian(work: LmmWork, products: EffectProducts | null): Float64Array {
  const { layout, q } = work;
  const n = layout.thetas;
  const { columns } = residualColumns(work, true);
  if (products !== null) mirror(products.N, q);
  const { observed, shared } = observedInformation(work, columns, products);
  const H = new Float64Array(n * n);
  for (let k = 0; k < n * n; k++) H[k] = 2 * observed[k] - shared[k];
  const slopes = layout.blocks.map((block) => directionsOf(block, block.templates[0], work.theta));
  const spreads = layout.blocks.map((block, b) => slopes[b].map((d) => spreadOf(work, block, d)));
  const totals =
    products === null
      ? [traceOfLevels(work, columns, spreads[0], H)]
      : traceOfPairs(work, products.N, columns, spreads, H);
  layout.blocks.forEach((block, b) => {
    addSecondOrder(work, block, slopes[b], totals[b], columns, H);
  });
  addBending(work, H);
  return H;
}

/** D = dLambda Lambda' + Lambda dLambda'. */
function spreadOf({ lambda }: LmmWork, { templates }: BlockLayout, d: Float64Array): Float64Array {
  const [{ size: k, start }] = templates;
  const D = new Float64Array(k * k);
  for (let c = 0; c < k; c++)
    for (let r = 0; r < k; r++) {
      let t = 0;
      for (let x = 0; x < k; x++) t += d[r + x * k] * lambda[start + c + x * k];
      D[r + c * k] += t;
      D[c + r * k] += t;
    }
  return D;
}

/** tr(dLambda_p' Gamma dLambda_q). @param total  sum of N_ii */
function addSecondOrder(
  work: LmmWork,
  block: BlockLayout,
  slopes: readonly Float64Array[],
  total: Float64Array,
  columns: number,
  H: Float64Array,
): void {
  const { layout, at, scratch } = work;
  const { rowStart } = layout.pattern;
  const E = scratch.product;
  const n = layout.thetas;
  const k = block.size;
  const variance = at.sigma * at.sigma;
  const Gamma = total.map((v) => 2 * v);
  for (let l = 0; l < block.levels; l++) {
    const first = rowStart[block.nodeStart + l];
    for (let c = 0; c < k; c++)
      for (let r = 0; r < k; r++)
        Gamma[r + c * k] -= (2 * E[(first + r) * columns] * E[(first + c) * columns]) / variance;
  }
  const image = new Float64Array(k * k);
  slopes.forEach((d, p) => {
    image.fill(0);
    for (let c = 0; c < k; c++)
      for (let x = 0; x < k; x++) {
        const f = d[x + c * k];
        if (f !== 0) for (let r = 0; r < k; r++) image[r + c * k] += Gamma[r + x * k] * f;
      }
    slopes.forEach((other, r) => {
      let t = 0;
      for (let e = 0; e < k * k; e++) t += other[e] * image[e];
      H[block.thetaStart + r + (block.thetaStart + p) * n] += t;
    });
  });
}

/** Relative step for the derivative of a template's own formula, a few operations that are exact to rounding. */
const bend = 2 ** -17;

/** <G, d2Lambda_pq>, of covariances that are not linear in their parameters: central differences of the adjoint alone. */
function addBending({ layout, theta, scratch }: LmmWork, H: Float64Array): void {
  const n = layout.thetas;
  const moved = theta.slice();
  const above = new Float64Array(theta.length);
  const below = new Float64Array(theta.length);
  for (const { model, templates, thetaStart, thetaCount } of layout.blocks) {
    if (model.name === 'us' || model.name === 'diag') continue;
    for (let p = thetaStart; p < thetaStart + thetaCount; p++) {
      const h = bend * Math.max(Math.abs(theta[p]), 1);
      above.fill(0);
      below.fill(0);
      for (const t of templates) {
        moved[p] = theta[p] + h;
        model.gradientInto(above, thetaStart, scratch.G, t.start, t.size, moved, t.positions);
        moved[p] = theta[p] - h;
        model.gradientInto(below, thetaStart, scratch.G, t.start, t.size, moved, t.positions);
        moved[p] = theta[p];
      }
      for (let r = thetaStart; r < thetaStart + thetaCount; r++) {
        const slope = (above[r] - below[r]) / (4 * h);
        H[r + p * n] += slope;
        H[p + r * n] += slope;
      }
    }
  }
}
