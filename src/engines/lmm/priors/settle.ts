import type { CertifiedMinimum } from '../../../optim/minimize-certified.js';
import type { LmmWork } from '../lmm-work.js';
import type { MultiplierTerm } from './multiplier-term.js';
import { hasCorner, holdZeros } from './zero-sds.js';

/** How far a quantity may be from its bound or corner at the end, in units of the density's own size. */
const near = 1e-10;
const mostRounds = 40;
/** Deviance that may be left at a certified point. */
const enough = 1e-6;

/** A search that bounces about a corner is looked at after this many evaluations. */
const firstLook = 100;

/**
 * A search for the minimum of an objective that may have bounds and corners; smooth objectives are searched once.
 * @param search  from a point, with at most so many evaluations
 */
export function settle(
  work: LmmWork,
  start: Float64Array,
  search: (start: Float64Array, most?: number) => CertifiedMinimum,
): CertifiedMinimum {
  const { priors } = work;
  if (priors === null) return search(start);
  const fromPoint = (x: Float64Array): CertifiedMinimum => {
    if (!priors.terms.some(({ node }) => hasCorner(node))) return search(x);
    const first = holdZeros(work, priors, search(x, firstLook));
    if (first.certificate.decrement * work.model.rows <= enough) return first;
    return plus(holdZeros(work, priors, search(first.state.x)), first.state.evaluations);
  };
  return withMultipliers(priors.multipliers, start, fromPoint, (found) => found.state.x, plus);
}

function plus(found: CertifiedMinimum, evaluations: number): CertifiedMinimum {
  return { ...found, state: { ...found.state, evaluations: found.state.evaluations + evaluations } };
}

/**
 * Searches again and again, the multipliers moved in between, until every bound that binds and every corner is met [LMM-PRIOR-8].
 * After a search the terms have been evaluated at its end.
 */
export function withMultipliers<S, R extends { readonly state: { readonly evaluations: number } }>(
  terms: readonly MultiplierTerm[],
  start: S,
  search: (start: S) => R,
  endOf: (found: R) => S,
  addEvaluations: (found: R, evaluations: number) => R,
): R {
  for (const t of terms) t.reset();
  let found = search(start);
  let evaluations = 0;
  let previous = Number.POSITIVE_INFINITY;
  for (let round = 0; terms.length > 0 && round < mostRounds; round++) {
    let worst = 0;
    for (const t of terms) worst = Math.max(worst, t.update());
    if (!(worst > near)) break;
    if (worst > previous / 10) for (const t of terms) t.tighten();
    previous = worst;
    evaluations += found.state.evaluations;
    found = search(endOf(found));
  }
  return addEvaluations(found, evaluations);
}
