import { selectedInverse } from '../../kernels/block-cholesky.js';
import type { RandomEffects } from '../../results/fit.js';
import { effectShape } from '../lmm/effect-shape.js';
import { factorInUnits } from '../lmm/estimates.js';
import type { GlmmWork } from './glmm-work.js';
import { lambdaTimes } from './lambda-algebra.js';
import { projectInverse } from './laplace.js';

/**
 * Conditional modes of b and their standard deviations given the parameters, Lambda H^-1 Lambda', in the columns' own units.
 * The factor of H at the mode must stand in `work`.
 * @param extra  q: variance to be added to that of each effect, for parameters that are estimates; null: none
 */
export function randomResults(work: GlmmWork, extra: Float64Array | null): RandomEffects[] {
  const { model, q, lambda, scratch } = work;
  const { layout } = model;
  if (q === 0) return [];
  const { size, rowStart, columnStart, blockStart } = layout.pattern;
  const { V } = scratch;
  const own = ownModes(work);
  selectedInverse(work.chol, V);
  projectInverse(work, V);
  return layout.blocks.map((place) => {
    const { block, levels, nodeStart } = place;
    const shape = effectShape(block);
    const effects = block.columnStart[levels];
    const mode = new Float64Array(effects);
    const sd = new Float64Array(effects);
    for (let l = 0; l < levels; l++) {
      const node = nodeStart + l;
      const s = size[node];
      const at = blockStart[columnStart[node]];
      const F = factorInUnits(place, lambda, layout.nodeLambda[node], s);
      for (let r = 0; r < s; r++) {
        let variance = extra === null ? 0 : extra[rowStart[node] + r];
        for (let c = 0; c < s; c++) {
          let t = 0;
          for (let k = 0; k < s; k++) t += V[at + c + k * s] * F[r + k * s];
          variance += F[r + c * s] * t;
        }
        mode[block.columnStart[l] + r] = own[rowStart[node] + r];
        sd[block.columnStart[l] + r] = Math.sqrt(Math.max(variance, 0));
      }
    }
    const { terms, rows } = shape;
    return { group: block.label, class: block.class, levels: shape.levels, terms, mode: rows(mode), sd: rows(sd) };
  });
}

/** b = Lambda u in the columns' own units; q, a level's columns one after the other. */
export function ownModes(work: GlmmWork): Float64Array {
  const { model, lambda, scratch, u, q } = work;
  const { layout } = model;
  const { b } = scratch;
  lambdaTimes(b, layout, lambda, u, false);
  const own = b.slice(0, q);
  for (const { model: structure, levels, nodeStart, rebase } of layout.blocks) {
    if (structure.rebase === 'none') continue;
    for (let node = nodeStart; node < nodeStart + levels; node++) {
      const s = layout.pattern.size[node];
      const first = layout.pattern.rowStart[node];
      for (let r = 0; r < s; r++) {
        let t = 0;
        for (let k = 0; k < s; k++) t += rebase.inverse[r + k * s] * b[first + k];
        own[first + r] = t;
      }
    }
  }
  return own;
}
