import type { Design } from '../../data/design.js';
import type { ModelGraph } from '../../graph/model-graph.js';
import { compilePenalty, compilePrior, type ObjectiveTerm } from '../../priors/prior-term.js';
import type { GlmmModel } from './glmm-model.js';
import type { PenaltyTerm } from './objective.js';
import { Quantities } from './quantities.js';

/** The priors and penalties of a model, all on their own scale, as one term of the objective [GLMM-11]; none: no term. */
export function priorPenalties(graph: ModelGraph, design: Design, model: GlmmModel): PenaltyTerm[] {
  if (graph.priors.length + graph.penalties.length === 0) return [];
  const quantities = new Quantities(graph, design, model);
  const inputs = quantities.values.length;
  const placeOf = quantities.placeOf.bind(quantities);
  const terms: ObjectiveTerm[] = [
    ...graph.priors.map((prior) => compilePrior(prior, inputs, placeOf)),
    ...graph.penalties.map((penalty) => compilePenalty(penalty, inputs, placeOf)),
  ];
  return [
    {
      evaluate(full, gradient) {
        quantities.set(full);
        quantities.gradient.fill(0);
        let value = 0;
        for (const term of terms)
          value += term.evaluate(quantities.values, gradient === null ? null : quantities.gradient);
        if (gradient !== null) quantities.pullBack(full, gradient);
        return value;
      },
    },
  ];
}
