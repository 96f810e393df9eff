import type { Design } from '../data/design.js';
import type { GlmmProblem as BoundGlmm } from '../engines/glmm/fit-glmm.js';
import type { GlmmModel } from '../engines/glmm/glmm-model.js';
import { applyParameters, cutsOf, rawCuts } from '../engines/glmm/parameters.js';
import { internalBeta, publicBeta } from '../engines/glmm/public-parameters.js';
import { publicThetaGradient, writePublicFactors } from '../engines/lmm/public-gradient.js';
import { internalTheta, publicTheta } from '../engines/lmm/public-theta.js';
import { distinct, isInside, type Parameter, parameter, thetaParameters } from './parameter.js';

/** What the entries of the whole vector [ theta | beta | thresholds ] are, held ones among them. */
export function glmmParameters({ work }: BoundGlmm, design: Design): Parameter[] {
  const { model } = work;
  const coefficients = Array.from({ length: model.coefficients }, (_, c): Parameter => {
    const owner = model.predictors.find(({ fixed }) => fixed.kind === 'columns' && fixed.columns.includes(c));
    const className = owner?.class ?? null;
    const at = className === null ? '' : `@${className}`;
    if (owner?.constant) {
      const { link } = owner;
      const name = `${owner.parameter}${at}`;
      return parameter(link === 'identity' ? name : `${link}(${name})`, 'scale');
    }
    const { name, parameter: of } = design.coefficients[c] ?? { name: String(c), parameter: owner?.parameter ?? '' };
    return parameter(`${of}${at}[${name}]`, 'coefficient');
  });
  const thresholds = Array.from({ length: model.cuts }, (_, k) => parameter(`threshold[${k + 1}]`, 'threshold'));
  return distinct([...thetaParameters(model.layout), ...coefficients, ...thresholds]);
}

/** The whole vector as users know it from the engine's. */
export function publicVector(model: GlmmModel, full: Float64Array): Float64Array {
  const { thetas } = model.layout;
  const firstCut = thetas + model.coefficients;
  const out = full.slice();
  out.set(publicTheta(model.layout, full.subarray(0, thetas)));
  out.set(publicBeta(model, full.subarray(thetas, firstCut)), thetas);
  out.set(cutsOf(full.subarray(firstCut)), firstCut);
  return out;
}

/** The inverse of `publicVector`; NaN where thresholds do not increase. */
export function internalVector(model: GlmmModel, whole: Float64Array): Float64Array {
  const { thetas } = model.layout;
  const firstCut = thetas + model.coefficients;
  const out = whole.slice();
  out.set(internalTheta(model.layout, whole.subarray(0, thetas)));
  out.set(internalBeta(model, whole.subarray(thetas, firstCut)), thetas);
  out.set(rawCuts(whole.subarray(firstCut)), firstCut);
  return out;
}

/** A point with the held entries in their places. */
export function wholeVector({ space, work }: BoundGlmm, point: Float64Array): Float64Array {
  const whole = publicVector(work.model, space.full);
  space.free.forEach((i, k) => {
    whole[i] = point[k];
  });
  return whole;
}

/** The objective at a point, and the numbers that made it. */
export interface GlmmEvaluation {
  readonly value: number;
  /** By the numbers of the point; NaN where the value is infinite, null where it was not asked for. */
  readonly gradient: Float64Array | null;
}

/**
 * Evaluates a point on its own: the mode is searched from zero, so nothing depends on what was evaluated before. `work` then stands
 * there, with u the spherical effects of the user's own Lambda [EMBED-1, EMBED-2].
 * @param parameters  of the point, for their bounds
 */
export function evaluateGlmm(
  bound: BoundGlmm,
  parameters: readonly Parameter[],
  point: Float64Array,
  wanted: boolean,
): GlmmEvaluation {
  const { work, space, approximation, penalties } = bound;
  const { model, lambda } = work;
  const { thetas } = model.layout;
  const n = space.free.length;
  const outside = {
    value: Number.POSITIVE_INFINITY,
    gradient: wanted ? new Float64Array(n).fill(Number.NaN) : null,
  };
  const whole = wholeVector(bound, point);
  const internal = internalVector(model, whole);
  if (!isInside(parameters, point) || !internal.every(Number.isFinite)) return outside;
  applyParameters(work, internal);
  writePublicFactors(model.layout, lambda, whole);
  work.u.fill(0);
  const own = wanted ? new Float64Array(space.size) : null;
  let value = approximation(work, own);
  const added = wanted ? new Float64Array(space.size) : null;
  for (const term of penalties) value += term.evaluate(internal, added);
  if (!Number.isFinite(value)) return outside;
  if (own === null || added === null) return { value, gradient: null };

  const gradient = new Float64Array(space.size);
  const rest = penalties.length > 0 ? added.subarray(0, thetas) : null;
  publicThetaGradient(model.layout, internal, whole, work.scratch.G, rest, gradient);
  for (let i = thetas; i < space.size; i++) gradient[i] = own[i];
  const firstCut = thetas + model.coefficients;
  unchainCuts(added, firstCut, whole.subarray(firstCut));
  for (let i = thetas; i < space.size; i++) gradient[i] += added[i];
  pushBetaGradient(model, gradient, thetas);
  return { value, gradient: Float64Array.from(space.free, (i) => gradient[i]) };
}

/** Derivatives by the engine's coefficients become those by the user's, in place. */
function pushBetaGradient(model: GlmmModel, gradient: Float64Array, at: number): void {
  for (const { fixed } of model.predictors) {
    if (fixed.kind !== 'columns' || fixed.transform === null) continue;
    const { scale, centre, constant } = fixed.transform;
    let along = 0;
    fixed.columns.forEach((c, j) => {
      along += constant[j] * scale[j] * gradient[at + c];
    });
    fixed.columns.forEach((c, j) => {
      gradient[at + c] = scale[j] * gradient[at + c] + centre[j] * along;
    });
  }
}

/** Derivatives by the first threshold and the logarithms of the increments become those by the thresholds, in place. */
function unchainCuts(gradient: Float64Array, start: number, cuts: Float64Array): void {
  for (let k = 1; k < cuts.length; k++) gradient[start + k] /= cuts[k] - cuts[k - 1];
  for (let k = 0; k + 1 < cuts.length; k++) gradient[start + k] -= gradient[start + k + 1];
}
