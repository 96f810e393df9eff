import type { GlmmWork } from './glmm-work.js';
import { jointMode } from './joint-mode.js';
import { lambdaTimes } from './lambda-algebra.js';
import { addRandomEffects } from './load-products.js';

/** Where a level's effect is looked for, in units of the random effect's standard deviation. */
const places = [-3, -2, -1.2, -0.6, 0.6, 1.2, 2, 3];

/**
 * Looks for another joint mode at the parameters that `work` stands at: rows whose density is not log-concave (a square-root
 * link, whose sign the data cannot tell) give each level several modes of its own. Every level's effect is moved to the best
 * of some places, column by column, the other effects staying, and the mode is found again from there [GLMM-3].
 * @returns whether a lower point was found; `work` stands there, or is back where it was
 */
export function exploreModes(work: GlmmWork): boolean {
  const { model, u, q, at, m } = work;
  if (q === 0 || m > 0) return false;
  const before = u.slice();
  const from = valueAt(work);
  if (!Number.isFinite(from)) return false;
  const { layout } = model;
  const { size, rowStart } = layout.pattern;
  for (const [b, block] of layout.blocks.entries()) {
    const codes = model.codes[b];
    for (let c = 0; c < block.size; c++) {
      const best = levelValues(work, codes, block.levels);
      const here = u.slice();
      const found = u.slice();
      for (const place of places) {
        let moved = false;
        for (let l = 0; l < block.levels; l++) {
          const node = block.nodeStart + l;
          if (c >= size[node]) continue;
          u[rowStart[node] + c] = place;
          moved = true;
        }
        if (!moved) continue;
        const values = levelValues(work, codes, block.levels);
        for (let l = 0; l < block.levels; l++) {
          const i = rowStart[block.nodeStart + l] + c;
          if (c >= size[block.nodeStart + l]) continue;
          const value = values[l] + place ** 2 - here[i] ** 2;
          if (value < best[l] - 1e-8) {
            best[l] = value;
            found[i] = place;
          }
        }
        u.set(here);
      }
      u.set(found);
    }
  }
  if (jointMode(work, 2) && -2 * at.logLikelihood + at.penalty + at.logDet < from - 1e-6) return true;
  u.set(before);
  jointMode(work, 2);
  return false;
}

function valueAt(work: GlmmWork): number {
  const { at } = work;
  return jointMode(work, 2) ? -2 * at.logLikelihood + at.penalty + at.logDet : Number.NaN;
}

/** -2 log-likelihood of the rows of each level at the current u. */
function levelValues(work: GlmmWork, codes: ArrayLike<number>, levels: number): Float64Array {
  const { model, eta, fixedEta, scratch, lambda, derivatives, u } = work;
  eta.set(fixedEta);
  lambdaTimes(scratch.b, model.layout, lambda, u, false);
  addRandomEffects(model.loads, scratch.b, eta);
  model.batch(0, model.rows, eta, 0, derivatives);
  const values = new Float64Array(levels);
  for (let i = 0; i < model.rows; i++) values[codes[i]] -= 2 * derivatives.value[i];
  return values;
}
