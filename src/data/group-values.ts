import type { Span } from '../diagnostics/span.js';
import type { GroupNode } from '../graph/model-graph.js';
import type { BoundValues } from './bound-values.js';
import type { Factor } from './design.js';
import { crossFactors } from './group-factor.js';

/** The factor of a group: of one column, or of the combinations of several that occur. */
export function groupFactor(group: GroupNode, bound: BoundValues, span: Span | undefined): Factor | undefined {
  const factors = group.columns.map((column) => bound.factor(column, span));
  const known = factors.filter((factor) => factor !== undefined);
  if (known.length !== factors.length) return undefined;
  return { label: group.label, ...crossFactors(known) };
}
