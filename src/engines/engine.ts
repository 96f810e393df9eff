import type { Design } from '../data/design.js';
import type { Report } from '../diagnostics/report.js';
import type { ModelGraph } from '../graph/model-graph.js';
import type { Estimates } from '../results/estimates.js';
import type { Fit } from '../results/fit.js';
import type { Parallel } from './parallel.js';

/** What every engine is given besides the model. Clock, randomness and progress come from outside. */
export interface EngineOptions {
  readonly seed?: number;
  readonly maxEvaluations?: number;
  readonly degreesOfFreedom?: 'satterthwaite' | 'kenward-roger' | 'none';
  /** Called between evaluations; throws `Interrupted` where the caller wants to stop. */
  readonly onProgress?: (progress: Progress) => void;
  readonly signal?: AbortSignal;
  /**
   * Does what can be done side by side: pieces of a fit in `fitAsync`, and large factorizations where it has a team, in every fit.
   * The result is the same, bit by bit.
   */
  readonly parallel?: Parallel;
}

/** How far a fit has come. */
export interface Progress {
  readonly stage: string; // 'optimize', 'E-step', ...
  readonly evaluations: number;
  readonly objective: number;
  /** Of the rounds of EM by draws. */
  readonly round?: EmRound;
}

/** A round of EM with the same number of draws. */
export interface EmRound {
  readonly iteration: number; // from 1
  /** Fewest effective draws among groups and classes; null where nothing is sampled. */
  readonly effectiveDraws: number | null;
}

export interface Engine {
  readonly name: 'lmm' | 'glmm' | 'em';
  /** Reports what keeps these data from being fitted; after an error `fit` is not called. */
  check?(graph: ModelGraph, design: Design, report: Report): void;
  fit(graph: ModelGraph, design: Design, options: EngineOptions): Fit;
  /** The same where parts of it can be done side by side. */
  fitAsync?(graph: ModelGraph, design: Design, options: EngineOptions): Promise<Fit>;
  /** The same fits, with what prediction needs of them besides. */
  solve(graph: ModelGraph, design: Design, options: EngineOptions): Solved;
  solveAsync?(graph: ModelGraph, design: Design, options: EngineOptions): Promise<Solved>;
}

export interface Solved {
  readonly fit: Fit;
  /** Computed when it is asked for; a model that is rank-deficient, singular or has not converged has some, too. */
  readonly estimates: () => Estimates;
}
