import type { Design } from '../../data/design.js';
import type { ModelGraph } from '../../graph/model-graph.js';
import { classesInOrder } from './exchange-classes.js';
import type { GlmmWork } from './glmm-work.js';
import type { Objective } from './objective.js';
import type { ParameterSpace } from './parameters.js';
import { type Found, type SearchOptions, searchFrom, searchOptimum } from './search.js';

/** The optimum, with the classes of a mixture per row in the order that the model asks for. */
export function searchInOrder(
  graph: ModelGraph,
  design: Design,
  {
    work,
    space,
    objective,
  }: { readonly work: GlmmWork; readonly space: ParameterSpace; readonly objective: Objective },
  options: SearchOptions,
): Found {
  const found = searchOptimum(work, space, objective, options);
  objective.expand(found.x);
  const start = classesInOrder({ graph, design, model: work.model, space });
  if (start === null) return found;
  const ordered = searchFrom(work, space, objective, { ...options, start });
  return { ...ordered, evaluations: found.evaluations + ordered.evaluations };
}
