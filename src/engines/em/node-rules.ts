import { gaussHermite, type HermiteRule, productRule } from '../../kernels/gauss-hermite.js';

/** Points z of a group's integral, and the logarithms of what the integrand at u~ + L^-T z counts [EM-3]. */
export interface NodeSet {
  readonly count: number;
  readonly dimension: number;
  readonly z: Float64Array; // count x dimension, row-major
  readonly logWeights: Float64Array; // count
}

/** Which points integrate the effects of a group. */
export interface NodeRule {
  nodesOf(group: number, dimension: number): NodeSet;
}

/** Adaptive Gauss-Hermite quadrature by product rules, the same points for every group. */
export function quadratureRule(points: number): NodeRule {
  const rule = gaussHermite(points);
  const made = new Map<number, NodeSet>();
  return {
    nodesOf(_group, dimension) {
      let found = made.get(dimension);
      if (found === undefined) {
        found = productNodes(rule, dimension);
        made.set(dimension, found);
      }
      return found;
    },
  };
}

function productNodes(rule: HermiteRule, dimension: number): NodeSet {
  const { count, nodes, logWeights } = productRule(rule, dimension);
  for (let m = 0; m < count; m++)
    for (let d = 0; d < dimension; d++) logWeights[m] += nodes[m * dimension + d] ** 2 / 2;
  return { count, dimension, z: nodes, logWeights };
}
