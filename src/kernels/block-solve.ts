import { InternalError } from '../diagnostics/internal-error.js';
import { backwardPermuted, forwardPermuted, permuteInto, restoreInto } from './block-solve-vector.js';
import type { BlockCholesky } from './block-storage.js';

// Right-hand sides are q x columns, row-major, in the matrix's own row order: a node's rows are contiguous. The permutation
// stays inside: after `forwardSolve` the row that belongs to a node stands at that node's place, so that sums of squares and
// products of such results are those of L^-1 P B.

/** From this width on a panel's right-hand sides are gathered and go through the dense kernels. */
const WIDE = 8;

/** B <- P' L^-1 P B. */
export function forwardSolve(chol: BlockCholesky, B: Float64Array, columns: number): void {
  checkLength(chol, B, columns);
  if (columns === 1) {
    permuteInto(chol, chol.vector, B);
    forwardPermuted(chol, chol.vector);
    restoreInto(chol, B, chol.vector);
    return;
  }
  const { symbolic, kernels, scratchStart, scratchLength } = chol;
  const { supernodes, first, belowStart, below, panelStart, scalarOrder } = symbolic;
  const x = kernels.memory;
  for (let s = 0; s < supernodes; s++) {
    const w = first[s + 1] - first[s];
    const rows = belowStart[s];
    const r = belowStart[s + 1] - rows;
    const h = w + r;
    const panel = panelStart[s];
    if (w < WIDE) {
      for (let c = 0; c < w; c++) {
        const column = panel + c * h;
        const from = scalarOrder[first[s] + c] * columns;
        const inverse = 1 / x[column + c];
        for (let m = 0; m < columns; m++) B[from + m] *= inverse;
        for (let i = c + 1; i < h; i++) {
          const to = scalarOrder[i < w ? first[s] + i : below[rows + i - w]] * columns;
          const l = x[column + i];
          for (let m = 0; m < columns; m++) B[to + m] -= l * B[from + m];
        }
      }
      continue;
    }
    const step = Math.min(columns, Math.floor(scratchLength / h));
    for (let start = 0; start < columns; start += step) {
      const m = Math.min(step, columns - start);
      const top = scratchStart;
      const bottom = scratchStart + w * m;
      gatherRows(x, top, B, columns, start, m, scalarOrder, first[s], w);
      x.fill(0, bottom, bottom + r * m);
      if (m < 4) {
        for (let c = 0; c < m; c++) forwardVector(x, panel, w, h, top + c, bottom + c, m);
      } else {
        kernels.solveRightTransposed(m, w, panel, h, top, m);
        kernels.subtractTimesTransposed(m, r, w, top, m, panel + w, h, bottom, m);
      }
      for (let i = 0, at = top; i < w; i++) {
        const to = scalarOrder[first[s] + i] * columns + start;
        for (let c = 0; c < m; c++) B[to + c] = x[at++];
      }
      for (let i = 0, at = bottom; i < r; i++) {
        const to = scalarOrder[below[rows + i]] * columns + start;
        for (let c = 0; c < m; c++) B[to + c] += x[at++];
      }
    }
  }
}

/** B <- P' L^-T P B. */
export function backwardSolve(chol: BlockCholesky, B: Float64Array, columns: number): void {
  checkLength(chol, B, columns);
  if (columns === 1) {
    permuteInto(chol, chol.vector, B);
    backwardPermuted(chol, chol.vector);
    restoreInto(chol, B, chol.vector);
    return;
  }
  const { symbolic, kernels, scratchStart, scratchLength } = chol;
  const { supernodes, first, belowStart, below, panelStart, scalarOrder } = symbolic;
  const x = kernels.memory;
  for (let s = supernodes - 1; s >= 0; s--) {
    const w = first[s + 1] - first[s];
    const rows = belowStart[s];
    const r = belowStart[s + 1] - rows;
    const h = w + r;
    const panel = panelStart[s];
    if (w < WIDE) {
      for (let c = w - 1; c >= 0; c--) {
        const column = panel + c * h;
        const to = scalarOrder[first[s] + c] * columns;
        for (let i = c + 1; i < h; i++) {
          const from = scalarOrder[i < w ? first[s] + i : below[rows + i - w]] * columns;
          const l = x[column + i];
          for (let m = 0; m < columns; m++) B[to + m] -= l * B[from + m];
        }
        const inverse = 1 / x[column + c];
        for (let m = 0; m < columns; m++) B[to + m] *= inverse;
      }
      continue;
    }
    const step = Math.min(columns, Math.floor(scratchLength / h));
    for (let start = 0; start < columns; start += step) {
      const m = Math.min(step, columns - start);
      const top = scratchStart;
      const bottom = scratchStart + w * m;
      gatherRows(x, top, B, columns, start, m, scalarOrder, first[s], w);
      for (let i = 0, at = bottom; i < r; i++) {
        const from = scalarOrder[below[rows + i]] * columns + start;
        for (let c = 0; c < m; c++) x[at++] = B[from + c];
      }
      if (m < 4) {
        for (let c = 0; c < m; c++) backwardVector(x, panel, w, h, top + c, bottom + c, m);
      } else {
        kernels.subtractTimes(m, w, r, bottom, m, panel + w, h, top, m);
        kernels.solveRight(m, w, panel, h, top, m);
      }
      for (let i = 0, at = top; i < w; i++) {
        const to = scalarOrder[first[s] + i] * columns + start;
        for (let c = 0; c < m; c++) B[to + c] = x[at++];
      }
    }
  }
}

/** B <- A^-1 B. */
export function solve(chol: BlockCholesky, B: Float64Array, columns: number): void {
  if (columns === 1) {
    checkLength(chol, B, 1);
    permuteInto(chol, chol.vector, B);
    forwardPermuted(chol, chol.vector);
    backwardPermuted(chol, chol.vector);
    restoreInto(chol, B, chol.vector);
    return;
  }
  forwardSolve(chol, B, columns);
  backwardSolve(chol, B, columns);
}

function checkLength(chol: BlockCholesky, B: Float64Array, columns: number): void {
  if (B.length < chol.symbolic.scalars * columns) throw new InternalError('block Cholesky: right-hand side too short');
}

/** Columns start .. start + m of a supernode's own rows, row-major. */
function gatherRows(
  x: Float64Array,
  to: number,
  B: Float64Array,
  columns: number,
  start: number,
  m: number,
  scalarOrder: Int32Array,
  first: number,
  w: number,
): void {
  for (let i = 0, at = to; i < w; i++) {
    const from = scalarOrder[first + i] * columns + start;
    for (let c = 0; c < m; c++) x[at++] = B[from + c];
  }
}

/** One right-hand side with elements `step` apart: top <- L11^-1 top, bottom -= L21 top, two columns of the panel at a time. */
function forwardVector(
  x: Float64Array,
  panel: number,
  w: number,
  h: number,
  top: number,
  bottom: number,
  step: number,
): void {
  let c = 0;
  for (; c + 1 < w; c += 2) {
    const a = panel + c * h;
    const b = a + h;
    const y = x[top + c * step] / x[a + c];
    const z = (x[top + (c + 1) * step] - x[a + c + 1] * y) / x[b + c + 1];
    x[top + c * step] = y;
    x[top + (c + 1) * step] = z;
    for (let i = c + 2, at = top + i * step; i < w; i++, at += step) x[at] -= x[a + i] * y + x[b + i] * z;
    for (let i = w, at = bottom; i < h; i++, at += step) x[at] -= x[a + i] * y + x[b + i] * z;
  }
  if (c < w) {
    const a = panel + c * h;
    const y = x[top + c * step] / x[a + c];
    x[top + c * step] = y;
    for (let i = w, at = bottom; i < h; i++, at += step) x[at] -= x[a + i] * y;
  }
}

/** One right-hand side: top <- L11^-T (top - L21' bottom). */
function backwardVector(
  x: Float64Array,
  panel: number,
  w: number,
  h: number,
  top: number,
  bottom: number,
  step: number,
): void {
  let c = w - 1;
  if ((w & 1) === 1) {
    const a = panel + c * h;
    let y = x[top + c * step];
    for (let i = w, at = bottom; i < h; i++, at += step) y -= x[a + i] * x[at];
    x[top + c * step] = y / x[a + c];
    c--;
  }
  for (; c > 0; c -= 2) {
    const b = panel + c * h;
    const a = b - h;
    let y = x[top + (c - 1) * step];
    let z = x[top + c * step];
    for (let i = c + 1, at = top + i * step; i < w; i++, at += step) {
      y -= x[a + i] * x[at];
      z -= x[b + i] * x[at];
    }
    for (let i = w, at = bottom; i < h; i++, at += step) {
      y -= x[a + i] * x[at];
      z -= x[b + i] * x[at];
    }
    z /= x[b + c];
    x[top + c * step] = z;
    x[top + (c - 1) * step] = (y - x[a + c] * z) / x[a + c - 1];
  }
}
