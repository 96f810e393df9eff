import type { Design } from '../../data/design.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { diagnostic } from '../../diagnostics/report.js';
import type { ModelGraph } from '../../graph/model-graph.js';
import type { CertifiedMinimum } from '../../optim/minimize-certified.js';
import type { Certificate } from '../../results/fit.js';
import { describeSingular } from '../lmm/describe-singular.js';
import type { GlmmProblem } from './fit-glmm.js';
import { runaway } from './runaway.js';

/**
 * A coefficient runs to infinity where its column moves the linear predictor by more than `far` (root mean square) and its
 * standard error, in the same units, is above `loose`: a finite estimate that far out is known much better.
 */
const far = 5;
const loose = 20;
/** A slope that moves a probability's predictor by this much has none between, whatever the last curvature said. */
const absurd = 50;
const ofProbabilities: readonly string[] = ['logit', 'probit', 'cloglog'];
/** A shape whose logarithm has a standard error above this says that the family's limit fits as well. */
const looseShape = 30;

interface Found {
  readonly V: Float64Array; // covariance of the free parameters, transformed coordinates
  readonly optimum: CertifiedMinimum;
  readonly converged: boolean;
  readonly certificate: Certificate;
}

/** Says what is unusual about a fit; returns whether it is singular. */
export function glmmWarnings(
  graph: ModelGraph,
  design: Design,
  { work, space, objective }: GlmmProblem,
  found: Found,
  warnings: Diagnostic[],
): boolean {
  const { model } = work;
  const origin = graph.likelihoods[0].origin;
  for (const predictor of design.predictors) {
    const names = predictor.dropped.map((d) => d.name);
    const node = graph.predictors.find((p) => p.id === predictor.id);
    if (names.length > 0) warnings.push(diagnostic('MM503', { span: node?.origin ?? origin }, { names }));
  }
  let singular = false;
  for (const block of model.layout.blocks) {
    const span = graph.randomEffects.find((r) => r.id === block.block.id)?.origin ?? origin;
    const group = block.block.label;
    if (block.levels === 1 && block.block.positions === null) warnings.push(diagnostic('MM505', { span }, { group }));
    const what = describeSingular({ layout: model.layout, lambda: work.lambda, theta: work.theta }, block);
    if (what === null) continue;
    singular = true;
    warnings.push(diagnostic('MM501', { span }, { group, what }));
  }
  const away = found.converged ? null : runaway(objective);
  if (away === null) infiniteEstimates(graph, design, work, space.free, found.V, warnings);
  if (!found.converged) {
    if (!Number.isFinite(found.optimum.state.value)) {
      warnings.push(diagnostic('MM524', { span: origin }, { what: obstacleAt(work) }));
      return singular;
    }
    const { decrement, gradient } = found.certificate;
    if (away !== null) {
      const { responseText: response } = graph.likelihoods[0];
      warnings.push(diagnostic('MM525', { span: origin }, { response, ...away }));
      return singular;
    }
    // that a coefficient has no end says why there is no optimum
    if (warnings.some((w) => w.code === 'MM522')) return singular;
    const left = Number.isFinite(decrement)
      ? `a Newton step would still lower the deviance by ${decrement.toPrecision(2)} (gradient ${gradient.toPrecision(2)})`
      : 'the curvature at the last point could not be computed';
    warnings.push(diagnostic('MM502', { span: origin }, { left, evaluations: found.optimum.state.evaluations }));
  }
  return singular;
}

/** An offset beyond this takes exp() out of range, or close to it. */
const hugeOffset = 300;

/** Why the likelihood is not finite at a start that the families chose. */
function obstacleAt({ model }: GlmmProblem['work']): string {
  for (const { fixed, parameter } of model.predictors) {
    if (fixed.kind !== 'columns' || fixed.offset === null) continue;
    const worst = fixed.offset.reduce((row, v, i, all) => (Math.abs(v) > Math.abs(all[row]) ? i : row), 0);
    const size = fixed.offset[worst];
    if (Math.abs(size) > hugeOffset) return `the offset of ${parameter} is as large as ${size.toPrecision(3)}`;
  }
  const d = model.loads.random.indexOf(1);
  if (d < 0) return 'the density of some rows is zero there';
  const { parameter, link } = model.predictors[d];
  const own = link === 'identity' ? 'which has no link' : `which has the ${link} link`;
  return `the random effects move ${parameter}, ${own}, to the end of its range, or some rows have a density of zero`;
}

/** Coefficients that go to infinity, and family parameters at the end of their range. */
export function infiniteEstimates(
  graph: ModelGraph,
  design: Design,
  work: Pick<GlmmProblem['work'], 'model' | 'beta'>,
  free: Int32Array,
  V: Float64Array,
  warnings: Diagnostic[],
): void {
  const n = free.length;
  const { thetas } = work.model.layout;
  const model = work.model.merged?.whole ?? work.model;
  for (const { fixed, id, parameter, constant, link } of model.predictors) {
    if (fixed.kind !== 'columns' || id === null) continue;
    const span = graph.predictors.find((p) => p.id === id)?.origin ?? graph.origin;
    const infinite: { readonly name: string; readonly term: string; readonly direction: string }[] = [];
    fixed.columns.forEach((c, j) => {
      const k = free.indexOf(thetas + c);
      if (k < 0) return;
      let size = 1;
      if (fixed.X !== null) {
        let square = 0;
        for (let i = 0; i < model.rows; i++) square += fixed.X[j * model.rows + i] ** 2;
        size = Math.sqrt(square / model.rows);
      }
      const se = Math.sqrt(V[k + k * n]) * size;
      const estimate = work.beta[c] * size;
      const { name, term } = design.coefficients[c] ?? { name: parameter, term: parameter };
      const direction = estimate > 0 ? '+' : '-';
      if (constant) {
        if (se > looseShape && Math.abs(estimate) > far && (link === 'log' || link === 'logit'))
          warnings.push(diagnostic('MM523', { span }, { parameter, end: estimate > 0 ? 'infinity' : 'zero' }));
        return;
      }
      const isProbability = ofProbabilities.includes(link) || parameter === 'eta';
      const isSlope = name !== '(Intercept)';
      if (
        (se > loose && Math.abs(estimate) > far && (link !== 'identity' || isProbability)) ||
        (isProbability && isSlope && Math.abs(estimate) > absurd)
      ) {
        infinite.push({ name, term, direction });
      }
    });
    const [first] = infinite;
    if (first === undefined) continue;
    const { name, direction } = first;
    const names = infinite.map((of) => of.name);
    const terms = [...new Set(infinite.map((of) => (of.name === '(Intercept)' ? 'intercept' : of.term)))];
    warnings.push(diagnostic('MM522', { span }, { name, parameter, direction, names, terms }));
  }
}
