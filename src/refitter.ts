import type { Design } from './data/design.js';
import { withNewResponse } from './data/new-response.js';
import { MmError } from './diagnostics/mm-error.js';
import { Report } from './diagnostics/report.js';
import { GlmmProblem } from './embedding/glmm-problem.js';
import { LmmProblem } from './embedding/lmm-problem.js';
import { type EngineOptions, emEngine } from './engines/index.js';
import type { ModelGraph } from './graph/model-graph.js';
import type { EngineName } from './plan/engine-plan.js';
import type { Fit } from './results/fit.js';

/** A bound model and the engine that fits it, as they go to other threads. */
export interface RefitSubject {
  readonly graph: ModelGraph;
  readonly design: Design;
  readonly engine: EngineName;
}

/** Refits that a thread does before it reports; few where each is a long search. */
export const refitsAtOnce: Readonly<Record<EngineName, number>> = { lmm: 10, glmm: 4, em: 1 };

/** What may be wished of every refit. */
export type RefitterOptions = Pick<EngineOptions, 'seed' | 'degreesOfFreedom'>;

/**
 * Fits one response after the other. Linear and generalized models begin where the model's own fit ended, so that what a response comes to
 * depends on none before it; mixtures are searched from their starts.
 * @returns a function that throws MmError where the family does not allow a response
 */
export function refitter(subject: RefitSubject, options: RefitterOptions = {}): (y: Float64Array) => Fit {
  const { graph, design, engine } = subject;
  if (engine === 'em') return (y) => emEngine.fit(graph, designWith(subject, y), options);
  const source = { graph, design, rows: design.rows, text: '', diagnostics: [] };
  const problem = engine === 'lmm' ? LmmProblem.bind(source) : GlmmProblem.bind(source);
  problem.fit({ degreesOfFreedom: 'none' });
  const own: RefitterOptions = { degreesOfFreedom: 'none', ...options };
  return (y) => problem.refit(y, own);
}

/** The design with another response. @param y  design.rows numbers @throws MmError where the family does not allow them */
export function designWith({ graph, design }: RefitSubject, y: Float64Array): Design {
  const report = new Report();
  const found = withNewResponse(graph, design, y, design.rows, report);
  if (found === undefined) throw new MmError(report.sorted(), '');
  return found;
}
