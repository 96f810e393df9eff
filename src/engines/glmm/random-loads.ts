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
