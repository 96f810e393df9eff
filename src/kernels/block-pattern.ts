/**
 * A symmetric matrix of small dense blocks: node i stands for `size[i]` consecutive rows (a level of a grouping factor),
 * block (i, j), i >= j, is stored column-major in `values` from `blockStart[k]`, where k runs over the columns' entries.
 * Diagonal blocks are stored in full and come first in their column.
 */
export interface BlockPattern {
  readonly nodes: number;
  readonly size: Int32Array; // nodes
  readonly rowStart: Int32Array; // nodes + 1: first scalar row of a node
  readonly columnStart: Int32Array; // nodes + 1: entries of block column j are columnStart[j] .. columnStart[j + 1]
  readonly row: Int32Array; // entries: block row, ascending in each column, the diagonal first
  readonly blockStart: Float64Array | Int32Array; // entries + 1: offset of the entry's block in `values`
}
