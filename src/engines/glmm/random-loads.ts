import type { RandomUse } from '../../data/design.js';
import { type BlockPattern, findEntry } from '../../kernels/block-cholesky.js';
import type { BlockLayout, Layout } from '../lmm/layout.js';
import { rebaseRow } from '../lmm/rebase.js';

/** How the rows of one predictor load on one block: eta_row += sum_c z_c b[at_row + c], c < width. */
export interface Load {
  readonly predictor: number;
  readonly block: number; // of the layout
  /** Columns of a row that are not zero: all of the level's, or the one of ar1 and car1. */
  readonly width: number;
  readonly at: Int32Array; // rows: the first of them, among all q effects
  readonly z: Float64Array | null; // rows x width, row-major, rebased; null: ones
}

/** A pair of loads, block(first) <= block(second), and where the rows' products stand in the pattern's values. */
export interface LoadPair {
  readonly first: number;
  readonly second: number;
  /** Of z_second z_first' (second's columns are rows of the stored block): its first number, and the distance of its columns. */
  readonly target: Int32Array; // rows
  readonly stride: Int32Array | null; // rows; null: `commonStride`
  readonly commonStride: number;
  readonly sameNode: boolean;
}

export interface RandomLoads {
  readonly rows: number;
  readonly loads: readonly Load[]; // ascending by block
  readonly pairs: readonly LoadPair[];
  /** Which predictors have random effects. */
  readonly random: Uint8Array;
}

/**
 * @param uses      per predictor
 * @param blockOf   layout block of a design block
 */
export function randomLoads(
  uses: readonly (readonly RandomUse[])[],
  blockOf: ReadonlyMap<number, number>,
  layout: Layout,
  rows: number,
): RandomLoads {
  const loads: Load[] = [];
  uses.forEach((ofPredictor, predictor) => {
    for (const use of ofPredictor) {
      const block = blockOf.get(use.block) ?? 0;
      loads.push(loadOf(use, predictor, block, layout, rows));
    }
  });
  loads.sort((a, b) => a.block - b.block);
  const pairs: LoadPair[] = [];
  for (let u = 0; u < loads.length; u++)
    for (let v = u; v < loads.length; v++) pairs.push(pairOf(loads, u, v, layout, rows));
  const random = new Uint8Array(uses.length);
  for (const load of loads) random[load.predictor] = 1;
  return { rows, loads, pairs, random };
}

function loadOf(use: RandomUse, predictor: number, block: number, layout: Layout, rows: number): Load {
  const place = layout.blocks[block];
  const { rowStart } = layout.pattern;
  const { codes } = place.block.group;
  const at = new Int32Array(rows);
  for (let i = 0; i < rows; i++) at[i] = rowStart[place.nodeStart + codes[i]];
  if (use.z.kind === 'indicator') {
    const { column } = use.z;
    for (let i = 0; i < rows; i++) at[i] += column[i];
    return { predictor, block, width: 1, at, z: null };
  }
  return { predictor, block, width: place.size, at, z: rebasedColumns(place, use.z.values, rows) };
}

function rebasedColumns(place: BlockLayout, values: Float64Array | null, rows: number): Float64Array | null {
  const { rebase, size } = place;
  if (values === null) {
    const one = new Float64Array(1);
    rebaseRow(rebase, Float64Array.of(1), 0, 1, one, 0);
    return one[0] === 1 ? null : new Float64Array(rows).fill(one[0]);
  }
  const z = new Float64Array(rows * size);
  for (let i = 0; i < rows; i++) rebaseRow(rebase, values, i * size, 1, z, i * size);
  return z.every((v) => v === 1) ? null : z;
}

function pairOf(loads: readonly Load[], u: number, v: number, layout: Layout, rows: number): LoadPair {
  const { pattern, blocks } = layout;
  const first = loads[u];
  const second = loads[v];
  const left = blocks[first.block];
  const right = blocks[second.block];
  const leftCodes = left.block.group.codes;
  const rightCodes = right.block.group.codes;
  const target = new Int32Array(rows);
  const stride = new Int32Array(rows);
  let common = rows > 0;
  for (let i = 0; i < rows; i++) {
    const column = left.nodeStart + leftCodes[i];
    const row = right.nodeStart + rightCodes[i];
    const start = pattern.blockStart[row === column ? pattern.columnStart[column] : entryOf(pattern, row, column)];
    stride[i] = pattern.size[row];
    const r = second.at[i] - pattern.rowStart[row];
    const c = first.at[i] - pattern.rowStart[column];
    target[i] = start + r + c * stride[i];
    if (stride[i] !== stride[0]) common = false;
  }
  return {
    first: u,
    second: v,
    target,
    stride: common ? null : stride,
    commonStride: rows > 0 ? stride[0] : 0,
    sameNode: first.block === second.block,
  };
}

function entryOf(pattern: BlockPattern, row: number, column: number): number {
  return findEntry(pattern, row, column);
}

/** eta_d += Z b for every predictor with random effects; eta_d of row i stands at d * rows + i. */
export function addRandomEffects(model: RandomLoads, b: Float64Array, eta: Float64Array): void {
  const { rows } = model;
  for (const { predictor, width, at, z } of model.loads) {
    const to = predictor * rows;
    if (width === 1) {
      if (z === null) for (let i = 0; i < rows; i++) eta[to + i] += b[at[i]];
      else for (let i = 0; i < rows; i++) eta[to + i] += z[i] * b[at[i]];
      continue;
    }
    for (let i = 0; i < rows; i++) {
      let t = 0;
      const from = at[i];
      const zi = i * width;
      for (let c = 0; c < width; c++) t += (z === null ? 1 : z[zi + c]) * b[from + c];
      eta[to + i] += t;
    }
  }
}

/** into = Z'v, summed over the predictors; v_d of row i stands at d * rows + i. */
export function transposeInto(into: Float64Array, model: RandomLoads, v: Float64Array): void {
  const { rows } = model;
  into.fill(0);
  for (const load of model.loads) addTransposed(into, 0, load, v, load.predictor * rows, rows);
}

/** into[start ..] += Z'v of one load, v[from ..] by row. */
export function addTransposed(
  into: Float64Array,
  start: number,
  { width, at, z }: Load,
  v: Float64Array,
  from: number,
  rows: number,
): void {
  if (width === 1) {
    if (z === null) for (let i = 0; i < rows; i++) into[start + at[i]] += v[from + i];
    else for (let i = 0; i < rows; i++) into[start + at[i]] += z[i] * v[from + i];
    return;
  }
  for (let i = 0; i < rows; i++) {
    const t = v[from + i];
    const to = start + at[i];
    const zi = i * width;
    for (let c = 0; c < width; c++) into[to + c] += (z === null ? 1 : z[zi + c]) * t;
  }
}

/**
 * into = Z'WZ in the pattern's layout, with W_de = -second derivative; diagonal blocks in full.
 * @param second  packed pairs x rows, as in `RowDerivatives`
 * @param pairAt  index of the packed pair of predictors (d, e): pairAt[d * D + e]
 */
export function crossProductsInto(
  into: Float64Array,
  model: RandomLoads,
  second: Float64Array,
  pairAt: Int32Array,
  D: number,
): void {
  const { rows, loads } = model;
  into.fill(0);
  for (const pair of model.pairs) {
    const a = loads[pair.first];
    const b = loads[pair.second];
    const w = pairAt[a.predictor * D + b.predictor] * rows;
    const { target, stride, commonStride } = pair;
    const twice = pair.sameNode && pair.first !== pair.second;
    if (a.width === 1 && b.width === 1 && !twice) {
      scalarProducts(into, target, a.z, b.z, second, w, rows);
      continue;
    }
    for (let i = 0; i < rows; i++) {
      const weight = -second[w + i];
      const ld = stride === null ? commonStride : stride[i];
      const to = target[i];
      for (let c = 0; c < a.width; c++) {
        const f = weight * (a.z === null ? 1 : a.z[i * a.width + c]);
        for (let r = 0; r < b.width; r++) {
          const t = f * (b.z === null ? 1 : b.z[i * b.width + r]);
          into[to + r + c * ld] += t;
          // two loads on one level: the product and its transpose
          if (twice) into[to + transposed(r, c, a, b, i, ld)] += t;
        }
      }
    }
  }
}

/** Place, relative to the pair's target, of the transposed product of two loads on one node. */
function transposed(r: number, c: number, a: Load, b: Load, row: number, ld: number): number {
  // element (row b.at + r, column a.at + c) goes to (row a.at + c, column b.at + r)
  const shift = a.at[row] - b.at[row];
  return shift + c + (r - shift) * ld;
}

function scalarProducts(
  into: Float64Array,
  target: Int32Array,
  za: Float64Array | null,
  zb: Float64Array | null,
  second: Float64Array,
  w: number,
  rows: number,
): void {
  if (za === null && zb === null) for (let i = 0; i < rows; i++) into[target[i]] -= second[w + i];
  else
    for (let i = 0; i < rows; i++)
      into[target[i]] -= second[w + i] * (za === null ? 1 : za[i]) * (zb === null ? 1 : zb[i]);
}

/**
 * h_de = sum over the loads of d and e of z_d' M z_e for every row [GLMM-7], packed pairs x rows; M symmetric in the pattern's
 * layout, in the scale of b.
 */
export function leveragesInto(
  into: Float64Array,
  model: RandomLoads,
  M: Float64Array,
  pairAt: Int32Array,
  D: number,
): void {
  const { rows, loads } = model;
  into.fill(0);
  for (const pair of model.pairs) {
    const a = loads[pair.first];
    const b = loads[pair.second];
    const to = pairAt[a.predictor * D + b.predictor] * rows;
    // within one predictor z_a' M z_b stands twice in the quadratic form
    const times = pair.first !== pair.second && a.predictor === b.predictor ? 2 : 1;
    const { target, stride, commonStride } = pair;
    if (a.width === 1 && b.width === 1) {
      for (let i = 0; i < rows; i++)
        into[to + i] += times * M[target[i]] * (a.z === null ? 1 : a.z[i]) * (b.z === null ? 1 : b.z[i]);
      continue;
    }
    for (let i = 0; i < rows; i++) {
      const ld = stride === null ? commonStride : stride[i];
      let sum = 0;
      for (let c = 0; c < a.width; c++) {
        let t = 0;
        for (let r = 0; r < b.width; r++) t += M[target[i] + r + c * ld] * (b.z === null ? 1 : b.z[i * b.width + r]);
        sum += t * (a.z === null ? 1 : a.z[i * a.width + c]);
      }
      into[to + i] += times * sum;
    }
  }
}
