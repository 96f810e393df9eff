import type { LmmWork } from '../lmm-work.js';
import type { ResidualWork } from './residual-work.js';

/**
 * f = share * y - X beta - Z b for all rows, weighted and in transformed coordinates, R left out.
 * @param beta  P, transformed
 * @param b     values (q x stride, row-major) times combination, which may be shorter than a row; null: none
 */
export function rawResiduals(
  work: LmmWork,
  residual: ResidualWork,
  share: number,
  beta: Float64Array,
  b: { readonly values: Float64Array; readonly stride: number; readonly combination: Float64Array } | null,
): Float64Array {
  const { x, y, z } = residual;
  const { layout, P, model } = work;
  const f = y.map((v) => share * v);
  for (let i = 0; i < f.length; i++) for (let c = 0; c < P; c++) f[i] -= x[i * P + c] * beta[c];
  if (b === null || work.q === 0) return f;
  const effects = new Float64Array(work.q);
  for (let i = 0; i < work.q; i++)
    for (let c = 0; c < b.combination.length; c++) effects[i] += b.values[i * b.stride + c] * b.combination[c];
  const { rowStart } = layout.pattern;
  layout.blocks.forEach(({ load, size, nodeStart, block }, k) => {
    const { codes } = block.group;
    for (let i = 0; i < model.rows; i++) {
      const at = rowStart[nodeStart + codes[i]];
      if (load.kind === 'indicator') f[i] -= z[k][i] * effects[at + load.column[i]];
      else for (let c = 0; c < size; c++) f[i] -= z[k][i * size + c] * effects[at + c];
    }
  });
  return f;
}
