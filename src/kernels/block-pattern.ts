import { InternalError } from '../diagnostics/internal-error.js';
import { FactorTooLarge, LARGEST } from './factor-too-large.js';

/**
 * A symmetric matrix of small dense blocks: node i stands for `size[i]` consecutive rows (a level of a grouping factor),
 * block (i, j), i >= j, is stored column-major in `values` from `blockStart[k]`, where k runs over the columns' entries.
 * Diagonal blocks are stored in full and come first in their column.
 */
export interface BlockPattern {
  readonly nodes: number;
  readonly size: Int32Array; // nodes; 0 is allowed
  readonly rowStart: Int32Array; // nodes + 1: first scalar row of a node
  readonly columnStart: Int32Array; // nodes + 1: entries of block column j are columnStart[j] .. columnStart[j + 1]
  readonly row: Int32Array; // entries: block row, ascending in each column, the diagonal first
  readonly blockStart: Int32Array; // entries + 1: offset of the entry's block in `values`
}

/**
 * The pattern with blocks (rows[k], columns[k]) for k < count and all diagonal blocks. Pairs may come in any order, repeat
 * and name either triangle. Two counting sorts: O(nodes + pairs) time, three more arrays of the pairs' length.
 * @throws InternalError where a pair names no node, FactorTooLarge where the blocks have 2^31 numbers or more
 */
export function buildPattern(
  size: Int32Array,
  rows: Int32Array,
  columns: Int32Array,
  count: number = rows.length,
): BlockPattern {
  const nodes = size.length;
  const rowStart = new Int32Array(nodes + 1);
  let scalars = 0;
  for (let i = 0; i < nodes; i++) {
    if (!(size[i] >= 0)) throw new InternalError('block pattern: negative size', i);
    scalars += size[i];
    rowStart[i + 1] = scalars;
  }
  if (scalars > LARGEST) throw new FactorTooLarge(scalars);
  if (columns.length < count || rows.length < count) throw new InternalError('block pattern: wrong lengths', count);

  if (count === 0) return diagonalPattern(size, rowStart);

  // Sort by row, then stably by column.
  const rowFill = new Int32Array(nodes + 1);
  for (let k = 0; k < count; k++) {
    const i = Math.max(rows[k], columns[k]);
    const j = Math.min(rows[k], columns[k]);
    if (!(j >= 0 && i < nodes)) throw new InternalError('block pattern: no such node', [rows[k], columns[k]]);
    if (i !== j) rowFill[i + 1]++;
  }
  for (let i = 0; i < nodes; i++) rowFill[i + 1] += rowFill[i];
  const offDiagonal = rowFill[nodes];
  const byRowColumn = new Int32Array(offDiagonal);
  const columnFill = new Int32Array(nodes + 1);
  for (let k = 0; k < count; k++) {
    const i = Math.max(rows[k], columns[k]);
    const j = Math.min(rows[k], columns[k]);
    if (i === j) continue;
    byRowColumn[rowFill[i]++] = j;
    columnFill[j + 1]++;
  }
  // rowFill[i] is now where row i ends. Duplicates of a pair become neighbours once sorted by column.
  for (let j = 0; j < nodes; j++) columnFill[j + 1] += columnFill[j];
  const sorted = new Int32Array(offDiagonal);
  const next = columnFill.slice();
  for (let i = 0, k = 0; i < nodes; i++) for (; k < rowFill[i]; k++) sorted[next[byRowColumn[k]]++] = i;

  const columnStart = new Int32Array(nodes + 1);
  let entries = 0;
  for (let j = 0; j < nodes; j++) {
    columnStart[j] = entries++;
    for (let k = columnFill[j]; k < columnFill[j + 1]; k++) {
      if (k === columnFill[j] || sorted[k] !== sorted[k - 1]) entries++;
    }
  }
  columnStart[nodes] = entries;
  const row = new Int32Array(entries);
  const blockStart = new Int32Array(entries + 1);
  let values = 0;
  for (let j = 0, at = 0; j < nodes; j++) {
    row[at++] = j;
    for (let k = columnFill[j]; k < columnFill[j + 1]; k++) {
      if (k === columnFill[j] || sorted[k] !== sorted[k - 1]) row[at++] = sorted[k];
    }
    for (let e = columnStart[j]; e < at; e++) {
      blockStart[e] = values;
      values += size[row[e]] * size[j];
    }
  }
  if (values > LARGEST) throw new FactorTooLarge(values);
  blockStart[entries] = values;
  return { nodes, size, rowStart, columnStart, row, blockStart };
}

/** Every node by itself. */
function diagonalPattern(size: Int32Array, rowStart: Int32Array): BlockPattern {
  const nodes = size.length;
  const columnStart = new Int32Array(nodes + 1);
  const blockStart = new Int32Array(nodes + 1);
  let values = 0;
  for (let j = 0; j < nodes; j++) {
    columnStart[j] = j;
    blockStart[j] = values;
    values += size[j] * size[j];
  }
  if (values > LARGEST) throw new FactorTooLarge(values);
  columnStart[nodes] = nodes;
  blockStart[nodes] = values;
  return { nodes, size, rowStart, columnStart, row: columnStart.subarray(0, nodes), blockStart };
}

/** The entry of block (i, j), i >= j, or -1. Binary search in column j. */
export function findEntry(pattern: BlockPattern, i: number, j: number): number {
  let low = pattern.columnStart[j];
  let high = pattern.columnStart[j + 1] - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const row = pattern.row[middle];
    if (row === i) return middle;
    if (row < i) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}

/** How many numbers `values` of this pattern holds. */
export function valueCount(pattern: BlockPattern): number {
  return pattern.blockStart[pattern.row.length];
}

/**
 * into = A B for the symmetric block matrix A: `values` in the pattern's layout (of diagonal blocks the lower triangle is
 * read), B and `into` q x columns, row-major, not the same array.
 */
export function multiplySymmetric(
  pattern: BlockPattern,
  values: Float64Array,
  B: Float64Array,
  into: Float64Array,
  columns: number,
): void {
  const { nodes, size, rowStart, columnStart, row, blockStart } = pattern;
  into.fill(0, 0, rowStart[nodes] * columns);
  for (let j = 0; j < nodes; j++) {
    const width = size[j];
    for (let e = columnStart[j]; e < columnStart[j + 1]; e++) {
      const i = row[e];
      const height = size[i];
      for (let c = 0; c < width; c++) {
        const right = (rowStart[j] + c) * columns;
        for (let r = i === j ? c : 0; r < height; r++) {
          const a = values[blockStart[e] + c * height + r];
          const left = (rowStart[i] + r) * columns;
          for (let m = 0; m < columns; m++) into[left + m] += a * B[right + m];
          if (left !== right) for (let m = 0; m < columns; m++) into[right + m] += a * B[left + m];
        }
      }
    }
  }
}
