import { InternalError } from '../diagnostics/internal-error.js';
import { backwardPermuted, forwardPermuted, permuteInto, restoreInto } from './block-solve-vector.js';
import type { BlockCholesky } from './block-storage.js';

// Right-hand sides are q x columns, row-major, in the matrix's own row order: a node's rows are contiguous. The permutation
// stays inside: after `forwardSolve` the row that belongs to a node stands at that node's place, so that sums of squares and
// products of such results are those of L^-1 P B.

/** From this width on a panel's right-hand sides are gathered and go through the dense kernels. */
const WIDE = 8;
/** With fewer columns it is quicker to go through the panel once for each. */
const FEW_COLUMNS = 3;

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
      const lead = leadOf(m);
      const top = scratchStart;
      const bottom = scratchStart + w * lead;
      gatherRows(x, top, lead, B, columns, start, m, scalarOrder, first[s], w);
      x.fill(0, bottom, bottom + r * lead);
      if (m < FEW_COLUMNS) {
        for (let c = 0; c < m; c++) forwardVector(x, panel, w, h, top + c, bottom + c, lead);
      } else {
        kernels.solveRightTransposed(lead, w, panel, h, top, lead);
        kernels.subtractTimesTransposed(lead, r, w, top, lead, panel + w, h, bottom, lead);
      }
      returnRows(x, top, lead, B, columns, start, m, scalarOrder, first[s], w);
      for (let i = 0, at = bottom; i < r; i++, at += lead) {
        const to = scalarOrder[below[rows + i]] * columns + start;
        for (let c = 0; c < m; c++) B[to + c] += x[at + c];
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
      const lead = leadOf(m);
      const top = scratchStart;
      const bottom = scratchStart + w * lead;
      gatherRows(x, top, lead, B, columns, start, m, scalarOrder, first[s], w);
      for (let i = 0, at = bottom; i < r; i++, at += lead) {
        const from = scalarOrder[below[rows + i]] * columns + start;
        for (let c = 0; c < m; c++) x[at + c] = B[from + c];
        for (let c = m; c < lead; c++) x[at + c] = 0;
      }
      if (m < FEW_COLUMNS) {
        for (let c = 0; c < m; c++) backwardVector(x, panel, w, h, top + c, bottom + c, lead);
      } else {
        kernels.subtractTimes(lead, w, r, bottom, lead, panel + w, h, top, lead);
        kernels.solveRight(lead, w, panel, h, top, lead);
      }
      returnRows(x, top, lead, B, columns, start, m, scalarOrder, first[s], w);
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

/** Numbers from row to row of `m` gathered columns: the kernels do four in less time than three. */
function leadOf(m: number): number {
  return m === 3 ? 4 : m;
}

/** Columns start .. start + m of a supernode's own rows, row-major, with zeros beside them up to `lead`. */
function gatherRows(
  x: Float64Array,
  to: number,
  lead: number,
  B: Float64Array,
  columns: number,
  start: number,
  m: number,
  scalarOrder: Int32Array,
  first: number,
  w: number,
): void {
  for (let i = 0, at = to; i < w; i++, at += lead) {
    const from = scalarOrder[first + i] * columns + start;
    for (let c = 0; c < m; c++) x[at + c] = B[from + c];
    for (let c = m; c < lead; c++) x[at + c] = 0;
  }
}

/** The way back. */
function returnRows(
  x: Float64Array,
  from: number,
  lead: number,
  B: Float64Array,
  columns: number,
  start: number,
  m: number,
  scalarOrder: Int32Array,
  first: number,
  w: number,
): void {
  for (let i = 0, at = from; i < w; i++, at += lead) {
    const to = scalarOrder[first + i] * columns + start;
    for (let c = 0; c < m; c++) B[to + c] = x[at + c];
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
