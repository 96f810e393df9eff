import { sampleMoments } from '../../families/moments.js';
import { fitsExactly } from './fits-exactly.js';
import type { GlmmModel } from './glmm-model.js';
import type { GlmmWork } from './glmm-work.js';
import { noHurdle } from './no-hurdle.js';
import type { Objective } from './objective.js';
import { observationEta, observationsOf } from './observations.js';
import { constantDirection } from './start.js';

/** What goes where in a likelihood without bound. */
export interface Runaway {
  readonly parameter: string;
  readonly end: 'zero' | 'infinity';
}

/** The rows' standard deviation, as a share of the response's, below which a search that has not ended is looked into. */
const suspicious = 5e-5;
/** No response is measured so well: a search that comes here, and is still on its way down, is stopped. */
const stopBelow = 1e-7;
/** Below this it is looked whether the response can be fitted exactly: a search that is slow to get there need not. */
const worthAsking = 1e-2;
/** Here there is only the rounding of the response, whatever the slope says. */
const onlyRounding = 1e-10;
/** Fall of the objective per unit of a logarithm; of a family that has a limit there it goes to zero. */
const steep = 0.5;
/** Rows that are asked for their variance. */
const mostAsked = 50;

const scales: readonly string[] = ['sigma'];
const precisions: readonly string[] = ['shape', 'phi'];

/**
 * The scale, shape or precision that is going to where the rows are fitted exactly, if there is one: the likelihood then
 * grows without bound [GLMM-12]. Looks at the point that `objective` stands at.
 * @param below  share of the response's spread from which on this can be
 */
export function runaway(objective: Objective, below: number = suspicious): Runaway | null {
  const { work, space } = objective;
  const { model } = work;
  if (model.mixture !== null || model.density.discrete || objective.dimension === 0) return null;
  const share = shareOfSpread(work, Math.max(below, worthAsking));
  if (!(share < below) && !(share < worthAsking && isExact(model))) return null;
  const gradient = new Float64Array(objective.dimension);
  objective.evaluate(
    Float64Array.from(space.free, (i) => space.full[i]),
    gradient,
  );
  for (const predictor of model.predictors) {
    const { parameter, link, fixed } = predictor;
    const isScale = scales.includes(parameter);
    if (!(isScale || precisions.includes(parameter)) || link !== 'log' || fixed.kind !== 'columns') continue;
    let slope = 0;
    let isFree = false;
    for (const [c, amount] of constantDirection(fixed, model.rows)) {
      const k = space.free.indexOf(model.layout.thetas + c);
      if (k < 0) continue;
      isFree = true;
      slope += gradient[k] * amount;
    }
    const onItsWay = isScale ? slope > steep : slope < -steep;
    if (isFree && (onItsWay || share < onlyRounding)) return { parameter, end: isScale ? 'zero' : 'infinity' };
  }
  return null;
}

const known = new WeakMap<GlmmModel, boolean>();

function isExact(model: GlmmModel): boolean {
  const before = known.get(model);
  if (before !== undefined) return before;
  const found = fitsExactly(model.merged?.whole ?? model);
  known.set(model, found);
  return found;
}

/** Whether a search that has come to this point need not go on. */
export function isUnbounded(objective: Objective): boolean {
  return runaway(objective, stopBelow) !== null;
}

/** Root of the mean of the rows' variances over the variance of the response; Infinity where it is above `most`. */
function shareOfSpread({ model, eta, D }: GlmmWork, most: number): number {
  const { y, density, predictors } = model;
  const rows = observationsOf(model);
  const step = Math.max(1, Math.floor(rows / mostAsked));
  const own = new Float64Array(D);
  const spread = Math.sqrt(sampleMoments(y).variance);
  // student_t may have no variance, but a scale
  const scale = predictors.findIndex((p) => scales.includes(p.parameter) && p.link === 'log');
  const hurdle = predictors.findIndex((p) => p.parameter === 'hu');
  const count = Math.ceil(rows / step);
  const enough = count * (most * spread) ** 2;
  let sum = 0;
  for (let i = 0; i < rows; i += step) {
    observationEta(own, model, eta, i);
    if (hurdle >= 0) own[hurdle] = noHurdle;
    const variance = density.variance(i, own);
    if (variance >= 0 && variance < Number.POSITIVE_INFINITY) sum += variance;
    else if (scale >= 0) sum += Math.exp(2 * own[scale]);
    else return Number.POSITIVE_INFINITY;
    // mostly the first row says it, and a variance may be an integral
    if (sum > enough) return Number.POSITIVE_INFINITY;
  }
  return Math.sqrt(sum / count) / spread;
}
