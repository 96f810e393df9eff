import type { ModelGraph, NodeId, ParameterRef } from './model-graph.js';
import { predictorIdsOf, referencesIn } from './walk-graph.js';

/**
 * What is wrong with a graph that came from outside, one line each; empty where it is sound: it is plain JSON, every id
 * is there once, every reference leads somewhere.
 */
export function graphProblems(graph: ModelGraph): string[] {
  const problems: string[] = [];
  if (graph.kind !== 'model' || graph.version !== 1) return ['it is no model graph of version 1'];
  if (!isPlain(graph)) problems.push('it holds a value that JSON does not keep');

  const predictors = uniqueIds('predictor', graph.predictors, problems);
  const effects = uniqueIds('random effect', graph.randomEffects, problems);
  const parts = uniqueIds('part', graph.parts, problems);
  const likelihoods = uniqueIds('likelihood', graph.likelihoods, problems);
  uniqueIds('prior', graph.priors, problems);

  const need = (known: ReadonlySet<NodeId>, id: NodeId, from: string) => {
    if (!known.has(id)) problems.push(`${from} refers to '${id}', which is not there`);
  };
  for (const l of graph.likelihoods) for (const id of predictorIdsOf(l)) need(predictors, id, `likelihood ${l.id}`);
  for (const p of graph.predictors) {
    for (const id of p.parts) need(parts, id, `predictor ${p.id}`);
    for (const id of p.randomEffects) need(effects, id, `predictor ${p.id}`);
  }
  if (graph.mixture?.gating.kind === 'softmax') {
    for (const id of graph.mixture.gating.predictors) need(predictors, id, 'the class probabilities');
  }
  const checkReference = (ref: ParameterRef, from: string) => {
    if (ref.kind === 'coefficients' || ref.kind === 'scalar')
      for (const id of ref.predictors) need(predictors, id, from);
    if (ref.kind === 'sd' || ref.kind === 'cor' || ref.kind === 'cov') need(effects, ref.effect, from);
    if (ref.kind === 'thresholds') need(likelihoods, ref.likelihood, from);
  };
  for (const p of graph.priors) {
    for (const e of [p.left, ...p.args.map((a) => a.value)])
      for (const ref of referencesIn(e)) checkReference(ref, `prior ${p.id}`);
  }
  for (const f of graph.fixes) for (const ref of referencesIn(f.left)) checkReference(ref, f.text);
  for (const p of graph.penalties) for (const ref of referencesIn(p.value)) checkReference(ref, p.text);
  const classes = graph.mixture?.classes ?? [];
  for (const l of graph.likelihoods) {
    if (l.class !== null && !classes.includes(l.class))
      problems.push(`likelihood ${l.id} is of an unknown class '${l.class}'`);
  }
  if (graph.mixture !== null && graph.likelihoods.length !== classes.length) {
    problems.push(`${classes.length} classes have ${graph.likelihoods.length} likelihoods`);
  }
  return problems;
}

function uniqueIds(what: string, nodes: readonly { readonly id: NodeId }[], problems: string[]): Set<NodeId> {
  const ids = new Set<NodeId>();
  for (const { id } of nodes) {
    if (ids.has(id)) problems.push(`two ${what}s are called '${id}'`);
    ids.add(id);
  }
  return ids;
}

/** Numbers are finite and nothing is a class instance, a function or undefined. */
function isPlain(value: unknown): boolean {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true;
  if (typeof value === 'number') return Number.isFinite(value);
  if (Array.isArray(value)) return value.every(isPlain);
  if (typeof value !== 'object') return false;
  return Object.getPrototypeOf(value) === Object.prototype && Object.values(value).every(isPlain);
}
