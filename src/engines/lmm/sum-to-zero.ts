import { InternalError } from '../../diagnostics/internal-error.js';
import type { Layout } from './layout.js';
import type { ModelRows } from './model-rows.js';

/**
 * Unit normals of the constraints sum_i w_i b_i = 0, w_i the rows of level i [LMM-8]: one per column of each constrained block.
 * All levels of such a block share one factor Lambda, so the constraint on b is the same linear equation on u, whatever theta.
 * @returns q x m, row-major
 */
export function sumToZeroNormals(model: ModelRows, layout: Layout): Float64Array {
  const constrained = layout.blocks.filter((b) => b.block.constraint === 'sumToZero');
  let m = 0;
  for (const b of constrained) m += b.size;
  const { pattern } = layout;
  const normals = new Float64Array(pattern.rowStart[pattern.nodes] * m);
  let column = 0;
  for (const { block, levels, nodeStart, size, templates } of constrained) {
    if (templates.length !== 1) throw new InternalError('sum_to_zero on a block whose levels differ', block.id);
    const rows = new Float64Array(levels);
    for (let i = 0; i < model.rows; i++) rows[block.group.codes[i]] += 1;
    let length = 0;
    for (let l = 0; l < levels; l++) length += rows[l] * rows[l];
    length = Math.sqrt(length);
    for (let c = 0; c < size; c++, column++)
      for (let l = 0; l < levels; l++) normals[(pattern.rowStart[nodeStart + l] + c) * m + column] = rows[l] / length;
  }
  return normals;
}
