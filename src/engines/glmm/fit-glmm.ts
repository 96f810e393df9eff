import type { Design } from '../../data/design.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { diagnostic } from '../../diagnostics/report.js';
import { familyNames } from '../../families/family.js';
import { families } from '../../families/index.js';
import type { ModelGraph } from '../../graph/model-graph.js';
import { familiesIn } from '../../graph/walk-graph.js';
import type { ThreadTeam } from '../../kernels/thread-team.js';
import type { CertifiedMinimum } from '../../optim/minimize-certified.js';
import type { Certificate, Fit, MixtureResult } from '../../results/fit.js';
import { withOwn } from '../../results/with-own.js';
import type { EngineOptions } from '../engine.js';
import { varCorrOf } from '../lmm/block-covariance.js';
import { publicTheta } from '../lmm/public-theta.js';
import { modeVariance } from '../mode-variance.js';
import { quadrature, quadratureObstacle } from './agq.js';
import { fixedEffects } from './fixed-effects.js';
import { type GlmmModel, glmmModel } from './glmm-model.js';
import { glmmWarnings } from './glmm-warnings.js';
import { createGlmmWork, type GlmmWork } from './glmm-work.js';
import { heldThetas } from './held-covariances.js';
import { heldCoefficients } from './held-parameters.js';
import { laplaceDeviance } from './laplace.js';
import { mergeRows } from './merge-rows.js';
import { type DevianceFunction, type Objective, objectiveOf, type PenaltyTerm } from './objective.js';
import { observationEta, observationsOf } from './observations.js';
import { coefficientCovariance, freeCovariance } from './parameter-covariance.js';
import { type ParameterSpace, parameterSpace } from './parameters.js';
import { priorPenalties } from './prior-penalties.js';
import { familyParameters, publicBeta } from './public-parameters.js';
import { ownModes, randomResults } from './random-results.js';
import { locationOf, rowResults } from './row-results.js';
import type { Found } from './search.js';
import { searchInOrder } from './search-in-order.js';

/** A problem that can be evaluated, optimised and looked at step by step; `fitGlmm` is the sum of its stages. */
export interface GlmmProblem {
  readonly work: GlmmWork;
  readonly space: ParameterSpace;
  readonly objective: Objective;
  /** What the objective is the sum of. */
  readonly approximation: DevianceFunction;
  readonly penalties: readonly PenaltyTerm[];
  readonly method: 'laplace' | 'agq';
  readonly warnings: readonly Diagnostic[];
}

/**
 * Binds a model: rows, storage, held parameters, the approximation of the likelihood, priors and penalties. Nothing is fitted.
 * @param further  penalties of the caller's
 * @param same     a problem for the same design with another response: layout and factor are shared with it
 * @param team     helps with large factorizations
 */
export function glmmProblem(
  graph: ModelGraph,
  design: Design,
  further: readonly PenaltyTerm[] = [],
  same?: GlmmProblem,
  team?: ThreadTeam,
): GlmmProblem {
  const held = heldCoefficients(graph, design);
  const like = same?.work.model;
  const whole = glmmModel(graph, design, new Set(held.keys()), like?.merged?.whole ?? like);
  return boundProblem(graph, design, mergeRows(whole, like), held, further, same, team);
}

/** The same for rows that are bound. @param held  coefficients that are not estimated, with their values */
export function boundProblem(
  graph: ModelGraph,
  design: Design,
  model: GlmmModel,
  held: ReadonlyMap<number, number>,
  further: readonly PenaltyTerm[] = [],
  same?: GlmmProblem,
  team?: ThreadTeam,
): GlmmProblem {
  const work = createGlmmWork(model, same?.work.chol, team);
  const thetas = heldThetas(graph, model.layout);
  for (const [c, value] of held) thetas.set(model.layout.thetas + c, value);
  const space = parameterSpace(work, thetas);
  const points = graph.method?.name === 'agq' ? (graph.method.options.points ?? 1) : 1;
  const warnings: Diagnostic[] = [];
  const obstacle = points > 1 ? quadratureObstacle(model, points) : null;
  if (obstacle !== null) {
    const place = { span: graph.method?.origin ?? graph.origin };
    warnings.push(diagnostic('MM521', place, { points, reason: reasonOf(obstacle) }));
  }
  const byPoints = points > 1 && obstacle === null;
  const deviance = byPoints ? quadrature(model, points) : laplaceDeviance;
  const penalties = [...priorPenalties(graph, design, model), ...further];
  return {
    work,
    space,
    objective: objectiveOf(work, space, deviance, penalties),
    approximation: deviance,
    penalties,
    method: graph.method?.name === 'agq' && obstacle === null ? 'agq' : 'laplace',
    warnings,
  };
}

function reasonOf(obstacle: NonNullable<ReturnType<typeof quadratureObstacle>>): string {
  switch (obstacle.kind) {
    case 'factors':
      return 'the random effects have several grouping factors';
    case 'constraint':
      return 'sum_to_zero ties the levels together';
    case 'nodes':
      return `${obstacle.effects} random effects per level would need ${obstacle.nodes} points each time`;
  }
}

/** Fits a generalised linear mixed model by Laplace's approximation or adaptive quadrature. */
export function fitGlmm(graph: ModelGraph, design: Design, options: EngineOptions): Fit {
  return fitGlmmProblem(graph, design, glmmProblem(graph, design, [], undefined, options.parallel?.team), options);
}

/** The same for a model that is bound already. @param start  a whole vector near the optimum, where one is known */
export function fitGlmmProblem(
  graph: ModelGraph,
  design: Design,
  problem: GlmmProblem,
  options: EngineOptions,
  start?: Float64Array,
): Fit {
  return solveGlmmProblem(graph, design, problem, options, start).fit;
}

/** The same, with where the search ended: at which `problem` stands. */
export function solveGlmmProblem(
  graph: ModelGraph,
  design: Design,
  problem: GlmmProblem,
  options: EngineOptions,
  start?: Float64Array,
): { readonly fit: Fit; readonly found: Found } {
  const { objective } = problem;
  const found = searchInOrder(graph, design, problem, {
    ...(options.maxEvaluations === undefined ? {} : { maxEvaluations: options.maxEvaluations }),
    ...(start === undefined ? {} : { start }),
    onStep({ evaluations, value }) {
      options.signal?.throwIfAborted();
      options.onProgress?.({ stage: 'optimize', evaluations, objective: value });
    },
  });
  // the search may have looked elsewhere last
  objective.recall(found.memory);
  objective.evaluate(found.x, null);
  return { fit: resultOf(graph, design, problem, found), found };
}

/** Everything a result holds, at the optimum that `work` stands at. */
export function resultOf(
  graph: ModelGraph,
  design: Design,
  problem: GlmmProblem,
  { optimum, pre, proven: converged }: Omit<Found, 'memory'>,
): Fit {
  const { work, space, objective } = problem;
  const { model, at } = work;
  const n = objective.dimension;
  const certificate = certificateOf(optimum);
  const value = optimum.state.value;
  const deviance = at.value;
  const V = freeCovariance(optimum.certificate.hessian, pre, n);
  const vcovAll = coefficientCovariance(model, space, V);
  const beta = publicBeta(model, work.beta);
  const rows = rowResults(work, n);
  const ranef = randomResults(work, sdsHoldParameters(graph) ? estimationVariance(problem, V, n) : null);
  const constants = familyParameters(model, beta, work.cuts);
  const { fixef, kept } = fixedEffects(design, { model, space }, beta, vcovAll);
  const P = model.coefficients;
  const vcov = Float64Array.from({ length: kept.length ** 2 }, (_, k) => {
    const r = kept[k % kept.length];
    const c = kept[Math.floor(k / kept.length)];
    return vcovAll[r + c * P];
  });
  const groups: Record<string, number> = {};
  for (const { block, levels } of model.layout.blocks) groups[block.label] = levels;
  const warnings = [...problem.warnings];
  const singular = glmmWarnings(graph, design, problem, { V, optimum, converged, certificate }, warnings);
  const mixture = mixtureResult(graph, design, work);
  if (mixture !== null) warnings.push(...emptyClasses(graph, mixture));
  const doubleBar = new Set(graph.randomEffects.filter((r) => r.doubleBar === true).map((r) => r.id));
  const parameters = n;
  const [likelihood] = graph.likelihoods;
  return withOwn(rows, {
    model: graph.name,
    response: likelihood.responseText,
    engine: 'glmm',
    method: problem.method,
    family: familiesIn(likelihood.family)
      .map((f) => f.name)
      .join(' '),
    link: model.predictors[locationOf(work)]?.link ?? 'identity',
    rows: observationsOf(model),
    dropped: design.dropped,
    groups,
    converged,
    singular,
    certificate,
    warnings,
    logLik: -deviance / 2,
    deviance,
    objective: value,
    aic: deviance + 2 * parameters,
    bic: deviance + parameters * Math.log(observationsOf(model)),
    parameters,
    fixef,
    vcov,
    varcorr: varCorrOf({ layout: model.layout, lambda: work.lambda, theta: work.theta }, 1, doubleBar),
    sigma: dispersion(graph, constants),
    theta: publicTheta(model.layout, work.theta),
    familyParameters: constants,
    mixture,
    ranef,
    weights: design.likelihoods[0].weights,
    evaluations: at.evaluations,
    seed: null,
  });
}

/**
 * Whose convention the standard deviations of random effects follow: lme4's, given the parameters, for the families of one
 * parameter; glmmTMB's, with the parameters' own uncertainty, for all others, where a dispersion is estimated beside the
 * mean and a user of such models expects it [MODE-1].
 */
function sdsHoldParameters(graph: ModelGraph): boolean {
  return graph.likelihoods.length > 1 || graph.predictors.length > 1;
}

/** Modes at points around the optimum, at which `work` stands before and after. */
function estimationVariance({ work, space, objective }: GlmmProblem, V: Float64Array, n: number): Float64Array {
  const at = Float64Array.from(space.free, (i) => space.full[i]);
  const { evaluations } = work.at;
  const variance = modeVariance(V, n, (offset) => {
    objective.evaluate(
      at.map((x, k) => x + offset[k]),
      null,
    );
    return ownModes(work);
  });
  objective.evaluate(at, null);
  work.at.evaluations = evaluations;
  return variance;
}

function certificateOf(optimum: CertifiedMinimum): Certificate {
  const { gradientMax, decrement, eigenvalues } = optimum.certificate;
  return { gradient: gradientMax, decrement, eigenvalues: Array.from(eigenvalues) };
}

/** As R's `sigma()`: one where the family has none, null where it is not constant. */
function dispersion(graph: ModelGraph, constants: Readonly<Record<string, number>>): number | null {
  if (graph.likelihoods.length > 1) return constants.sigma ?? 1;
  for (const { name } of familiesIn(graph.likelihoods[0].family)) {
    const found = familyNames.find((known) => known === name);
    const made = found === undefined ? undefined : families[found].dispersion;
    if (made === undefined) continue;
    const value = constants[made.parameter];
    return value === undefined ? null : made.of(value);
  }
  return 1;
}

/** A class that is expected to hold less than one row. */
function emptyClasses({ mixture, origin }: ModelGraph, { name, classes, posterior }: MixtureResult): Diagnostic[] {
  const { probabilities } = posterior;
  return classes.flatMap((own, k) => {
    const expected = probabilities.reduce((sum, p) => sum + (p[k] ?? 0), 0);
    if (!(expected < 1)) return [];
    const share = `it is expected to hold ${expected.toPrecision(2)} of the ${probabilities.length} rows`;
    return [diagnostic('MM561', { span: mixture?.origin ?? origin }, { class: own, share, mixture: name })];
  });
}

/** Posterior class probabilities of the rows of a mixture per row. */
function mixtureResult(graph: ModelGraph, design: Design, work: GlmmWork): MixtureResult | null {
  const { mixture, y } = work.model;
  if (mixture === null || graph.mixture === null) return null;
  const { classes, name } = graph.mixture;
  const own = new Float64Array(work.D);
  const p = new Float64Array(classes.length);
  const weights = new Array<number>(classes.length).fill(0);
  const probabilities: number[][] = [];
  for (let i = 0; i < y.length; i++) {
    observationEta(own, work.model, work.eta, i);
    mixture.posteriorInto(p, y[i], i, own);
    probabilities.push(Array.from(p));
    mixture.priorInto(p, own);
    for (let k = 0; k < p.length; k++) weights[k] += p[k] / y.length;
  }
  const levels = Array.from(design.rowNumbers, String);
  return {
    name,
    per: null,
    classes,
    weights,
    posterior: { levels, probabilities },
    logLikMcse: null,
    ess: null,
    khat: null,
  };
}
