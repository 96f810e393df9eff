import type { Design } from './data/design.js';
import { type Engine, type EngineOptions, emEngine, glmmEngine, lmmEngine, type Task } from './engines/index.js';
import type { ModelGraph } from './graph/model-graph.js';
import type { EngineName } from './plan/engine-plan.js';
import type { Estimates } from './results/estimates.js';
import type { Fit } from './results/fit.js';

/** The engines by their names; `src/plan/capabilities.ts` says what each can do. */
export const engines: Readonly<Record<EngineName, Engine>> = { lmm: lmmEngine, glmm: glmmEngine, em: emEngine };

/** A bound model, as it goes to another thread. */
export interface FitShared {
  readonly graph: ModelGraph;
  readonly engine: EngineName;
  readonly design: Design;
}

/** What of a fit can come back from there. */
export interface FitMade {
  readonly fit: Fit;
  readonly estimates: Estimates;
}

/** A whole fit as one piece: it leaves the thread that asked for it free, and can be ended at any time. */
export const fitTask: Task<FitShared, Pick<EngineOptions, 'seed' | 'maxEvaluations' | 'degreesOfFreedom'>, FitMade> = {
  name: 'a fit',
  prepare({ graph, engine, design }) {
    return (options, onProgress) => {
      const { fit, estimates } = engines[engine].solve(graph, design, { ...options, onProgress });
      return { fit, estimates: estimates() };
    };
  },
};
