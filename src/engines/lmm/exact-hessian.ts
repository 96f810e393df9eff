import { denseKernels, forwardSolve } from '../../kernels/block-cholesky.js';
import type { DenseKernels } from '../../kernels/dense-kernels.js';
import { subtractProductLower } from '../../kernels/dense-multiply.js';
import { largestFactor, observedInformation } from './average-information.js';
import { directionsOf } from './covariance-directions.js';
import { residualColumns } from './deviance-gradient.js';
import { denseFlops, effectProducts, mostEffects } from './effect-products.js';
import type { BlockLayout, Layout } from './layout.js';
import type { LmmWork } from './lmm-work.js';
import { OuterSums } from './outer-sums.js';

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
  const length = others * others + q * Math.max(others, q - others) + q * q;
  let kernels: DenseKernels | null = null;
  return () => {
    kernels ??= denseKernels(length, denseFlops(q, others), work.chol.team);
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
function exactHessian(work: LmmWork, products: Float64Array | null): Float64Array {
  const { layout, q } = work;
  const n = layout.thetas;
  const { columns } = residualColumns(work, true);
  if (products !== null) mirror(products, q);
  const { observed, shared } = observedInformation(work, columns, products);
  const H = new Float64Array(n * n);
  for (let k = 0; k < n * n; k++) H[k] = 2 * observed[k] - shared[k];
  const slopes = layout.blocks.map((block) => directionsOf(block, block.templates[0], work.theta));
  const spreads = layout.blocks.map((block, b) => slopes[b].map((d) => spreadOf(work, block, d)));
  const totals =
    products === null ? traceOfLevels(work, columns, spreads, H) : traceOfPairs(work, products, columns, spreads, H);
  layout.blocks.forEach((block, b) => {
    addSecondOrder(work, block, slopes[b], totals[b], columns, H);
  });
  addBending(work, H);
  return H;
}

/** The upper triangle from the lower one. */
function mirror(M: Float64Array, n: number): void {
  for (let c = 0; c < n; c++) for (let r = c + 1; r < n; r++) M[c + r * n] = M[r + c * n];
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

/**
 * One grouping factor per row: Z'V^-1 Z is block-diagonal, and what REML takes from it has low rank.
 * @returns per block the sum of N_ii, k x k
 */
function traceOfLevels(work: LmmWork, columns: number, spreads: Float64Array[][], H: Float64Array): Float64Array[] {
  const { layout, q, P, lambda, chol, products, settings, scratch } = work;
  const { size, rowStart, columnStart, blockStart } = layout.pattern;
  const fixed = settings.reml ? P : 0;
  const E = scratch.product;
  let widest = 0;
  for (const s of size) widest = Math.max(widest, s);
  const half = new Float64Array(q * widest); // L^-1 Lambda'Z'Z by levels, row-major
  for (let i = 0; i < layout.pattern.nodes; i++) {
    const k = size[i];
    const at = blockStart[columnStart[i]];
    for (let r = 0; r < k; r++)
      for (let c = 0; c < k; c++) {
        let t = 0;
        for (let x = 0; x < k; x++) t += lambda[layout.nodeLambda[i] + x + r * k] * products.A[at + x + c * k];
        half[(rowStart[i] + r) * widest + c] = t;
      }
  }
  forwardSolve(chol, half, widest);
  // F_p = E'D_p E, which factors share
  const low = spreads.flatMap((own) => own.map(() => new Float64Array(fixed * fixed)));
  const sums = layout.blocks.map((block, b) => {
    const k = block.size;
    const total = new Float64Array(k * k);
    const pairs = new OuterSums(k * k, 'pairs');
    const loads = fixed > 0 ? new OuterSums(k * fixed, 'squares') : null;
    for (let l = 0; l < block.levels; l++) {
      const i = block.nodeStart + l;
      const first = rowStart[i];
      const at = blockStart[columnStart[i]];
      const to = pairs.next();
      for (let c = 0; c < k; c++)
        for (let r = 0; r < k; r++) {
          let t = products.A[at + r + c * k];
          for (let x = 0; x < k; x++) t -= half[(first + x) * widest + r] * half[(first + x) * widest + c];
          let e = 0;
          for (let x = 1; x <= fixed; x++) e += E[(first + r) * columns + x] * E[(first + c) * columns + x];
          pairs.left[to + r + c * k] = t;
          pairs.right[to + r + c * k] = t - 2 * e;
          total[r + c * k] += t - e;
        }
      if (loads === null) continue;
      const into = loads.next();
      for (let r = 0; r < k; r++)
        for (let x = 0; x < fixed; x++) loads.left[into + r + x * k] = E[(first + r) * columns + 1 + x];
    }
    const squares = regrouped(pairs.total(), k, k);
    const outer = loads === null ? squares : regrouped(loads.total(), k, fixed);
    subtractTrace(spreads[b], spreads[b], squares, k, k, block.thetaStart, block.thetaStart, layout.thetas, H);
    spreads[b].forEach((D, p) => {
      const into = low[block.thetaStart + p];
      for (let rs = 0; rs < k * k; rs++)
        for (let x = 0; x < into.length; x++) into[x] += D[rs] * outer[rs * into.length + x];
    });
    return total;
  });
  for (let p = 0; p < layout.thetas; p++)
    for (let r = 0; r < layout.thetas; r++) {
      let t = 0;
      for (let x = 0; x < fixed; x++)
        for (let y = 0; y < fixed; y++) t += low[p][x + y * fixed] * low[r][y + x * fixed];
      H[p + r * layout.thetas] -= t;
    }
  return sums;
}

/** Crossed factors: all of N, from Z'V^-1 Z. @returns per block the sum of N_ii */
function traceOfPairs(
  work: LmmWork,
  N: Float64Array,
  columns: number,
  spreads: Float64Array[][],
  H: Float64Array,
): Float64Array[] {
  const { layout, q, P, settings, scratch } = work;
  const { rowStart } = layout.pattern;
  const E = scratch.product;
  if (settings.reml) {
    subtractProductLower(q, P, E, 1, columns, 1, E, 1, 1, columns, N, 0, q);
    mirror(N, q);
  }
  const n = layout.thetas;
  layout.blocks.forEach((a, u) => {
    layout.blocks.forEach((b, v) => {
      if (v < u) return;
      // a pair of levels of one factor and the same pair the other way round: p and q change places
      const same = u === v;
      const squares = sumOfSquares(work, N, a, b, same ? 'above' : 'all');
      if (!same) subtractTrace(spreads[u], spreads[v], squares, a.size, b.size, a.thetaStart, b.thetaStart, n, H);
      else {
        const part = new Float64Array(n * n);
        subtractTrace(spreads[u], spreads[u], squares, a.size, a.size, a.thetaStart, a.thetaStart, n, part);
        for (let c = 0; c < n; c++) for (let r = 0; r < n; r++) H[r + c * n] += part[r + c * n] + part[c + r * n];
        const diagonal = sumOfSquares(work, N, a, a, 'diagonal');
        subtractTrace(spreads[u], spreads[u], diagonal, a.size, a.size, a.thetaStart, a.thetaStart, n, H);
      }
    });
  });
  return layout.blocks.map(({ size: k, levels, nodeStart }) => {
    const total = new Float64Array(k * k);
    for (let i = nodeStart; i < nodeStart + levels; i++)
      for (let c = 0; c < k; c++)
        for (let r = 0; r < k; r++) total[r + c * k] += N[rowStart[i] + r + (rowStart[i] + c) * q];
    return total;
  });
}

/** squares[(r, s), (x, y)]: the sum of N_ij[r, x] N_ij[s, y] over pairs of levels, i of `a` and j of `b`; N column-major, q x q. */
function sumOfSquares(
  { layout, q }: LmmWork,
  N: Float64Array,
  a: BlockLayout,
  b: BlockLayout,
  which: 'all' | 'above' | 'diagonal',
): Float64Array {
  const { rowStart } = layout.pattern;
  const [ka, kb] = [a.size, b.size];
  const sums = new OuterSums(ka * kb, 'squares');
  for (let i = a.nodeStart; i < a.nodeStart + a.levels; i++) {
    const from = which === 'all' ? b.nodeStart : which === 'above' ? i + 1 : i;
    const end = which === 'diagonal' ? i + 1 : b.nodeStart + b.levels;
    for (let j = from; j < end; j++) {
      let to = sums.next();
      for (let x = 0; x < kb; x++) {
        const at = rowStart[i] + (rowStart[j] + x) * q;
        for (let r = 0; r < ka; r++) sums.left[to++] = N[at + r];
      }
    }
  }
  return regrouped(sums.total(), ka, kb);
}

/** From [(r, x), (s, y)], both column-major, to [(r, s), (x, y)], both row-major: r and s below ka, x and y below kb. */
function regrouped(sums: Float64Array, ka: number, kb: number): Float64Array {
  const squares = new Float64Array(sums.length);
  const width = ka * kb;
  for (let r = 0, to = 0; r < ka; r++)
    for (let s = 0; s < ka; s++)
      for (let x = 0; x < kb; x++) for (let y = 0; y < kb; y++) squares[to++] = sums[r + x * ka + (s + y * ka) * width];
  return squares;
}

/** H_pq -= sum D_p[r, s] D_q[x, y] squares[(r, s), (x, y)], and its mirror image. */
function subtractTrace(
  left: readonly Float64Array[],
  right: readonly Float64Array[],
  squares: Float64Array,
  ka: number,
  kb: number,
  p0: number,
  q0: number,
  n: number,
  H: Float64Array,
): void {
  const part = new Float64Array(kb * kb);
  left.forEach((D, p) => {
    part.fill(0);
    for (let rs = 0; rs < ka * ka; rs++) {
      const f = D[rs];
      if (f !== 0) for (let x = 0; x < kb * kb; x++) part[x] += f * squares[rs * kb * kb + x];
    }
    right.forEach((other, r) => {
      let t = 0;
      for (let x = 0; x < kb * kb; x++) t += other[x] * part[x];
      H[p0 + p + (q0 + r) * n] -= t;
      if (p0 !== q0) H[q0 + r + (p0 + p) * n] -= t;
    });
  });
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
