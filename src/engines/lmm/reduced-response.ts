import { backwardSolve, forwardSolve, multiplySymmetric } from '../../kernels/block-cholesky.js';
import { invertLambda } from './inverse-lambda.js';
import type { Layout } from './layout.js';
import type { LmmWork } from './lmm-work.js';

/** Which parameter scales each of the q effects; null where one is not just scaled by a standard deviation. */
export function scaleOwners({ blocks, pattern }: Layout): Int32Array | null {
  const owner = new Int32Array(pattern.rowStart[pattern.nodes]);
  for (const { model, size, levels, nodeStart, thetaStart } of blocks) {
    if (model.name !== 'diag' && (model.name !== 'us' || size > 1)) return null;
    for (let i = nodeStart; i < nodeStart + levels; i++)
      for (let c = 0; c < size; c++) owner[pattern.rowStart[i] + c] = thetaStart + c;
  }
  return owner;
}

/**
 * What the response has to say, for random effects within a subspace: r^2(theta) of [LMM-18], an upper bound that is exact with its
 * slopes wherever the subspace was extended. The subspace does not depend on theta; each of its directions belongs to one
 * parameter's effects.
 */
export interface ReducedResponse {
  readonly owner: Int32Array; // q
  readonly rows: readonly Int32Array[]; // effects of each parameter
  readonly of: readonly number[]; // parameter of each direction
  readonly directions: readonly Float64Array[]; // orthonormal, as long as their parameter's rows
  readonly A: Float64Array; // J x J: their products through Z'Z
  readonly ZX: Float64Array; // J x P, row-major
  readonly Zy: Float64Array; // J
}

/** A direction of which less than this is new is in the subspace already. */
const known = 1e-7;

export function emptyReduced(layout: Layout, owner: Int32Array): ReducedResponse {
  const rows = Array.from({ length: layout.thetas }, (_, p) =>
    Int32Array.from([...owner.keys()].filter((i) => owner[i] === p)),
  );
  const none = new Float64Array(0);
  return { owner, rows, of: [], directions: [], A: none, ZX: none, Zy: none };
}

/**
 * Z'Py, and its derivatives by the variances up to a sign: Z'PZ_p Z_p'Py. `work` has its factor, its modes and sigma.
 * @param columns  of what `residualColumns(work, true)` has just left in the scratch
 */
export function responseSlopes(
  work: LmmWork,
  owner: Int32Array,
  columns: number,
): { readonly residual: Float64Array; readonly slopes: readonly Float64Array[] } {
  const residual = residualProducts(work, columns);
  return { residual, slopes: slopesOf(work, owner, columns, [residual]) };
}

function slopesOf(work: LmmWork, owner: Int32Array, columns: number, vectors: readonly Float64Array[]): Float64Array[] {
  const { q, layout } = work;
  const n = layout.thetas;
  const wide = n * vectors.length;
  const H = new Float64Array(q * wide);
  vectors.forEach((v, j) => {
    for (let i = 0; i < q; i++) H[i * wide + j * n + owner[i]] = v[i];
  });
  return columnsOf(timesProjection(work, columns, H, wide, true), q, wide);
}

/**
 * The subspace of Z'Py and its derivatives, and so r^2 with its derivatives up to the third; with the second ones (where there are
 * few parameters) up to the fifth.
 * @param slopes  of `responseSlopes`
 */
export function reduceResponse(
  work: LmmWork,
  owner: Int32Array,
  columns: number,
  { residual, slopes }: ReturnType<typeof responseSlopes>,
  orders: 1 | 2,
): ReducedResponse {
  const second = orders === 1 || slopes.length > 4 ? [] : slopesOf(work, owner, columns, slopes);
  return extendReduced(work, emptyReduced(work.layout, owner), [residual, ...slopes, ...second]);
}

/** Z'Py = Z'e, q. */
export function residualProducts({ q, scratch }: LmmWork, columns: number): Float64Array {
  return Float64Array.from({ length: q }, (_, i) => scratch.product[i * columns]);
}

function columnsOf(M: Float64Array, q: number, columns: number): Float64Array[] {
  return Array.from({ length: columns }, (_, c) => {
    const column = new Float64Array(q);
    for (let i = 0; i < q; i++) column[i] = M[i * columns + c];
    return column;
  });
}

/**
 * Z'PZ H, for ML's log|L|^2 Z'V^-1 Z H; Lambda diagonal.
 * @param columns    of what `residualColumns(work, true)` left in the scratch
 * @param H          q x count, row-major
 * @param projected  whether X is projected out
 */
export function timesProjection(
  work: LmmWork,
  columns: number,
  H: Float64Array,
  count: number,
  projected: boolean,
): Float64Array {
  const { q, P, layout, products, chol, lambda, scratch } = work;
  const { nodes, size, rowStart } = layout.pattern;
  const result = new Float64Array(q * count);
  const inner = new Float64Array(q * count);
  const scale = (M: Float64Array, into: Float64Array, from: Float64Array): void => {
    for (let i = 0; i < nodes; i++)
      for (let c = 0; c < size[i]; c++) {
        const at = (rowStart[i] + c) * count;
        const f = M[layout.nodeLambda[i] + c * (size[i] + 1)];
        for (let x = 0; x < count; x++) into[at + x] = f * from[at + x];
      }
  };
  if (invertLambda(work)) {
    // [LMM-19]
    scale(scratch.lambdaInverse, result, H);
    inner.set(result);
    forwardSolve(chol, inner, count);
    backwardSolve(chol, inner, count);
    for (let k = 0; k < q * count; k++) result[k] -= inner[k];
    scale(scratch.lambdaInverse, result, result);
  } else {
    multiplySymmetric(layout.pattern, products.A, H, result, count);
    scale(lambda, inner, result);
    forwardSolve(chol, inner, count);
    backwardSolve(chol, inner, count);
    scale(lambda, inner, inner);
    const through = new Float64Array(q * count);
    multiplySymmetric(layout.pattern, products.A, inner, through, count);
    for (let k = 0; k < q * count; k++) result[k] -= through[k];
  }
  if (!projected) return result;
  const E = scratch.product;
  const fixed = new Float64Array(P * count);
  for (let i = 0; i < q; i++)
    for (let c = 0; c < P; c++) {
      const f = E[i * columns + 1 + c];
      for (let x = 0; x < count; x++) fixed[c * count + x] += f * H[i * count + x];
    }
  for (let i = 0; i < q; i++)
    for (let c = 0; c < P; c++) {
      const f = E[i * columns + 1 + c];
      for (let x = 0; x < count; x++) result[i * count + x] -= f * fixed[c * count + x];
    }
  return result;
}

/** The subspace with the parts of these vectors that belong to one parameter each. */
export function extendReduced(
  work: LmmWork,
  reduced: ReducedResponse,
  vectors: readonly Float64Array[],
): ReducedResponse {
  const { products, P } = work;
  const { owner, rows } = reduced;
  const of = [...reduced.of];
  const directions = [...reduced.directions];
  const before = of.length;
  rows.forEach((own, p) => {
    for (const v of vectors) {
      const part = new Float64Array(own.length);
      for (let k = 0; k < own.length; k++) part[k] = v[own[k]];
      if (!normalise(part, 0)) continue;
      let left = true;
      for (let pass = 0; pass < 2 && left; pass++) {
        for (let j = 0; j < of.length; j++) {
          if (of[j] !== p) continue;
          const other = directions[j];
          let t = 0;
          for (let i = 0; i < part.length; i++) t += other[i] * part[i];
          for (let i = 0; i < part.length; i++) part[i] -= t * other[i];
        }
        left = normalise(part, known);
      }
      if (!left) continue;
      of.push(p);
      directions.push(part);
    }
  });
  const J = of.length;
  const fresh = J - before;
  const AU = timesDirections(work, rows, of, directions, before);
  const A = new Float64Array(J * J);
  for (let c = 0; c < before; c++) for (let r = 0; r < before; r++) A[r + c * J] = reduced.A[r + c * before];
  const ZX = new Float64Array(J * P);
  ZX.set(reduced.ZX);
  const Zy = new Float64Array(J);
  Zy.set(reduced.Zy);
  const sums = new Float64Array(fresh);
  for (let j = 0; j < J; j++) {
    const own = rows[of[j]];
    const direction = directions[j];
    const least = Math.max(j - before, 0); // symmetric
    sums.fill(0);
    for (let k = 0; k < own.length; k++) {
      const at = own[k] * fresh;
      const f = direction[k];
      for (let x = least; x < fresh; x++) sums[x] += f * AU[at + x];
    }
    for (let x = least; x < fresh; x++) {
      A[j + (before + x) * J] = sums[x];
      A[before + x + j * J] = sums[x];
    }
    if (j < before) continue;
    for (let k = 0; k < own.length; k++) {
      for (let c = 0; c < P; c++) ZX[j * P + c] += direction[k] * products.ZX[own[k] * P + c];
      Zy[j] += direction[k] * products.response.Zy[own[k]];
    }
  }
  return { owner, rows, of, directions, A, ZX, Zy };
}

/** Z'Z times the directions from the `before`-th on, q x their number, row-major. */
function timesDirections(
  { layout, products, q }: LmmWork,
  rows: readonly Int32Array[],
  of: readonly number[],
  directions: readonly Float64Array[],
  before: number,
): Float64Array {
  const fresh = of.length - before;
  // of each parameter the new directions stand together, and an effect has only those of its own
  const start = rows.map((_, p) => Math.max(of.indexOf(p, before) - before, 0));
  const count = rows.map((_, p) => of.reduce((t, own, j) => t + (j >= before && own === p ? 1 : 0), 0));
  const most = Math.max(...count);
  const own = new Float64Array(q * most);
  const from = new Int32Array(q);
  const many = new Int32Array(q);
  rows.forEach((mine, p) => {
    mine.forEach((i, k) => {
      from[i] = start[p];
      many[i] = count[p];
      for (let x = 0; x < count[p]; x++) own[i * most + x] = directions[before + start[p] + x][k];
    });
  });
  const result = new Float64Array(q * fresh);
  const { nodes, size, rowStart, columnStart, row, blockStart } = layout.pattern;
  const { A } = products;
  for (let j = 0; j < nodes; j++)
    for (let e = columnStart[j]; e < columnStart[j + 1]; e++) {
      const i = row[e];
      const height = size[i];
      for (let c = 0; c < size[j]; c++) {
        const right = rowStart[j] + c;
        for (let r = i === j ? c : 0; r < height; r++) {
          const left = rowStart[i] + r;
          const a = A[blockStart[e] + c * height + r];
          const to = left * fresh + from[right];
          for (let x = 0; x < many[right]; x++) result[to + x] += a * own[right * most + x];
          if (left === right) continue;
          const back = right * fresh + from[left];
          for (let x = 0; x < many[left]; x++) result[back + x] += a * own[left * most + x];
        }
      }
    }
  return result;
}

/** @returns false where it was shorter than `least` */
function normalise(v: Float64Array, least: number): boolean {
  let t = 0;
  for (let i = 0; i < v.length; i++) t += v[i] * v[i];
  const length = Math.sqrt(t);
  if (!(length > least)) return false;
  for (let i = 0; i < v.length; i++) v[i] /= length;
  return true;
}
