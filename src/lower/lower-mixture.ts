import type { MixtureNode } from '../graph/model-graph.js';
import type { CheckedMixture } from '../semantics/checked-model.js';
import { lowerExpression, lowerGroup } from './lower-expression.js';

export function lowerMixture(m: CheckedMixture): MixtureNode {
  return {
    name: m.name,
    per: m.per === null ? null : lowerGroup(m.per),
    classes: m.classes,
    gating: m.gating === null ? { kind: 'free' } : { kind: 'softmax', ...m.gating },
    labels: m.labels,
    order:
      m.order === null
        ? null
        : {
            by: lowerExpression(m.order.by, m.order.refs),
            descending: m.order.descending,
            origin: m.order.span,
          },
    origin: m.span,
  };
}
