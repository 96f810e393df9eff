import type { Design } from '../../data/design.js';
import type { ModelGraph } from '../../graph/model-graph.js';
import type { EngineName } from '../../results/fit.js';
import type { EngineOptions } from '../engine.js';
import { glmmProfiles } from './glmm-profiles.js';
import { lmmProfiles } from './lmm-profiles.js';
import type { ProfileSet } from './profile-set.js';

/** What keeps a model's parameters from being profiled, in words that follow a colon. */
export interface Unprofiled {
  readonly reason: string;
}

/**
 * The parameters of a model with their profiles, about an optimum that is searched for here: an LMM on its own deviance, one
 * with priors and every other model on the objective of the GLMM engine.
 * @param engine  the one that fits the model
 */
export function profileSetOf(
  graph: ModelGraph,
  design: Design,
  engine: EngineName,
  options: Pick<EngineOptions, 'onProgress' | 'signal'> = {},
): ProfileSet | Unprofiled {
  const penalised = graph.priors.length + graph.penalties.length > 0;
  if (engine === 'em') return { reason: 'the likelihood of latent classes per group is known by sampling' };
  if (penalised && graph.likelihoods.some((l) => l.correlation !== null))
    return { reason: 'correlated errors and priors together are not profiled' };
  const rough = graph.priors.find((p) => p.distribution === 'laplace' || p.distribution === 'horseshoe');
  if (rough !== undefined) return { reason: `the prior ${rough.text} has a corner or a pole at its centre` };
  const lmm = engine === 'lmm';
  const set = lmm && !penalised ? lmmProfiles(graph, design, options) : glmmProfiles(graph, design, options);
  if (set === null) return { reason: 'the fit has no optimum to start from' };
  // of a normal response Laplace's approximation is the likelihood itself
  return lmm ? { ...set, criterion: 'ml' } : set;
}
