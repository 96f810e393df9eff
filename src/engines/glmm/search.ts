import { sampleMoments } from '../../families/moments.js';
import { judge } from '../../optim/certify.js';
import type { CertifiedMinimum } from '../../optim/minimize-certified.js';
import type { OptimizerState, SmoothProblem } from '../../optim/problem.js';
import { minimize, runToEnd } from '../../optim/quasi-newton.js';
import { exploreModes } from './explore-modes.js';
import type { GlmmWork } from './glmm-work.js';
import { improveStart } from './improve-start.js';
import type { Objective, ObjectiveMemory } from './objective.js';
import { observationEta, observationsOf } from './observations.js';
import { optimizeGlmm, type Preconditioner, pointInto, precondition, preconditioned } from './optimize-glmm.js';
import type { ParameterSpace } from './parameters.js';
import { isUnbounded, runaway } from './runaway.js';
import { scatteredStart } from './scattered-starts.js';
import { farStartFrom, startInto } from './start.js';

/** An optimum with the coordinates it was found in. */
export interface Found {
  readonly optimum: CertifiedMinimum;
  readonly pre: Preconditioner;
  readonly x: Float64Array; // free parameters
  /** The certificate holds: what is left is below the tolerance, and no way down was found along any direction. */
  readonly proven: boolean;
  readonly evaluations: number;
  /** The joint mode there, from which mode searches near it start. */
  readonly memory: ObjectiveMemory;
}

export interface SearchOptions {
  readonly maxEvaluations?: number;
  /** A whole vector near the optimum, where one is known. */
  readonly start?: Float64Array;
  readonly onStep?: (state: OptimizerState) => void;
}

/** Deviance that may be left where a fit is called converged. */
export const decrementAllowed = 1e-6;
/** Scattered starts: of a mixture per row, and of other models that may have several optima. */
const startsOfMixture = 16;
const startsElsewhere = 12;
/** A start is followed this far before it is compared. */
const quickEvaluations = 80;
const quickTolerance = 1e-3;
const quickModes = 700;
/** A model whose evaluation costs more (rows times parameters) is searched once only, unless that fails. */
const cheap = 2e5;
/** Of the ends of the quick searches the lowest are followed, so many at most, */
const mostFollowed = 3;
const mostFollowedOfMixture = 6;
/** for so many evaluations, */
const mostFollowing = 250;
/** and none that is so far above the best: in a flat valley a quick search may stop early. */
const hopelesslyAbove = 2;
/** Times that other joint modes are looked for at the best point. */
const mostExplorations = 3;
/** Lower by less than this is the same optimum. */
const clearlyLower = 1e-5;

/**
 * Searches from the best start there is, from the far one of columns that are alike [LMM-21], and, where the density of the rows is not
 * log-concave, a variance is zero or the search failed, from scattered ones too: such objectives have several optima. The lowest that is proven is kept.
 */
export function searchOptimum(
  work: GlmmWork,
  space: ParameterSpace,
  objective: Objective,
  options: SearchOptions = {},
): Found {
  if (options.start === undefined) startInto(work, space);
  else for (const i of space.free) space.full[i] = options.start[i];
  const first = space.full.slice();
  const far = farStartFrom(work, space, first);
  if (options.start === undefined) improveStart(work, space);
  let best = follow(work, space, objective, options);
  // exact fits are higher than any other optimum, and so are rows that all have probability one
  if (!best.proven && (runaway(objective) !== null || isCertain(work))) return best;
  const affordable = work.model.rows * objective.dimension <= cheap;
  let { evaluations } = best;
  if (far !== null && (affordable || isSingular(work))) {
    const found = searchFrom(work, space, objective, { ...options, start: far });
    evaluations += found.evaluations;
    if (isBetter(found, best)) best = found;
    objective.recall(best.memory);
    objective.evaluate(best.x, null);
  }
  const mixture = hasLikeClasses(work);
  const bent = mayHaveSeveralModes(work);
  const suspicious =
    mixture || work.model.mixture !== null || !best.proven || bent || isSingular(work) || isVeryWide(work);
  if (objective.dimension === 0 || !suspicious || !(affordable || !best.proven)) return { ...best, evaluations };
  const ends: { readonly value: number; readonly x: Float64Array }[] = [];
  for (let k = 0; k < (mixture ? startsOfMixture : startsElsewhere); k++) {
    space.full.set(scatteredStart(work, space, first, k));
    work.u.fill(0);
    objective.forget();
    const pre = precondition(objective);
    const quick = runToEnd(
      minimize(withinBudget(work, preconditioned(objective, pre)), new Float64Array(objective.dimension), {
        maxEvaluations: quickEvaluations,
        tolerance: quickTolerance,
        initialRadius: 2,
        initialHessian: 1,
      }),
    );
    evaluations += quick.evaluations;
    const x = new Float64Array(objective.dimension);
    pointInto(x, pre, quick.x);
    if (Number.isFinite(quick.value)) ends.push({ value: quick.value, x });
  }
  ends.sort((a, b) => a.value - b.value);
  const seen = [best.optimum.state.value];
  for (const { value, x } of ends) {
    // the lowest ends may be those of a likelihood without bound: go on until something is proven
    if (best.proven && seen.length > (mixture ? mostFollowedOfMixture : mostFollowed)) break;
    // what is clearly above the best, and what is at an optimum that is known, need not be followed
    const above = value - best.optimum.state.value;
    const known = seen.some((other) => Math.abs(value - other) < 10 * quickTolerance);
    if (best.proven && above > -clearlyLower && (known || above > hopelesslyAbove)) continue;
    objective.expand(x);
    work.u.fill(0);
    objective.forget();
    const found = follow(work, space, objective, { maxEvaluations: mostFollowing, ...options });
    evaluations += found.evaluations;
    seen.push(found.optimum.state.value);
    if (isBetter(found, best)) best = found;
  }
  // the parameters may be right and the mode that the approximation stands on not the highest
  for (let round = 0; bent && round < mostExplorations; round++) {
    objective.recall(best.memory);
    objective.evaluate(best.x, null);
    if (!exploreModes(work)) break;
    objective.recall({ mode: work.u, lowest: Number.POSITIVE_INFINITY });
    objective.expand(best.x);
    const found = follow(work, space, objective, options);
    evaluations += found.evaluations;
    if (!(found.proven || !best.proven) || !(found.optimum.state.value < best.optimum.state.value - clearlyLower))
      break;
    best = found;
  }
  return { ...best, evaluations };
}

/** A proven optimum is better than what is not; else the lower one is. */
function isBetter(found: Found, best: Found): boolean {
  const lower = found.optimum.state.value < best.optimum.state.value - clearlyLower;
  return found.proven ? !best.proven || lower : !best.proven && lower;
}

/** One search from a whole vector that is an optimum, or nearly so, and from nowhere else. */
export function searchFrom(
  work: GlmmWork,
  space: ParameterSpace,
  objective: Objective,
  options: SearchOptions & { readonly start: Float64Array },
): Found {
  space.full.set(options.start);
  work.u.fill(0);
  objective.forget();
  return follow(work, space, objective, options);
}

/** Infinite once the mode searches have taken `quickModes` steps: at a point that is worth following they take few. */
function withinBudget({ at }: GlmmWork, problem: SmoothProblem): SmoothProblem {
  const end = at.modeIterations + quickModes;
  return {
    dimension: problem.dimension,
    evaluate: (x, gradient) => (at.modeIterations > end ? Number.POSITIVE_INFINITY : problem.evaluate(x, gradient)),
  };
}

/** From where `space` stands to an optimum. */
function follow(work: GlmmWork, space: ParameterSpace, objective: Objective, options: SearchOptions): Found {
  const pre = precondition(objective);
  const { maxEvaluations, onStep } = options;
  const iteration = optimizeGlmm(objective, pre, maxEvaluations === undefined ? {} : { maxEvaluations });
  let accepted: Float64Array | null = null;
  for (;;) {
    const next = iteration.next();
    if (!next.done) {
      onStep?.(next.value);
      const { x } = next.value;
      if (x === accepted || !isUnbounded(objective)) {
        accepted = x;
        continue;
      }
    }
    const optimum = next.done ? next.value : unfinished(next.value);
    const x = new Float64Array(objective.dimension);
    pointInto(x, pre, optimum.state.x);
    objective.evaluate(x, null);
    const { evaluations } = optimum.state;
    return { optimum, pre, x, proven: isProven(optimum, work, space), evaluations, memory: objective.memory() };
  }
}

/** Probabilities are at most one: a deviance this near zero cannot be lower by more. */
function isCertain({ model, at }: GlmmWork): boolean {
  return model.density.discrete && at.value < 1e-3;
}

/** Where a search was stopped, with what it knew of the curvature. */
function unfinished(state: OptimizerState): CertifiedMinimum {
  return { state, certificate: judge(state.value, state.gradient, state.hessian, 0) };
}

/** Escapes that a search may make; fewer, and negative curvature still: along it nothing lower was found. */
const mostEscapes = 5;

export function isProven({ state, certificate }: CertifiedMinimum, work: GlmmWork, space: ParameterSpace): boolean {
  if (!Number.isFinite(state.value) || !(certificate.decrement <= decrementAllowed)) return false;
  if (hasDegenerateClass(work)) return false;
  if (certificate.negativeCurvature === null) return true;
  // a parameter that has no effect (a correlation where the sd is zero) has curvature of either sign, from rounding
  return state.escapes < mostEscapes && space.free.length > 0 && work.at.value < Number.POSITIVE_INFINITY;
}

/** A class with this little spread (of the response's) that holds hardly any rows has been shrunk onto them. */
const degenerateSpread = 0.1;
const degenerateRows = 3;

/** A normal class's sigma can go to zero on a few rows, and the likelihood with it to infinity: no estimate. */
function hasDegenerateClass(work: GlmmWork): boolean {
  const { model, D, eta, beta } = work;
  const { mixture, y, predictors } = model;
  if (mixture === null) return false;
  const spread = Math.sqrt(sampleMoments(y).variance);
  const small = new Set<string>();
  for (const { fixed, constant, parameter, link, class: className } of predictors) {
    if (!constant || parameter !== 'sigma' || link !== 'log' || className === null || fixed.kind !== 'columns')
      continue;
    if (Math.exp(beta[fixed.columns[0]]) < degenerateSpread * spread) small.add(className);
  }
  if (small.size === 0) return false;
  const mass = new Float64Array(mixture.classes);
  const own = new Float64Array(D);
  const p = new Float64Array(mixture.classes);
  for (let i = 0; i < y.length; i++) {
    observationEta(own, model, eta, i);
    mixture.posteriorInto(p, y[i], i, own);
    for (let k = 0; k < p.length; k++) mass[k] += p[k];
  }
  return mass.some((m) => m < degenerateRows);
}

/** Distances from the optimum, in linear predictors, at which rows are asked whether their density is log-concave. */
const distances = [-4, -2, -1, 0, 1, 2, 4];
const mostAsked = 60;

/**
 * Whether there may be several optima: random effects on two parameters, a structure whose correlation bends, or rows whose
 * density is not log-concave in the predictor with random effects, at the optimum or near it.
 */
function mayHaveSeveralModes(work: GlmmWork): boolean {
  const { model, D, eta, q } = work;
  const { density, y, layout, loads } = model;
  const rows = observationsOf(model);
  if (q === 0) return false;
  if (loads.random.reduce((sum, r) => sum + r, 0) > 1) return true;
  if (layout.blocks.some((b) => b.model.name !== 'us' && b.model.name !== 'diag')) return true;
  const d = loads.random.indexOf(1);
  // either sign of the predictor gives the same mean
  if (model.predictors[d].link === 'sqrt') return true;
  const jet = new Float64Array(density.layout.size);
  const own = new Float64Array(D);
  const curvature = density.layout.pairIndex[d * D + d];
  const step = Math.max(1, Math.floor(rows / mostAsked));
  // of identity links a unit is the spread of what is added to the predictor
  const unit = model.predictors[d].link === 'identity' ? Math.max(...sds(work), 1e-8) : 1;
  for (let i = 0; i < rows; i += step) {
    for (const distance of distances) {
      observationEta(own, model, eta, i);
      own[d] += distance * unit;
      density.jetInto(jet, y[i], i, own, 2);
      if (jet[0] > Number.NEGATIVE_INFINITY && jet[curvature] > 1e-8) return true;
    }
  }
  return false;
}

/** On the scale of a logarithm or a logit effects of this size mean separated levels, and a likelihood that is nearly flat. */
const veryWide = 5;

function isVeryWide(work: GlmmWork): boolean {
  const { predictors, loads } = work.model;
  if (loads.loads.every((l) => predictors[l.predictor].link === 'identity')) return false;
  return sds(work).some((sd) => sd > veryWide);
}

function sds(work: GlmmWork): number[] {
  return work.model.layout.blocks.map(({ templates: [t] }) => {
    let square = 0;
    for (let k = 0; k < t.size * t.size; k++) square += work.lambda[t.start + k] ** 2;
    return Math.sqrt(square / t.size);
  });
}

/** Whether two classes of a mixture have the same parameters with predictors, so that they may change places. */
function hasLikeClasses({ model }: GlmmWork): boolean {
  const seen = new Map<string, string>();
  for (const { class: className, parameter } of model.predictors)
    if (className !== null && parameter !== 'prob') seen.set(className, `${seen.get(className) ?? ''} ${parameter}`);
  return model.mixture !== null && new Set(seen.values()).size < seen.size;
}

function isSingular(work: GlmmWork): boolean {
  const { layout } = work.model;
  return layout.blocks.some(({ templates: [t] }) => {
    for (let r = 0; r < t.size; r++) if (Math.abs(work.lambda[t.start + r * (t.size + 1)]) < 1e-4) return true;
    return false;
  });
}
