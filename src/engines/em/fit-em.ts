import type { Design } from '../../data/design.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { diagnostic } from '../../diagnostics/report.js';
import type { ModelGraph } from '../../graph/model-graph.js';
import { familiesIn } from '../../graph/walk-graph.js';
import type { Fit } from '../../results/fit.js';
import type { EngineOptions, Progress } from '../engine.js';
import { mostNodes } from '../glmm/agq.js';
import { fixedEffects } from '../glmm/fixed-effects.js';
import { coefficientCovariance, freeCovariance } from '../glmm/parameter-covariance.js';
import { priorPenalties } from '../glmm/prior-penalties.js';
import { familyParameters } from '../glmm/public-parameters.js';
import { varCorrOf } from '../lmm/block-covariance.js';
import { publicTheta } from '../lmm/public-theta.js';
import { oneByOne } from '../parallel.js';
import { degenerateClass } from './degenerate.js';
import { boundModel, type EmModel } from './em-model.js';
import { effectSummaries, mixtureSummary, publicCoefficients, rowSummary, thresholds } from './em-results.js';
import { emStarts } from './em-starts.js';
import { emWarnings } from './em-warnings.js';
import type { SearchOptions, StartJob, StartResult } from './search-starts.js';
import { type Integration, type Solution, solve } from './solve.js';

const defaultStarts = 10;
const defaultSeed = 1;
/** Degrees of freedom of the draws' proposal: heavy tails, and quantiles in closed form. */
const defaultDf = 4;
const decrementAllowed = 1e-6;

/** A fit, and what it was read from: the model stands at the optimum. */
export interface EmSolved {
  readonly fit: Fit;
  readonly model: EmModel;
  readonly solution: Solution;
}

/** Fits a mixture with classes per group by EM and a certified quasi-Newton finish. */
export function fitEm(graph: ModelGraph, design: Design, options: EngineOptions): Fit {
  return solveEm(graph, design, options).fit;
}

export function solveEm(graph: ModelGraph, design: Design, options: EngineOptions): EmSolved {
  const settings = settingsOf(graph, options);
  const { onProgress } = settings;
  const steps = fitSteps(graph, design, settings);
  const search = emStarts.prepare({ graph, design, ...settings.search });
  let next = steps.next();
  while (!next.done) next = steps.next(next.value.map((job) => search(job, onProgress)));
  return next.value;
}

export async function fitEmAsync(graph: ModelGraph, design: Design, options: EngineOptions): Promise<Fit> {
  return (await solveEmAsync(graph, design, options)).fit;
}

/** The same, bit by bit, with the searches from the starts side by side where `options.parallel` can do that. */
export async function solveEmAsync(graph: ModelGraph, design: Design, options: EngineOptions): Promise<EmSolved> {
  const { signal } = options;
  const settings = settingsOf(graph, options);
  const { onProgress } = settings;
  const steps = fitSteps(graph, design, settings);
  const shared = { graph, design, ...settings.search };
  // one class has one start
  const parallel = graph.mixture?.classes.length === 1 ? oneByOne : (options.parallel ?? oneByOne);
  const how = { onProgress, ...(signal === undefined ? {} : { signal }) };
  let next = steps.next();
  while (!next.done) next = steps.next(await parallel.run(emStarts, shared, next.value, how));
  return next.value;
}

interface Settings {
  readonly search: SearchOptions;
  onProgress(progress: Progress): void;
}

function settingsOf({ method }: ModelGraph, options: EngineOptions): Settings {
  return {
    search: {
      seed: options.seed ?? method?.options.seed ?? defaultSeed,
      maxEvaluations: options.maxEvaluations ?? 1000,
    },
    onProgress(progress) {
      options.signal?.throwIfAborted();
      options.onProgress?.(progress);
    },
  };
}

function* fitSteps(
  graph: ModelGraph,
  design: Design,
  { search, onProgress }: Settings,
): Generator<readonly StartJob[], EmSolved, readonly StartResult[]> {
  const model = boundModel(graph, design);
  const penalties = priorPenalties(graph, model.design, model.joint);
  const warnings: Diagnostic[] = [];
  const solution = yield* solve(model, penalties, {
    ...search,
    integration: integrationOf(model, warnings),
    starts: model.classes.length === 1 ? 1 : (graph.method?.options.starts ?? defaultStarts),
    onProgress: (stage, evaluations, objective, round) =>
      onProgress({ stage, evaluations, objective, ...(round === undefined ? {} : { round }) }),
  });
  return { fit: resultOf(model, design, solution, search.seed, warnings), model, solution };
}

/** What was asked for; draws instead of a product rule with too many points, which is said. */
function integrationOf({ graph, classes, mixture, rows }: EmModel, warnings: Diagnostic[]): Integration {
  const { method } = graph;
  const asked = method?.options ?? {};
  const draws: Integration = {
    kind: 'draws',
    draws: asked.draws ?? null,
    sampler: method?.sampler ?? 'sobol',
    df: asked.df ?? defaultDf,
  };
  if (asked.quadrature === undefined) return draws;
  const points = asked.quadrature;
  let effects = 0;
  for (const c of classes) if (!c.isNormal) effects = Math.max(effects, c.effects.largest);
  const nodes = points ** effects;
  if (nodes <= mostNodes) return { kind: 'quadrature', points };
  const span = method?.origin ?? mixture.origin;
  warnings.push(diagnostic('MM568', { span }, { points, effects, nodes, group: rows.label }));
  return draws;
}

function resultOf(model: EmModel, design: Design, solution: Solution, seed: number, warnings: Diagnostic[]): Fit {
  const { graph, joint, space } = model;
  const { eStep, found, evaluations } = solution;
  const { optimum, pre, value, deviance } = found;
  const { full } = space;
  const n = space.free.length;
  const { certificate } = optimum;
  const converged =
    Number.isFinite(value) &&
    certificate.decrement <= decrementAllowed &&
    certificate.negativeCurvature === null &&
    degenerateClass(eStep) === null;
  const V = freeCovariance(certificate.hessian, pre, n);
  const vcovAll = coefficientCovariance(joint, space, V);
  const beta = publicCoefficients(model, full);
  const { fixef, kept } = fixedEffects(design, { model: joint, space }, beta, vcovAll);
  const P = joint.coefficients;
  const vcov = Float64Array.from(
    { length: kept.length ** 2 },
    (_, k) => vcovAll[kept[k % kept.length] + kept[Math.floor(k / kept.length)] * P],
  );
  const constants = { ...familyParameters(joint, beta, new Float64Array(0)), ...thresholds(model) };
  const rows = rowSummary(eStep);
  const theta = full.slice(0, joint.layout.thetas);
  const lambda = new Float64Array(joint.layout.lambdas);
  for (const { model: structure, templates, thetaStart } of joint.layout.blocks)
    for (const t of templates) structure.factorInto(lambda, t.start, t.size, theta, thetaStart, t.positions);
  const singular = emWarnings(model, solution, { layout: joint.layout, lambda, theta }, V, converged, warnings);
  const doubleBar = new Set(graph.randomEffects.filter((r) => r.doubleBar === true).map((r) => r.id));
  const groups: Record<string, number> = { [model.rows.label]: model.rows.groups };
  for (const { block, levels } of joint.layout.blocks) groups[block.label] = levels;
  const [likelihood] = graph.likelihoods;
  const y = design.likelihoods[0].y;
  const bic = deviance + n * Math.log(model.rows.groups);
  return {
    model: graph.name,
    response: likelihood.responseText,
    engine: 'em',
    method: 'em',
    family: [
      ...new Set(
        graph.likelihoods.map((l) =>
          familiesIn(l.family)
            .map((f) => f.name)
            .join(' '),
        ),
      ),
    ].join(', '),
    link: joint.predictors.find((p) => p.parameter !== 'prob')?.link ?? 'identity',
    rows: design.rows,
    dropped: design.dropped,
    groups,
    converged,
    singular,
    certificate: {
      gradient: certificate.gradientMax,
      decrement: certificate.decrement,
      eigenvalues: Array.from(certificate.eigenvalues),
    },
    warnings,
    logLik: -deviance / 2,
    deviance,
    objective: value,
    aic: deviance + 2 * n,
    bic,
    parameters: n,
    fixef,
    vcov,
    varcorr: varCorrOf({ layout: joint.layout, lambda, theta }, 1, doubleBar),
    sigma: constants.sigma ?? null,
    theta: publicTheta(joint.layout, theta),
    familyParameters: constants,
    mixture: mixtureSummary(solution, V, bic),
    ranef: effectSummaries(eStep),
    fitted: rows.fitted,
    linear: rows.linear,
    residuals: rows.fitted.map((v, i) => y[i] - v),
    weights: design.likelihoods[0].weights,
    variance: rows.variance,
    cdf: { below: rows.below, at: rows.at },
    evaluations,
    seed,
  };
}
