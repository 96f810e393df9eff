import type { DesignMemory } from '../data/design.js';
import type { Table } from '../data/table.js';
import type { ModelGraph } from '../graph/model-graph.js';
import type { Estimates } from '../results/estimates.js';
import type { Fit } from '../results/fit.js';

/** A fit with all that is needed to go on from it without its data. */
export interface FittedModel {
  readonly graph: ModelGraph;
  readonly fit: Fit;
  readonly estimates: Estimates;
  /** How new rows are coded. */
  readonly memory: DesignMemory;
  /** Labels of an ordered response's categories; null where it has none. */
  readonly categories: readonly string[] | null;
  /** The rows that were used, in the columns that the model reads; null where they were not kept. */
  readonly frame: Table | null;
}
