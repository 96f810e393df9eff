import { chunkRows, type MixedRows } from '../../kernels/mixed-rows.js';
import type { BlockLayout, Layout } from './layout.js';

// Products of one chunk of rows, from row `first` on, each added to what it belongs to; z as `RowReader` leaves it.

/** into (q x P, row-major) += Zt' Xt, for one block. */
export function addBlockTimesFixed(
  block: BlockLayout,
  z: Float64Array,
  layout: Layout,
  first: number,
  count: number,
  x: MixedRows,
  P: number,
  into: Float64Array,
): void {
  const { rowStart } = layout.pattern;
  const { load, nodeStart } = block;
  const { codes } = block.block.group;
  const size = load.kind === 'dense' ? load.size : 1;
  const column = load.kind === 'indicator' ? load.column : null;
  const { dense } = x;
  const D = dense.length;
  for (let i = 0; i < count; i++) {
    let to = (rowStart[nodeStart + codes[first + i]] + (column === null ? 0 : column[first + i])) * P;
    for (let s = 0; s < size; s++, to += P) {
      const v = z[i * size + s];
      for (let d = 0, from = i; d < D; d++, from += chunkRows) into[to + dense[d]] += v * x.x[from];
    }
  }
  for (let k = 0; k < x.sets; k++)
    addBlockTimesSet(rowStart, nodeStart, codes, column, z, size, first, count, x.at[k], x.value[k], P, into);
}

function addBlockTimesSet(
  rowStart: Int32Array,
  nodeStart: number,
  codes: Int32Array,
  column: Int32Array | null,
  z: Float64Array,
  size: number,
  first: number,
  count: number,
  at: Int32Array,
  value: Float64Array,
  P: number,
  into: Float64Array,
): void {
  for (let i = 0; i < count; i++) {
    if (at[i] < 0) continue;
    let to = (rowStart[nodeStart + codes[first + i]] + (column === null ? 0 : column[first + i])) * P + at[i];
    for (let s = 0; s < size; s++, to += P) into[to] += z[i * size + s] * value[i];
  }
}

/** into (q) += Zt' y, for one block. */
export function addBlockTimesResponse(
  block: BlockLayout,
  z: Float64Array,
  layout: Layout,
  first: number,
  count: number,
  y: Float64Array,
  into: Float64Array,
): void {
  const { rowStart } = layout.pattern;
  const { load, nodeStart } = block;
  const { codes } = block.block.group;
  const size = load.kind === 'dense' ? load.size : 1;
  const column = load.kind === 'indicator' ? load.column : null;
  for (let i = 0; i < count; i++) {
    const to = rowStart[nodeStart + codes[first + i]] + (column === null ? 0 : column[first + i]);
    for (let s = 0; s < size; s++) into[to + s] += z[i * size + s] * y[i];
  }
}

export function addDiagonal(
  block: BlockLayout,
  z: Float64Array,
  layout: Layout,
  first: number,
  count: number,
  A: Float64Array,
): void {
  const { columnStart, blockStart, size: sizes } = layout.pattern;
  const { load, nodeStart, size } = block;
  const { codes } = block.block.group;
  for (let i = 0; i < count; i++) {
    const node = nodeStart + codes[first + i];
    const at = blockStart[columnStart[node]];
    if (load.kind === 'indicator') {
      A[at + load.column[first + i] * (sizes[node] + 1)] += z[i] * z[i];
      continue;
    }
    const from = i * size;
    for (let c = 0; c < size; c++) {
      const v = z[from + c];
      for (let r = 0; r < size; r++) A[at + c * size + r] += v * z[from + r];
    }
  }
}

/** Block (node of v, node of u), stored size_v x size_u. */
export function addPair(
  pair: Layout['pairs'][number],
  layout: Layout,
  z: readonly Float64Array[],
  first: number,
  count: number,
  A: Float64Array,
): void {
  const { blockStart, size: sizes } = layout.pattern;
  const U = layout.blocks[pair.u];
  const V = layout.blocks[pair.v];
  const zu = z[pair.u];
  const zv = z[pair.v];
  const many = U.load.kind === 'dense' ? U.size : 1;
  const high = V.load.kind === 'dense' ? V.size : 1;
  const { codes } = V.block.group;
  for (let i = 0; i < count; i++) {
    const row = first + i;
    const height = sizes[V.nodeStart + codes[row]];
    let at = blockStart[pair.entry[row]];
    if (U.load.kind === 'indicator') at += U.load.column[row] * height;
    if (V.load.kind === 'indicator') at += V.load.column[row];
    for (let c = 0; c < many; c++)
      for (let r = 0; r < high; r++) A[at + c * height + r] += zu[i * many + c] * zv[i * high + r];
  }
}
