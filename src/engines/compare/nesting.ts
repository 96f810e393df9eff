import { type BoundModel, errorsNested, familyDifference } from './comparable.js';
import { atLimit } from './family-limit.js';
import { fixedDifference } from './fixed-nesting.js';
import { randomNesting } from './random-nesting.js';

/**
 * Whether one model is a case of another; `sds`: standard deviations that are zero in it and free in the other; `limit`: its
 * family is the other's at the end of a parameter's range.
 */
export type Nesting =
  | { readonly nested: true; readonly sds: number; readonly limit?: true }
  | { readonly nested: false; readonly reason: string };

/** Whether every distribution that a describes is one of b's [COMPARE-1]. Both have the same rows. */
export function nestedIn(a: BoundModel, b: BoundModel): Nesting {
  const alike = atLimit(a, b);
  if (alike === null) return nestedAlike(a, b);
  const found = nestedAlike(alike.smaller, alike.larger);
  return found.nested && alike.atEnd ? { ...found, limit: true } : found;
}

function nestedAlike(a: BoundModel, b: BoundModel): Nesting {
  const family = familyDifference(a, b);
  if (family !== null) return { nested: false, reason: family };
  if (hasPriors(a) || hasPriors(b)) return { nested: false, reason: 'a likelihood with priors has no such test' };
  const fixed = fixedDifference(a, b);
  if (fixed !== null)
    return { nested: false, reason: `the ${fixed} of ${a.graph.name} are not among those of ${b.graph.name}` };
  const random = randomNesting(a.design, b.design);
  if (!random.nested)
    return { nested: false, reason: `the ${random.what} of ${a.graph.name} are not among those of ${b.graph.name}` };
  if (!errorsNested(a.design, b.design)) return { nested: false, reason: 'their errors are correlated differently' };
  return { nested: true, sds: random.sds };
}

function hasPriors({ graph }: BoundModel): boolean {
  return graph.priors.length + graph.penalties.length > 0;
}
