import type { Design } from '../../data/design.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { diagnostic } from '../../diagnostics/report.js';
import type { ModelGraph } from '../../graph/model-graph.js';
import { studentTwoSided } from '../../kernels/distributions.js';
import type { CertifiedMinimum } from '../../optim/minimize-certified.js';
import type { Certificate, Fit, FixedEffect, RandomEffects } from '../../results/fit.js';
import { withOwn } from '../../results/with-own.js';
import type { EngineOptions } from '../engine.js';
import { modeVariance } from '../mode-variance.js';
import { varCorrOf } from './block-covariance.js';
import { type BoundLmm, bindLmm } from './bound-lmm.js';
import { coefficientTests } from './coefficient-tests.js';
import { describeSingular } from './describe-singular.js';
import { effectShape } from './effect-shape.js';
import { conditionalModes, fixedEffects, ownModes, residualSd } from './estimates.js';
import { findOptimum, isConverged, leavesNothing, type SearchOptions } from './find-optimum.js';
import { lateResults, resultsNow } from './late-results.js';
import type { LmmWork } from './lmm-work.js';
import { fitJointly, heldAtCorners, type JointOptimum } from './priors/fit-joint.js';
import { reducedHessian, thetaSigmaHessian } from './priors/information.js';
import { likelihoodDeviance, priorReports } from './priors/prior-report.js';
import { runaway } from './priors/runaway.js';
import { profiledDeviance } from './profiled-deviance.js';
import { publicTheta } from './public-theta.js';
import { blockDiagonal } from './residual/block-diagonal.js';
import {
  errorCorrelations,
  errorsResult,
  normalizedResiduals,
  rowSds,
  sigmaEffects,
} from './residual/residual-results.js';
import { residualFindings } from './residual/residual-warnings.js';
import type { LmmInput } from './rows-from-design.js';
import { pseudoInverse, varianceCovariance } from './satterthwaite.js';

/** Fits a linear mixed model by ML or REML; what goes wrong on the way is a warning in the result. */
export function fitLmm(graph: ModelGraph, design: Design, options: EngineOptions): Fit {
  return solveProblem(bindLmm(graph, design, options.parallel?.team), options).fit;
}

/**
 * The same for a model that is bound already, with the optimum over theta that the result was made from.
 * @param stays  the caller leaves `problem` at that optimum for as long as the result is in use
 */
export function solveProblem(
  problem: BoundLmm,
  options: EngineOptions,
  search: SearchOptions = {},
  stays = false,
): { readonly fit: Fit; readonly optimum: CertifiedMinimum } {
  const { graph, design, input, work } = problem;
  const optimum = findOptimum(work, options, search);
  const joint = (work.priors?.joint.length ?? 0) > 0 ? fitJointly(work, optimum, options) : null;
  return { fit: resultOf(graph, design, input, work, joint?.optimum ?? optimum, options, joint, stays), optimum };
}

/**
 * Everything a result holds, at the optimum that `work` stands at.
 * @param stays  `work` will stand there: what is of each row or level is computed when it is first asked for
 */
export function resultOf(
  graph: ModelGraph,
  design: Design,
  input: LmmInput,
  work: LmmWork,
  optimum: CertifiedMinimum,
  options: EngineOptions,
  joint: JointOptimum | null = null,
  stays = false,
): Fit {
  const { model, location } = input;
  const { at, P, layout, settings } = work;
  const sigma = residualSd(work);
  const certificate = certificateOf(optimum, model.rows);
  const exact = leavesNothing(work);
  const done = !exact && isConverged(optimum, work);
  const warnings: Diagnostic[] = [];
  const whole = { span: graph.likelihoods[0].origin };
  const errorsFound =
    work.residual === null || !(at.r2 > 0)
      ? null
      : residualFindings(work, work.residual, optimum, done, graph.likelihoods[0].correlation?.origin ?? whole.span);
  const singular = warnOfData(graph, input, work, warnings) || errorsFound?.singular === true;
  warnings.push(...(errorsFound?.warnings ?? []));
  const away = done || work.priors === null ? null : runaway(work);
  if (away !== null) warnings.push(diagnostic('MM511', whole, { what: away }));
  else if (exact && at.r2 > 0)
    warnings.push(diagnostic('MM509', whole, { response: graph.likelihoods[0].responseText }));
  else if (!done && at.r2 > 0 && errorsFound?.unbounded !== true)
    warnings.push(notConverged(graph, certificate, optimum.state.evaluations));

  const hessian = optimum.certificate.hessian.map((v) => v * model.rows);
  if (done) warnings.push(...flatScales(graph, work, hessian));
  const withSigma =
    work.priors === null ? null : joint === null ? thetaSigmaHessian(work) : reducedHessian(work, joint);
  const variances = input.scale === null ? null : varianceCovariance(work, hessian, withSigma);
  for (const { origin, text } of work.priors?.idle ?? [])
    warnings.push(diagnostic('MM510', { span: origin }, { text }));
  const { tests, vcov } = coefficientTests(work, { hessian, withSigma, variances }, options, warnings);
  const beta = fixedEffects(work);
  const held = work.priors === null ? new Map<number, number>() : heldAtCorners(work.priors);
  const fixef: FixedEffect[] = Array.from(location.columns, (c, j) => {
    const { name } = design.coefficients[c];
    const at = held.get(j);
    if (at !== undefined) return { ...nothing, name, predictor: location.parameter, estimate: at };
    const { se, df } = tests[j];
    const statistic = beta[j] / se;
    const p = df === null ? null : studentTwoSided(statistic, df);
    return { name, predictor: location.parameter, class: null, estimate: beta[j], se, statistic, df, p };
  });
  for (const { name } of location.dropped) fixef.push({ ...nothing, name, predictor: location.parameter });
  const scale = input.scale === null || variances === null ? null : sigmaEffects(work, design, input.scale, variances);
  if (scale !== null) fixef.push(...scale.rows);

  const moves = sdsHoldParameters(graph);
  const effects = moves ? () => randomEffects(work, estimationVariance(work, hessian)) : effectsOf(work);
  const now = stays && !moves && joint === null ? lateResults(work, effects) : resultsNow(lateResults(work, effects));
  const parameters = P + work.parameters + (settings.fixedSigma === null ? 1 : 0);
  const objective = Number.isFinite(at.objective) ? at.objective : Number.NaN;
  const source = settings.priors;
  const priors = source ? priorReports(work, source) : null;
  const deviance = work.priors === null || !Number.isFinite(objective) ? objective : likelihoodDeviance(work);
  const groups: Record<string, number> = {};
  for (const { block, levels } of layout.blocks) groups[block.label] = levels;
  const errorGroups = model.residual?.correlation ?? null;
  if (errorGroups !== null) groups[errorGroups.label] ??= errorGroups.groups;
  return withOwn(now, {
    model: graph.name,
    response: graph.likelihoods[0].responseText,
    engine: 'lmm' as const,
    method: settings.reml ? ('reml' as const) : ('ml' as const),
    family: 'normal',
    link: 'identity',
    rows: model.rows,
    dropped: design.dropped,
    groups,
    converged: done,
    singular,
    certificate,
    warnings,
    logLik: -deviance / 2,
    deviance,
    objective,
    ...(priors === null ? {} : { priors }),
    aic: deviance + 2 * parameters,
    bic: deviance + parameters * Math.log(model.rows),
    parameters,
    fixef,
    vcov: scale === null ? vcov : blockDiagonal(vcov, scale.covariance),
    varcorr: varCorrOf(work, sigma, new Set(graph.randomEffects.filter((r) => r.doubleBar).map((r) => r.id))),
    sigma: work.residual !== null && work.residual.sigma !== null ? null : sigma,
    theta: publicTheta(layout, work.theta),
    familyParameters: errorCorrelations(work),
    ...(model.residual?.correlation ? { errors: errorsResult(work, model.residual.correlation) } : {}),
    mixture: null,
    weights: model.weights,
    ...(work.residual === null
      ? {}
      : { variance: rowSds(work).map((s) => s * s), normalizedResiduals: normalizedResiduals(work, now.residuals) }),
    evaluations: optimum.state.evaluations,
    seed: null,
  });
}

const nothing = { class: null, estimate: null, se: null, statistic: null, df: null, p: null };

function certificateOf(optimum: CertifiedMinimum, rows: number): Certificate {
  const { gradientMax, decrement, eigenvalues } = optimum.certificate;
  return {
    gradient: gradientMax * rows,
    decrement: decrement * rows,
    eigenvalues: Array.from(eigenvalues, (v) => v * rows),
  };
}

/** Warnings that do not depend on the optimizer; whether a block is singular. */
function warnOfData(graph: ModelGraph, input: LmmInput, work: LmmWork, warnings: Diagnostic[]): boolean {
  const { model, location } = input;
  const names = location.dropped.map((d) => d.name);
  const predictor = graph.predictors.find((p) => p.id === location.id);
  const response = graph.likelihoods[0];
  if (names.length > 0) warnings.push(diagnostic('MM503', predictor ? { span: predictor.origin } : {}, { names }));
  if (!(work.at.r2 > 0)) {
    warnings.push(diagnostic('MM506', { span: response.origin }, { response: response.responseText }));
    return false;
  }
  let singular = false;
  for (const block of work.layout.blocks) {
    const origin = graph.randomEffects.find((r) => r.id === block.block.id)?.origin;
    const place = origin === undefined ? {} : { span: origin };
    const group = block.block.label;
    const effects = block.block.columnStart[block.levels];
    if (block.levels === 1 && block.block.positions === null) warnings.push(diagnostic('MM505', place, { group }));
    else if (effects >= model.rows && work.settings.fixedSigma === null && block.block.positions === null)
      warnings.push(diagnostic('MM504', place, { group, effects, rows: model.rows }));
    const what = describeSingular(work, block);
    if (what === null) continue;
    singular = true;
    warnings.push(diagnostic('MM501', place, { group, what }));
  }
  return singular;
}

/** Change of the deviance, to second order, below which doubling or dropping effects is no change. */
const noChange = 1e-6;
/** Effects below this share of sigma are near the edge, where the deviance is flat by itself. */
const noEffects = 1e-2;

/**
 * Groups whose standard deviations the deviance does not depend on: theta' H theta = 0 although theta is not.
 * @param hessian  of the deviance by theta
 */
function flatScales(
  graph: ModelGraph,
  { layout, theta, priors, residual }: LmmWork,
  hessian: Float64Array,
): Diagnostic[] {
  if (priors !== null || residual !== null) return [];
  const n = layout.thetas;
  return layout.blocks.flatMap(({ model, block, levels, thetaStart, thetaCount }) => {
    if (levels < 2 || (model.name !== 'us' && model.name !== 'diag')) return [];
    let [change, size] = [0, 0];
    for (let p = thetaStart; p < thetaStart + thetaCount; p++) {
      size = Math.max(size, Math.abs(theta[p]));
      for (let q = thetaStart; q < thetaStart + thetaCount; q++) change += theta[p] * hessian[p + q * n] * theta[q];
    }
    if (!(size > noEffects && Math.abs(change) < noChange)) return [];
    const origin = graph.randomEffects.find((r) => r.id === block.id)?.origin;
    return [diagnostic('MM515', origin === undefined ? {} : { span: origin }, { group: block.label })];
  });
}

function notConverged(graph: ModelGraph, certificate: Certificate, evaluations: number): Diagnostic {
  const { decrement, gradient } = certificate;
  const left = Number.isFinite(decrement)
    ? `a Newton step would still lower the deviance by ${decrement.toPrecision(2)} (gradient ${gradient.toPrecision(2)})`
    : 'the curvature at the last point could not be computed';
  return diagnostic('MM502', { span: graph.likelihoods[0].origin }, { left, evaluations });
}

/**
 * Whose convention the standard deviations of random effects follow: lme4's, given the parameters, for the covariances it
 * has; glmmTMB's, with the parameters' own uncertainty, for those that only glmmTMB has [MODE-1].
 */
function sdsHoldParameters(graph: ModelGraph): boolean {
  return (
    graph.priors.length === 0 &&
    graph.randomEffects.some((r) => r.covariance !== 'us' && !(r.covariance === 'diag' && r.doubleBar === true))
  );
}

/** Modes at thetas around the optimum, at which `work` stands before and after. @param hessian  of the deviance in theta */
function estimationVariance(work: LmmWork, hessian: Float64Array): Float64Array {
  const theta = work.theta.slice();
  const V = pseudoInverse(hessian, theta.length).map((v) => 2 * v);
  const variance = modeVariance(V, theta.length, (offset) => {
    profiledDeviance(
      work,
      theta.map((t, k) => t + offset[k]),
    );
    return ownModes(work);
  });
  profiledDeviance(work, theta);
  return variance;
}

/** Of nothing but `work`: what else there was at the optimum is not kept for it. */
function effectsOf(work: LmmWork): () => RandomEffects[] {
  return () => randomEffects(work, null);
}

function randomEffects(work: LmmWork, estimation: Float64Array | null): RandomEffects[] {
  const modes = conditionalModes(work, estimation);
  return work.layout.blocks.map(({ block }, b) => {
    const { levels, terms, rows } = effectShape(block);
    const { mode, sd } = modes[b];
    return { group: block.label, class: block.class, levels, terms, mode: rows(mode), sd: rows(sd) };
  });
}
