import type { Expr, ModelGraph, ParameterRef, PriorNode } from '../graph/model-graph.js';
import { constantNumber } from './homogeneity.js';
import { priorQuantity } from './prior-quantity.js';

/**
 * Where a prior of a random effect's covariance has no maximum: its density is infinite at a standard deviation of zero or a
 * correlation of one, where the likelihood is not zero. In words; null where it is bounded, or where only the data can tell.
 */
export function unboundedWhere(prior: PriorNode, graph: ModelGraph): string | null {
  const quantity = priorQuantity(prior.left);
  if (quantity === null || !(quantity.power > 0)) return null;
  const { ref } = quantity;
  const number = (name: string): number => {
    const value = prior.args.find((a) => a.name === name)?.value;
    return value === undefined ? Number.NaN : (constantNumber(value) ?? Number.NaN);
  };
  switch (ref.kind) {
    case 'sd': {
      const infinite =
        (prior.distribution === 'gamma' && number('shape') < 1) ||
        (prior.distribution === 'inverse_gamma' && number('scale') === 0) ||
        (prior.distribution === 'beta' && number('a') < 1);
      return infinite ? 'where the standard deviation is zero' : null;
    }
    case 'cov': {
      const size = sizeOf(ref, graph);
      const infinite =
        (prior.distribution === 'wishart' && size !== null && number('df') < size + 1) ||
        (prior.distribution === 'inverse_wishart' && isZero(prior.args.find((a) => a.name === 'scale')?.value));
      return infinite ? 'where the covariance is singular' : null;
    }
    case 'cor':
      return prior.distribution === 'lkj' && number('eta') < 1 ? 'where the correlations are singular' : null;
    default:
      return null;
  }
}

function sizeOf(ref: Extract<ParameterRef, { kind: 'cov' }>, graph: ModelGraph): number | null {
  return graph.randomEffects.find((e) => e.id === ref.effect)?.size ?? null;
}

function isZero(e: Expr | undefined): boolean {
  return e !== undefined && constantNumber(e) === 0;
}
