import type { PriorNode } from '../../../graph/model-graph.js';
import { compileExpression } from '../../../priors/compile-expression.js';
import { constantNumber } from '../../../priors/homogeneity.js';
import { isAffineInMean } from '../../../priors/lmm-prior.js';
import { affine } from './normal-rows.js';
import type { PriorSource } from './prior-work.js';
import type { LmmQuantities } from './quantities.js';

/** A plane a'beta = target in the coefficients' own units, where a prior that is not log-concave has its peak. */
export interface Centre {
  readonly row: Float64Array; // P
  readonly target: number;
  /** A spike: coefficients may each be in it or not. */
  readonly spike: boolean;
}

const heavyTailed: ReadonlySet<string> = new Set(['student_t', 'cauchy', 'horseshoe', 'multi_student_t']);

export function centresOf(node: PriorNode, source: PriorSource, quantities: LmmQuantities, P: number): Centre[] {
  if (!heavyTailed.has(node.distribution) || !isAffineInMean(node.left, source.graph)) return [];
  const left = compileExpression(node.left, quantities.length, quantities.placeOf.bind(quantities));
  const { rows, offset } = affine(left, quantities.length, P);
  const location = node.args.find((a) => a.name === 'location')?.value;
  return Array.from(offset, (c, i) => {
    const own = location?.kind === 'list' ? location.items[i] : location;
    const at = own === undefined ? 0 : constantNumber(own);
    return {
      row: rows.slice(i * P, (i + 1) * P),
      target: (at ?? Number.NaN) - c,
      spike: node.distribution === 'horseshoe',
    };
  }).filter((centre) => Number.isFinite(centre.target));
}
