import { sampleMoments } from '../../families/moments.js';
import type { GlmmWork } from './glmm-work.js';
import type { ParameterSpace } from './parameters.js';

const golden = (Math.sqrt(5) - 1) / 2;

/** The k-th of a sequence spread over (-1, 1), one for each j. */
function scattered(k: number, j: number): number {
  const t = ((k + 1) * golden + (j + 1) * Math.SQRT2 + (k + 1) * (j + 1) * Math.sqrt(3)) % 1;
  return 2 * t - 1;
}

/** How far the constants of scales, shapes, gates and zero inflation are moved, on the scale of their links. */
const farConstant = 3;
/** The same for locations, and half as far again for slopes of the others, in turn. */
const spreads = [0.7, 1.5, 4];

/**
 * The k-th start away from `from`: standard deviations a tenth to ten times as large, coefficients moved by up to some units of
 * the linear predictor, the classes of a mixture pulled apart in their locations, in turn. What is no location moves
 * further: without random effects a scale is fitted to what they would have explained.
 */
export function scatteredStart(work: GlmmWork, space: ParameterSpace, from: Float64Array, k: number): Float64Array {
  const { model } = work;
  const { layout, predictors, coefficients } = model;
  const start = from.slice();
  const free = new Set(space.free);
  for (const { thetaStart, thetaCount } of layout.blocks) {
    const own = start.subarray(thetaStart, thetaStart + thetaCount);
    const size = own.reduce((largest, v) => Math.max(largest, Math.abs(v)), 0);
    for (let i = 0, j = thetaStart; i < thetaCount; i++, j++) {
      if (!free.has(j)) continue;
      const t = scattered(k, j);
      // correlations begin at zero, and leave it in either direction
      own[i] = own[i] === 0 ? size * t : own[i] * 10 ** t;
    }
  }
  const spread = spreads[k % spreads.length];
  const { variance } = sampleMoments(model.y);
  const classes = [...new Set(predictors.map((p) => p.class).filter((c) => c !== null))];
  for (const { fixed, link, parameter, class: className } of predictors) {
    if (fixed.kind !== 'columns') continue;
    const location = ['mu', 'p', 'lambda', 'eta'].includes(parameter);
    const unit = location && link === 'identity' && parameter !== 'eta' ? Math.sqrt(variance) : 1;
    fixed.columns.forEach((c, j) => {
      const at = layout.thetas + c;
      if (!free.has(at)) return;
      const far = location || link === 'identity' ? spread : j === 0 ? farConstant : 1.5 * spread;
      start[at] += far * unit * scattered(k, 7 + c);
      if (j > 0 || className === null || !location || classes.length < 2) return;
      // ranks of the classes turn with k, forwards and backwards
      const order = (classes.indexOf(className) + k) % classes.length;
      const rank = k % 2 === 0 ? order : classes.length - 1 - order;
      start[at] += 1.5 * unit * ((2 * rank) / (classes.length - 1) - 1);
    });
  }
  for (let j = layout.thetas + coefficients; j < start.length; j++) if (free.has(j)) start[j] += 0.3 * scattered(k, j);
  return start;
}
