import type { DenseKernels } from '../../kernels/dense-kernels.js';
import { shiftedCholesky } from '../../optim/cholesky-solve.js';
import type { BlockLayout, Layout } from './layout.js';
import type { LmmWork } from './lmm-work.js';

/** Of `effectProducts`, where so many effects are not of the first block. */
export function denseFlops(q: number, others: number): number {
  return others ** 3 / 3 + 2 * q * others * others + q * q * others;
}

function effectsOf({ pattern: { rowStart } }: Layout, { nodeStart, levels }: BlockLayout): number {
  return rowStart[nodeStart + levels] - rowStart[nodeStart];
}

export function mostEffects(layout: Layout): number {
  return layout.blocks.reduce((most, b) => Math.max(most, effectsOf(layout, b)), 0);
}

/** The block with most effects, whose share of V is inverted level by level; `rest`: the effects of the others. */
function splitBlocks({ layout, q }: LmmWork): { readonly first: BlockLayout; readonly rest: Int32Array } {
  const { rowStart } = layout.pattern;
  const first = layout.blocks.reduce((most, b) => (effectsOf(layout, b) > effectsOf(layout, most) ? b : most));
  const [from, to] = [rowStart[first.nodeStart], rowStart[first.nodeStart + first.levels]];
  return { first, rest: Int32Array.from([...Array(q).keys()].filter((i) => i < from || i >= to)) };
}

/** Z'V^-1 Z over all effects, in the memory of dense kernels. */
export interface EffectProducts {
  readonly N: Float64Array; // q x q; the lower triangle until it is mirrored
  /** N B, once N is mirrored; B and the result q x n, row-major. */
  times(B: Float64Array, n: number): Float64Array;
}

/** Numbers that the kernels' memory must hold: G, room for C and for the operands of `times`, N. */
export function productsLength({ layout, q }: LmmWork): number {
  const others = q - mostEffects(layout);
  return others * others + roomOf(q, others, layout.thetas) + q * q;
}

function roomOf(q: number, others: number, thetas: number): number {
  return q * Math.max(others, q - others, 2 * thetas);
}

/**
 * Z'V^-1 Z, the lower triangle, q x q: M_1 of the first block alone, A - A Lambda Omega^-1 Lambda'A by its levels, and then
 * M = M_1 - C C', C = M_1 Lambda G^-T over the other effects, G G' = I + Lambda'M_1 Lambda.
 */
export function effectProducts(work: LmmWork, kernels: DenseKernels): EffectProducts {
  const { layout, lambda, q } = work;
  const { size, rowStart } = layout.pattern;
  const { first, rest } = splitBlocks(work);
  const q2 = rest.length;
  const { memory } = kernels;
  const [atG, atC] = [0, q2 * q2];
  const atN = atC + roomOf(q, q2, layout.thetas);
  const N = memory.subarray(atN, atN + q * q);
  const C = memory.subarray(atC, atN);
  const G = memory.subarray(atG, atC);
  spreadOut(work, N);
  // what the first block takes from the others: its columns of C are free until later
  levelsOf(work, first, rest, N, C);
  for (let c = 0; c < q2; c++) for (let r = 0; r < q2; r++) G[r + c * q2] = N[rest[r] + rest[c] * q];
  kernels.subtractSquare(q2, q - q2, atC, q2, atG, q2);
  for (let c = 0; c < q2; c++)
    for (let r = c; r < q2; r++) {
      N[rest[r] + rest[c] * q] = G[r + c * q2];
      N[rest[c] + rest[r] * q] = G[r + c * q2];
    }
  C.fill(0);
  for (let c = 0; c < q2; ) {
    const node = nodeOf(work, rest[c]);
    const k = size[node];
    for (let x = 0; x < k; x++)
      for (let r = 0; r < k; r++) {
        const f = lambda[layout.nodeLambda[node] + r + x * k];
        if (f === 0) continue;
        const to = (c + x) * q;
        const from = (rowStart[node] + r) * q;
        for (let i = 0; i < q; i++) C[to + i] += f * N[from + i];
      }
    c += k;
  }
  G.fill(0);
  for (let r = 0; r < q2; ) {
    const node = nodeOf(work, rest[r]);
    const k = size[node];
    for (let c = 0; c < q2; c++)
      for (let x = 0; x < k; x++) {
        let t = 0;
        for (let y = 0; y < k; y++) t += lambda[layout.nodeLambda[node] + y + x * k] * C[rowStart[node] + y + c * q];
        G[r + x + c * q2] = t + (r + x === c ? 1 : 0);
      }
    r += k;
  }
  // a sum of squares and the identity: this cannot fail
  kernels.cholesky(q2, atG, q2);
  kernels.solveRightTransposed(q, q2, atG, q2, atC, q);
  kernels.subtractSquare(q, q2, atC, q, atN, q);
  const times = (B: Float64Array, n: number): Float64Array => {
    const result = atC + n * q;
    for (let k = 0; k < n * q; k++) memory[atC + k] = -B[k];
    memory.fill(0, result, result + n * q);
    kernels.subtractTimes(n, q, q, atC, n, atN, q, result, n);
    return memory.slice(result, result + n * q);
  };
  return { N, times };
}

/** The node that an effect is the first of. */
function nodeOf({ layout }: LmmWork, row: number): number {
  const { rowStart, nodes } = layout.pattern;
  let [low, high] = [0, nodes - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (rowStart[middle] <= row) low = middle;
    else high = middle - 1;
  }
  return low;
}

/**
 * The rows and columns of the first block in N become those of M_1, level by level: (I - A_ii W) A_i., W = Lambda Omega_ii^-1 Lambda'.
 * @param taken  L_ii^-1 Lambda'A_ij over the others' effects j is written, transposed: one column of their number per effect
 */
function levelsOf(
  { layout, lambda, omega, q }: LmmWork,
  { nodeStart, levels, size: k }: BlockLayout,
  rest: Int32Array,
  N: Float64Array,
  taken: Float64Array,
): void {
  const { rowStart, columnStart, blockStart } = layout.pattern;
  const q2 = rest.length;
  const L = new Float64Array(k * k);
  const K = new Float64Array(k * k); // L^-1 Lambda'
  const T = new Float64Array(k * k); // I - A W
  const KA = new Float64Array(k * k);
  const own = new Float64Array(k);
  for (let i = nodeStart; i < nodeStart + levels; i++) {
    const at = blockStart[columnStart[i]];
    const row = rowStart[i];
    L.set(omega.subarray(at, at + k * k));
    shiftedCholesky(L, k, 0, L);
    for (let c = 0; c < k; c++)
      for (let r = 0; r < k; r++) {
        let t = lambda[layout.nodeLambda[i] + c + r * k];
        for (let x = 0; x < r; x++) t -= L[r + x * k] * K[x + c * k];
        K[r + c * k] = t / L[r + r * k];
      }
    for (let c = 0; c < k; c++)
      for (let r = 0; r < k; r++) {
        let t = 0;
        for (let x = 0; x < k; x++) t += K[r + x * k] * N[row + x + (row + c) * q];
        KA[r + c * k] = t;
      }
    for (let c = 0; c < k; c++)
      for (let r = 0; r < k; r++) {
        let t = r === c ? 1 : 0;
        for (let x = 0; x < k; x++) t -= KA[x + r * k] * K[x + c * k];
        T[r + c * k] = t;
      }
    for (let j = 0; j < q2; j++) {
      const from = row + rest[j] * q;
      for (let r = 0; r < k; r++) {
        let t = 0;
        for (let x = 0; x < k; x++) t += K[r + x * k] * N[from + x];
        taken[j + (row - rowStart[nodeStart] + r) * q2] = t;
      }
      timesLevel(T, N, from, k, own);
      for (let r = 0; r < k; r++) N[rest[j] + (row + r) * q] = N[from + r];
    }
    for (let c = 0; c < k; c++) timesLevel(T, N, row + (row + c) * q, k, own);
  }
}

/** k numbers of N <- T times them. */
function timesLevel(T: Float64Array, N: Float64Array, at: number, k: number, own: Float64Array): void {
  for (let r = 0; r < k; r++) {
    let t = 0;
    for (let x = 0; x < k; x++) t += T[r + x * k] * N[at + x];
    own[r] = t;
  }
  for (let r = 0; r < k; r++) N[at + r] = own[r];
}

/** A, q x q: what the pattern has, in both triangles. */
function spreadOut({ layout, q, products }: LmmWork, all: Float64Array): void {
  const { nodes, size, rowStart, columnStart, row, blockStart } = layout.pattern;
  all.fill(0);
  for (let j = 0; j < nodes; j++)
    for (let e = columnStart[j]; e < columnStart[j + 1]; e++) {
      const i = row[e];
      for (let c = 0; c < size[j]; c++)
        for (let r = 0; r < size[i]; r++) {
          const v = products.A[blockStart[e] + r + c * size[i]];
          all[rowStart[i] + r + (rowStart[j] + c) * q] = v;
          all[rowStart[j] + c + (rowStart[i] + r) * q] = v;
        }
    }
}
