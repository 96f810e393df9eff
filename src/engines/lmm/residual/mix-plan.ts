import { type BlockPattern, findEntry } from '../../../kernels/block-cholesky.js';
import type { MixedRows } from './correlation-model.js';

/** What the plan needs of a block of random effects. */
export interface MixedBlock {
  readonly nodeStart: number;
  readonly codes: Int32Array; // rows
}

/**
 * Which random effects meet in a mixed row [LMM-RES-2]: the nodes of all rows in it. Consecutive mixed rows with the same nodes share
 * one support.
 */
export interface Supports {
  readonly of: Int32Array; // mixed rows: its support
  readonly start: Int32Array; // supports + 1
  readonly node: Int32Array; // nodes of each support, ascending
}

export function supportsOf(rows: MixedRows, blocks: readonly MixedBlock[]): Supports {
  const mixed = rows.start.length - 1;
  const of = new Int32Array(mixed);
  const start = [0];
  const node: number[] = [];
  let before: number[] = [];
  for (let p = 0; p < mixed; p++) {
    const found: number[] = [];
    for (let e = rows.start[p]; e < rows.start[p + 1]; e++)
      for (const { nodeStart, codes } of blocks) found.push(nodeStart + codes[rows.row[e]]);
    found.sort((a, b) => a - b);
    const own = found.filter((v, k) => k === 0 || v !== found[k - 1]);
    if (p === 0 || own.length !== before.length || own.some((v, k) => v !== before[k])) {
      for (const v of own) node.push(v);
      start.push(node.length);
      before = own;
    }
    of[p] = start.length - 2;
  }
  return { of, start: Int32Array.from(start), node: Int32Array.from(node) };
}

/** Pairs of nodes that meet in a mixed row, for the pattern; may repeat. */
export function supportPairs({ start, node }: Supports): { left: Int32Array; right: Int32Array } {
  let count = 0;
  for (let s = 0; s + 1 < start.length; s++) count += ((start[s + 1] - start[s]) * (start[s + 1] - start[s] - 1)) / 2;
  const left = new Int32Array(count);
  const right = new Int32Array(count);
  let at = 0;
  for (let s = 0; s + 1 < start.length; s++)
    for (let a = start[s]; a < start[s + 1]; a++)
      for (let b = start[s]; b < a; b++, at++) {
        left[at] = node[a];
        right[at] = node[b];
      }
  return { left, right };
}

/** Where the products of mixed rows go. */
export interface MixPlan {
  readonly supports: Supports;
  readonly offset: Int32Array; // as supports.node: first scalar of the node in the support's local vector
  readonly width: Int32Array; // supports: scalars
  readonly widest: number;
  readonly entryStart: Int32Array; // supports + 1
  /** The pattern's entry of each pair (a >= b) of a support's nodes: a outer, b inner. */
  readonly entry: Int32Array;
  /** entries of the mixed rows x blocks: first scalar of the row's level in the local vector. */
  readonly slot: Int32Array;
}

export function mixPlan(
  rows: MixedRows,
  blocks: readonly MixedBlock[],
  supports: Supports,
  pattern: BlockPattern,
): MixPlan {
  const { start, node } = supports;
  const count = start.length - 1;
  const offset = new Int32Array(node.length);
  const width = new Int32Array(count);
  const entryStart = new Int32Array(count + 1);
  let widest = 0;
  for (let s = 0; s < count; s++) {
    for (let a = start[s]; a < start[s + 1]; a++) {
      offset[a] = width[s];
      width[s] += pattern.size[node[a]];
    }
    widest = Math.max(widest, width[s]);
    const nodes = start[s + 1] - start[s];
    entryStart[s + 1] = entryStart[s] + (nodes * (nodes + 1)) / 2;
  }
  const entry = new Int32Array(entryStart[count]);
  for (let s = 0, at = 0; s < count; s++)
    for (let a = start[s]; a < start[s + 1]; a++)
      for (let b = start[s]; b <= a; b++) entry[at++] = findEntry(pattern, node[a], node[b]);
  const slot = new Int32Array(rows.row.length * blocks.length);
  const local = new Map<number, number>();
  let filled = -1;
  for (let p = 0; p + 1 < rows.start.length; p++) {
    const s = supports.of[p];
    if (s !== filled) {
      local.clear();
      for (let a = start[s]; a < start[s + 1]; a++) local.set(node[a], offset[a]);
      filled = s;
    }
    for (let e = rows.start[p]; e < rows.start[p + 1]; e++)
      blocks.forEach(({ nodeStart, codes }, b) => {
        slot[e * blocks.length + b] = local.get(nodeStart + codes[rows.row[e]]) ?? -1;
      });
  }
  return { supports, offset, width, widest, entryStart, entry, slot };
}
