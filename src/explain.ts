import type { CompiledModel } from './compile.js';
import { printExpression } from './graph/print-expression.js';
import { printGraph } from './graph/print-graph.js';
import { printPlan } from './plan/print-plan.js';
import { describePenalty, describePrior } from './priors/prior-computation.js';

/** The graph of a model in words, how each prior is computed, and the engine it goes to; empty where it has errors. */
export function explain(model: CompiledModel): string {
  const { graph, plan } = model;
  if (graph === undefined || plan === undefined) return '';
  const engine = plan.engine === 'refused' ? plan.meant : plan.engine;
  const text = printGraph(graph, {
    priorNote: (p) => describePrior(p, engine, printExpression(p.left, graph), graph),
    penaltyNote: (p) => describePenalty(p, engine, graph),
  });
  return `${text}${printPlan(plan)}`;
}
