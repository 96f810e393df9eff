import type { Design } from '../../data/design.js';
import type { ModelGraph } from '../../graph/model-graph.js';
import { priorPenalties } from '../glmm/prior-penalties.js';
import type { Task } from '../parallel.js';
import { boundModel } from './em-model.js';
import { type SearchOptions, type StartJob, type StartResult, startSearch } from './search-starts.js';

interface Shared extends SearchOptions {
  readonly graph: ModelGraph;
  readonly design: Design;
}

/** The searches from the starts of a mixture [EM-9]. They bind the model anew, so that they come to the same wherever they run. */
export const emStarts: Task<Shared, StartJob, StartResult> = {
  name: 'starts of a mixture',
  prepare({ graph, design, ...options }) {
    const model = boundModel(graph, design);
    const search = startSearch(model, priorPenalties(graph, model.design, model.joint), options);
    return (job, onProgress) => search(job, (objective) => onProgress({ stage: 'starts', evaluations: 0, objective }));
  },
};
