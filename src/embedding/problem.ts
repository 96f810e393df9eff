import type { Design } from '../data/design.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { EngineOptions } from '../engines/engine.js';
import type { ModelGraph } from '../graph/model-graph.js';
import type { SavedSearch } from './search.js';

/** What a problem is made from. */
export interface BindSource {
  readonly graph: ModelGraph;
  readonly design: Design;
  /** Rows of the data, those that the model leaves out among them. */
  readonly rows: number;
  /** The program, for messages. */
  readonly text: string;
  /** What was found when program and data were read, short of errors. */
  readonly diagnostics: readonly Diagnostic[];
}

/** The random effects of one block in u and b: column c of level l stands at start + columnStart[l] + c. */
export interface EffectBlock {
  readonly group: string;
  readonly levels: readonly string[];
  readonly terms: readonly string[];
  readonly start: number;
  readonly columnStart: Int32Array; // levels + 1
}

/** Where and how a search runs. */
export interface OptimizeOptions {
  /** A point to begin at; left out: `problem.start()`. */
  readonly start?: ArrayLike<number>;
  /** A search that was saved goes on. */
  readonly from?: SavedSearch;
  readonly maxEvaluations?: number;
}

export interface NumericOptions extends EngineOptions {
  /** 'quasi-newton' with the exact gradient (default), or the simplex of Nelder and Mead, which needs none. */
  readonly method?: 'quasi-newton' | 'nelder-mead';
  /** Of a linear mixed model: 'all' parameters (default), or 'theta' alone with beta and sigma profiled. */
  readonly over?: 'all' | 'theta';
}
