import type { FamilyName } from '../../families/family.js';
import type { FamilyNode } from '../../graph/model-graph.js';
import { familiesIn } from '../../graph/walk-graph.js';
import { heldCoefficients } from '../glmm/held-parameters.js';
import type { BoundModel } from './comparable.js';

/** A family that another becomes at one value of a parameter. */
interface Limit {
  readonly simple: FamilyName;
  readonly general: FamilyName;
  readonly parameter: string;
  /** The value lies at the end of the parameter's range. */
  readonly atEnd: boolean;
  /** Name of the simple family's location, where the other calls it mu. */
  readonly location?: string;
}

const limits: readonly Limit[] = [
  { simple: 'poisson', general: 'negative_binomial', parameter: 'shape', atEnd: true, location: 'lambda' },
  { simple: 'poisson', general: 'negative_binomial1', parameter: 'phi', atEnd: true, location: 'lambda' },
  { simple: 'binomial', general: 'beta_binomial', parameter: 'phi', atEnd: true },
  { simple: 'normal', general: 'student_t', parameter: 'df', atEnd: true },
  { simple: 'exponential', general: 'gamma', parameter: 'shape', atEnd: false },
  { simple: 'exponential', general: 'weibull', parameter: 'shape', atEnd: false },
];

/** Two models seen as of the same family: the parameter that the larger has more is left out of it. */
export interface SeenAlike {
  readonly smaller: BoundModel;
  readonly larger: BoundModel;
  readonly atEnd: boolean;
}

/** Where the family of a is that of b at one value of a parameter that b estimates as a constant [COMPARE-4]; else null. */
export function atLimit(a: BoundModel, b: BoundModel): SeenAlike | null {
  const [la, ...moreOfA] = a.graph.likelihoods;
  const [lb, ...moreOfB] = b.graph.likelihoods;
  if (la === undefined || lb === undefined || moreOfA.length > 0 || moreOfB.length > 0) return null;
  const inA = familiesIn(la.family).map((f) => f.name);
  const inB = familiesIn(lb.family).map((f) => f.name);
  if (lb.family.name === 'zero_inflated' && lb.family.base !== null && inA.join() === inB.slice(1).join()) {
    const larger = without(b, 'zi', lb.family.base);
    return larger === null ? null : { smaller: a, larger, atEnd: true };
  }
  if (inA.length !== inB.length) return null;
  const differing = inA.flatMap((name, k) => (name === inB[k] ? [] : [k]));
  const [k] = differing;
  const limit = limits.find((l) => differing.length === 1 && l.simple === inA[k] && l.general === inB[k]);
  if (limit === undefined) return null;
  const larger = without(b, limit.parameter, lb.family);
  if (larger === null) return null;
  const rename = (name: string): string => (name === limit.location ? 'mu' : name);
  const renamed = (node: FamilyNode): FamilyNode => ({
    ...node,
    name: node.name === limit.simple ? limit.general : node.name,
    base: node.base === null ? null : renamed(node.base),
    arguments: node.arguments.map((x) => ({ ...x, name: rename(x.name) })),
  });
  const smaller: BoundModel = {
    graph: { ...a.graph, likelihoods: [{ ...la, family: renamed(la.family) }] },
    design: { ...a.design, predictors: a.design.predictors.map((p) => ({ ...p, parameter: rename(p.parameter) })) },
  };
  return { smaller, larger, atEnd: limit.atEnd };
}

/** A model without one of its parameters, which must be a constant that is estimated; null where it is not. */
function without({ graph, design }: BoundModel, parameter: string, family: FamilyNode): BoundModel | null {
  const [likelihood] = graph.likelihoods;
  const own = design.predictors.find((p) => p.parameter === parameter);
  if (own === undefined || !own.constant || own.random.length > 0 || own.offset !== null) return null;
  const held = heldCoefficients(graph, design);
  if (Array.from(own.columns).some((c) => held.has(c))) return null;
  return {
    graph: { ...graph, likelihoods: [{ ...likelihood, family }] },
    design: { ...design, predictors: design.predictors.filter((p) => p !== own) },
  };
}
