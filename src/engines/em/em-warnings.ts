import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { diagnostic } from '../../diagnostics/report.js';
import { infiniteEstimates } from '../glmm/glmm-warnings.js';
import type { CovarianceState } from '../lmm/block-covariance.js';
import { describeSingular } from '../lmm/describe-singular.js';
import { orderValues, outOfOrder } from './class-order.js';
import { degenerateClass } from './degenerate.js';
import type { EmModel } from './em-model.js';
import { classKinds, exchangeClasses } from './exchange-classes.js';
import type { Solution } from './solve.js';

/** A class with fewer expected groups than this is all but empty. */
const fewestGroups = 1;
/** Parameters of two classes that differ by less, relative to their size, are the same. */
const same = 1e-3;
/** A Monte Carlo error of the log-likelihood above this is said. */
const largeError = 0.1;
const largestShape = 0.7;
const fewestEffective = 25;

/** Says what is unusual about the fit of a mixture; returns whether it is singular. */
export function emWarnings(
  model: EmModel,
  solution: Solution,
  state: CovarianceState,
  V: Float64Array,
  converged: boolean,
  warnings: Diagnostic[],
): boolean {
  const { graph, design, joint, mixture, space } = model;
  const { eStep, found, refused, starts, evaluations } = solution;
  const span = mixture.origin;
  for (const predictor of design.predictors) {
    const names = predictor.dropped.map((d) => d.name);
    const node = graph.predictors.find((p) => p.id === predictor.id);
    if (names.length > 0) warnings.push(diagnostic('MM503', { span: node?.origin ?? span }, { names }));
  }
  let singular = false;
  for (const block of joint.layout.blocks) {
    const what = describeSingular(state, block);
    if (what === null) continue;
    singular = true;
    const at = graph.randomEffects.find((r) => r.id === block.block.id)?.origin ?? span;
    const { label, class: className } = block.block;
    const group = className === null ? label : `${label} in class ${className}`;
    warnings.push(diagnostic('MM501', { span: at }, { group, what }));
  }
  const degenerate = degenerateClass(eStep);
  if (degenerate !== null) warnings.push(diagnostic('MM563', { span }, degenerate));
  else if (refused > 0) warnings.push(diagnostic('MM564', { span }, { refused, starts }));
  emptyClasses(model, solution, warnings);
  equalClasses(model, warnings);
  const beta = space.full.slice(joint.layout.thetas, joint.layout.thetas + joint.coefficients);
  // of a degenerate class that much is told already
  if (degenerate === null) infiniteEstimates(graph, design, { model: joint, beta }, space.free, V, warnings);
  const values = orderValues(model, space.full);
  const against = values === null ? null : outOfOrder(values, mixture.order?.descending === true);
  if (against !== null) {
    const [a, b] = against.map((k) => mixture.classes[k]);
    warnings.push(
      diagnostic('MM565', { span: mixture.order?.origin ?? span }, { classes: [a, b], labels: model.known !== null }),
    );
  }
  samplingWarnings(model, solution, warnings);
  if (!converged && degenerate === null) {
    const { decrement, gradientMax } = found.optimum.certificate;
    const left = Number.isFinite(decrement)
      ? `a Newton step would still lower the deviance by ${decrement.toPrecision(2)} (gradient ${gradientMax.toPrecision(2)})`
      : 'the curvature at the last point could not be computed';
    warnings.push(diagnostic('MM502', { span }, { left, evaluations }));
  }
  return singular;
}

function emptyClasses({ mixture, rows }: EmModel, { eStep }: Solution, warnings: Diagnostic[]): void {
  const K = mixture.classes.length;
  if (K === 1) return;
  mixture.classes.forEach((name, k) => {
    let expected = 0;
    for (let g = 0; g < rows.groups; g++) expected += eStep.p[g * K + k];
    if (expected >= fewestGroups) return;
    const share = `it is expected to hold ${expected.toPrecision(2)} of the ${rows.groups} levels of ${rows.label}`;
    warnings.push(diagnostic('MM561', { span: mixture.origin }, { class: name, share, mixture: mixture.name }));
  });
}

/** Classes of one kind whose parameters exchange without changing anything. */
function equalClasses(model: EmModel, warnings: Diagnostic[]): void {
  const { mixture, space, joint } = model;
  const kinds = classKinds(model);
  const { classes } = mixture;
  const gates = new Set(model.gates.gates.flatMap((gate) => (gate === null ? [] : [...gate.columns])));
  for (let k = 0; k < classes.length; k++)
    for (let l = 0; l < k; l++) {
      if (kinds[k] !== kinds[l]) continue;
      const from = Int32Array.from(classes, (_, c) => (c === k ? l : c === l ? k : c));
      const exchanged = space.full.slice();
      exchangeClasses(model, from, exchanged);
      const equal = exchanged.every((v, i) => {
        if (gates.has(i)) return true;
        // a standard deviation has either sign
        const before = i < joint.layout.thetas ? Math.abs(space.full[i]) : space.full[i];
        const after = i < joint.layout.thetas ? Math.abs(v) : v;
        return Math.abs(after - before) <= same * (1 + Math.abs(before));
      });
      if (equal) warnings.push(diagnostic('MM562', { span: mixture.origin }, { classes: [classes[l], classes[k]] }));
    }
}

function samplingWarnings({ graph, mixture }: EmModel, { quality, draws }: Solution, warnings: Diagnostic[]): void {
  if (quality === null) return;
  const span = graph.method?.origin ?? mixture.origin;
  const { logLikMcse, ess, khat } = quality;
  if (khat.max > largestShape || ess.min < fewestEffective)
    warnings.push(diagnostic('MM566', { span }, { shape: khat.max, ess: ess.min, draws }));
  else if (!(logLikMcse <= largeError)) warnings.push(diagnostic('MM567', { span }, { error: logLikMcse, draws }));
}
