import { forwardSolve } from '../../kernels/block-cholesky.js';
import { subtractProductLower } from '../../kernels/dense-multiply.js';
import type { BlockLayout } from './layout.js';
import type { LmmWork } from './lmm-work.js';
import { OuterSums } from './outer-sums.js';

// H_pq -= tr(N D_p N D_q) of [LMM-17], D_p as `spreads` has them: of each block one k x k matrix per parameter. H is n x n, column-major;
// `columns` are those that `residualColumns(work, true)` has just left in the scratch.

/**
 * One grouping factor per row: Z'V^-1 Z is block-diagonal, and what REML takes from it has low rank.
 * @returns the sum of N_ii, k x k
 */
export function traceOfLevels(
  work: LmmWork,
  columns: number,
  spreads: readonly Float64Array[],
  H: Float64Array,
): Float64Array {
  const { layout, q, P, lambda, chol, products, settings, scratch } = work;
  const { rowStart, columnStart, blockStart } = layout.pattern;
  const [{ nodeStart, levels, size: k, thetaStart }] = layout.blocks;
  const fixed = settings.reml ? P : 0;
  const E = scratch.product;
  const half = new Float64Array(q * k); // L^-1 Lambda'Z'Z by levels, row-major
  for (let i = nodeStart; i < nodeStart + levels; i++) {
    const at = blockStart[columnStart[i]];
    for (let r = 0; r < k; r++)
      for (let c = 0; c < k; c++) {
        let t = 0;
        for (let x = 0; x < k; x++) t += lambda[layout.nodeLambda[i] + x + r * k] * products.A[at + x + c * k];
        half[(rowStart[i] + r) * k + c] = t;
      }
  }
  forwardSolve(chol, half, k);
  const total = new Float64Array(k * k);
  const pairs = new OuterSums(k * k, 'pairs');
  const loads = fixed > 0 ? new OuterSums(k * fixed, 'squares') : null;
  for (let i = nodeStart; i < nodeStart + levels; i++) {
    const first = rowStart[i];
    const at = blockStart[columnStart[i]];
    const to = pairs.next();
    for (let c = 0; c < k; c++)
      for (let r = 0; r < k; r++) {
        let t = products.A[at + r + c * k];
        for (let x = 0; x < k; x++) t -= half[(first + x) * k + r] * half[(first + x) * k + c];
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
  const n = layout.thetas;
  subtractTrace(spreads, spreads, regrouped(pairs.total(), k, k), k, k, thetaStart, thetaStart, n, H);
  if (loads === null) return total;
  const outer = regrouped(loads.total(), k, fixed);
  // E'D_p E
  const low = spreads.map((D) => {
    const into = new Float64Array(fixed * fixed);
    for (let rs = 0; rs < k * k; rs++)
      for (let x = 0; x < into.length; x++) into[x] += D[rs] * outer[rs * into.length + x];
    return into;
  });
  for (let p = 0; p < n; p++)
    for (let r = 0; r < n; r++) {
      let t = 0;
      for (let x = 0; x < fixed; x++)
        for (let y = 0; y < fixed; y++) t += low[p][x + y * fixed] * low[r][y + x * fixed];
      H[p + r * n] -= t;
    }
  return total;
}

/** Crossed factors: all of N, from Z'V^-1 Z. @returns per block the sum of N_ii */
export function traceOfPairs(
  work: LmmWork,
  N: Float64Array,
  columns: number,
  spreads: readonly (readonly Float64Array[])[],
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

/** The upper triangle from the lower one. */
export function mirror(M: Float64Array, n: number): void {
  for (let c = 0; c < n; c++) for (let r = c + 1; r < n; r++) M[c + r * n] = M[r + c * n];
}
