import { InternalError } from '../diagnostics/internal-error.js';
import type { BlockCholesky } from './block-storage.js';

/** L of P A P' = L L' by columns, as CHOLMOD and R's Matrix keep it; the zeros of supernodes are listed like other entries. */
export interface FactorEntries {
  readonly rows: number;
  /** Row (and column) k of L belongs to row `order[k]` of the matrix. */
  readonly order: Int32Array;
  readonly columnStart: Int32Array; // rows + 1
  readonly row: Int32Array; // of each entry, ascending in each column, the diagonal first
  readonly values: Float64Array;
}

/** A copy of the latest factor. */
export function factorEntries(chol: BlockCholesky): FactorEntries {
  const { symbolic, kernels } = chol;
  const { supernodes, first, belowStart, below, panelStart, scalarOrder, scalars } = symbolic;
  const columnStart = new Int32Array(scalars + 1);
  let entries = 0;
  for (let s = 0; s < supernodes; s++) {
    const w = first[s + 1] - first[s];
    const r = belowStart[s + 1] - belowStart[s];
    for (let c = 0; c < w; c++) {
      columnStart[first[s] + c] = entries;
      entries += w - c + r;
    }
  }
  columnStart[scalars] = entries;
  const row = new Int32Array(entries);
  const values = new Float64Array(entries);
  for (let s = 0; s < supernodes; s++) {
    const w = first[s + 1] - first[s];
    const r = belowStart[s + 1] - belowStart[s];
    for (let c = 0, at = columnStart[first[s]]; c < w; c++) {
      const panel = panelStart[s] + c * (w + r);
      for (let i = c; i < w + r; i++, at++) {
        row[at] = i < w ? first[s] + i : below[belowStart[s] + i - w];
        values[at] = kernels.memory[panel + i];
      }
    }
  }
  return { rows: scalars, order: scalarOrder.slice(), columnStart, row, values };
}

/** Puts numbers in the place of the latest factor's. @param values  as `FactorEntries.values` */
export function writeFactor(chol: BlockCholesky, values: Float64Array): void {
  const { symbolic, kernels } = chol;
  const { supernodes, first, belowStart, panelStart } = symbolic;
  let at = 0;
  for (let s = 0; s < supernodes; s++) {
    const w = first[s + 1] - first[s];
    const r = belowStart[s + 1] - belowStart[s];
    for (let c = 0; c < w; c++) {
      const panel = panelStart[s] + c * (w + r);
      for (let i = c; i < w + r; i++) kernels.memory[panel + i] = values[at++];
    }
  }
  if (at !== values.length) throw new InternalError('writeFactor: not the values of this factor', values.length);
}
