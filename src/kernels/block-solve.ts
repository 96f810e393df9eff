import type { BlockCholesky } from './block-cholesky.js';

// Right-hand sides are q x columns, row-major, in the matrix's own row order: a node's rows are contiguous. The permutation
// stays inside: after `forwardSolve` the row that belongs to a node stands at that node's place, so that sums of squares and
// products of such results are those of L^-1 P B.

/** B <- P' L^-1 P B. */
export function forwardSolve(chol: BlockCholesky, B: Float64Array, columns: number): void {
  const { supernodes, first, belowStart, below, panelStart, scalarOrder } = chol.symbolic;
  const x = chol.kernels.memory;
  for (let s = 0; s < supernodes; s++) {
    const width = first[s + 1] - first[s];
    const rows = belowStart[s];
    const many = belowStart[s + 1] - rows;
    const height = width + many;
    for (let c = 0; c < width; c++) {
      const column = panelStart[s] + c * height;
      const from = scalarOrder[first[s] + c] * columns;
      const inverse = 1 / x[column + c];
      for (let m = 0; m < columns; m++) B[from + m] *= inverse;
      for (let i = c + 1; i < width; i++) {
        const to = scalarOrder[first[s] + i] * columns;
        const y = x[column + i];
        for (let m = 0; m < columns; m++) B[to + m] -= y * B[from + m];
      }
      for (let i = 0; i < many; i++) {
        const to = scalarOrder[below[rows + i]] * columns;
        const y = x[column + width + i];
        for (let m = 0; m < columns; m++) B[to + m] -= y * B[from + m];
      }
    }
  }
}

/** B <- P' L^-T P B. */
export function backwardSolve(chol: BlockCholesky, B: Float64Array, columns: number): void {
  const { supernodes, first, belowStart, below, panelStart, scalarOrder } = chol.symbolic;
  const x = chol.kernels.memory;
  for (let s = supernodes - 1; s >= 0; s--) {
    const width = first[s + 1] - first[s];
    const rows = belowStart[s];
    const many = belowStart[s + 1] - rows;
    const height = width + many;
    for (let c = width - 1; c >= 0; c--) {
      const column = panelStart[s] + c * height;
      const to = scalarOrder[first[s] + c] * columns;
      for (let i = c + 1; i < width; i++) {
        const from = scalarOrder[first[s] + i] * columns;
        const y = x[column + i];
        for (let m = 0; m < columns; m++) B[to + m] -= y * B[from + m];
      }
      for (let i = 0; i < many; i++) {
        const from = scalarOrder[below[rows + i]] * columns;
        const y = x[column + width + i];
        for (let m = 0; m < columns; m++) B[to + m] -= y * B[from + m];
      }
      const inverse = 1 / x[column + c];
      for (let m = 0; m < columns; m++) B[to + m] *= inverse;
    }
  }
}

/** B <- A^-1 B. */
export function solve(chol: BlockCholesky, B: Float64Array, columns: number): void {
  forwardSolve(chol, B, columns);
  backwardSolve(chol, B, columns);
}
