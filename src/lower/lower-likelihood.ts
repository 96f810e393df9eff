import type { CorrelationNode, FamilyNode, LikelihoodNode } from '../graph/model-graph.js';
import type { CheckedCorrelation, CheckedFamily, CheckedLikelihood } from '../semantics/checked-model.js';
import { variableLabel } from '../semantics/deparse.js';
import { lowerExpression, lowerGroup } from './lower-expression.js';

export function lowerLikelihood(l: CheckedLikelihood): LikelihoodNode {
  return {
    id: l.id,
    class: l.class,
    response: lowerExpression(l.response),
    responseText: variableLabel(l.response),
    family: lowerFamily(l.family),
    weights: l.weights === null ? null : lowerExpression(l.weights),
    correlation: l.correlation === null ? null : lowerCorrelation(l.correlation),
    origin: l.span,
  };
}

function lowerFamily(f: CheckedFamily): FamilyNode {
  return {
    name: f.name,
    base: f.base === null ? null : lowerFamily(f.base),
    arguments: f.arguments.map((a) =>
      a.kind === 'data' ? { kind: 'data', name: a.name, value: lowerExpression(a.value) } : a,
    ),
    origin: f.span,
  };
}

function lowerCorrelation(c: CheckedCorrelation): CorrelationNode {
  return {
    structure: c.structure,
    position: lowerExpression(c.position),
    group: lowerGroup(c.group),
    origin: c.span,
  };
}
