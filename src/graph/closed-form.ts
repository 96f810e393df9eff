import type { LikelihoodNode, ModelGraph } from './model-graph.js';
import { predictorsOf } from './walk-graph.js';

/** A normal or lognormal response whose mean alone has random effects, with the identity link [EM-4]. */
export function hasClosedForm(graph: ModelGraph, likelihood: LikelihoodNode): boolean {
  const { name } = likelihood.family;
  if (name !== 'normal' && name !== 'lognormal') return false;
  return predictorsOf(graph, likelihood).every(
    (p) => p.randomEffects.length === 0 || (p.parameter === 'mu' && p.link === 'identity'),
  );
}
