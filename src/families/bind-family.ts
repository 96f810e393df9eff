import { InternalError } from '../diagnostics/internal-error.js';
import type { BoundFamily, FamilyBinding } from './density.js';
import type { FamilyName } from './family.js';
import { families } from './index.js';

/** A family with the one inside it, outermost first: ['zero_inflated', 'poisson']. */
export type FamilyChain = readonly FamilyName[];

/**
 * Binds a family and what stands inside it. Argument names are unique along a chain, so one binding serves all of it;
 * the predictors of the innermost come first.
 */
export function bindFamily(chain: FamilyChain, binding: FamilyBinding): BoundFamily {
  let bound: BoundFamily | null = null;
  for (let k = chain.length - 1; k >= 0; k--) bound = families[chain[k]].bind(binding, bound);
  if (bound === null) throw new InternalError('bindFamily: empty chain');
  return bound;
}
