import type { Expr, ParameterRef, PriorNode } from '../graph/model-graph.js';
import { expressionsIn, referencesIn } from '../graph/walk-graph.js';
import type { PriorName } from './prior.js';

/** The left side of a prior taken apart: (reference^power, maybe its symmetric root) / sigma^relative. */
export interface PriorQuantity {
  readonly ref: ParameterRef;
  readonly power: number;
  readonly root: boolean;
  readonly relative: number;
}

/** Null where the left side is a list or any other expression. */
export function priorQuantity(left: Expr): PriorQuantity | null {
  switch (left.kind) {
    case 'parameter':
      return { ref: left.ref, power: 1, root: false, relative: 0 };
    case 'binary': {
      if (left.operator === '^' && left.right.kind === 'number') {
        const inner = priorQuantity(left.left);
        const by = left.right.value;
        return inner === null ? null : { ...inner, power: inner.power * by, relative: inner.relative * by };
      }
      if (left.operator !== '/') return null;
      const inner = priorQuantity(left.left);
      const below = priorQuantity(left.right);
      if (inner === null || below === null || below.ref.kind !== 'scalar' || below.ref.name !== 'sigma') return null;
      return { ...inner, relative: inner.relative + below.power };
    }
    case 'call': {
      const only = left.args.length === 1 ? left.args[0] : undefined;
      const inner = left.name === 'sqrt' && only !== undefined ? priorQuantity(only.value) : null;
      if (inner === null) return null;
      if (inner.ref.kind === 'cov') return inner.root ? null : { ...inner, root: true };
      return { ...inner, power: inner.power / 2, relative: inner.relative / 2 };
    }
    default:
      return null;
  }
}

/**
 * How a prior enters a fit.
 *   decomposition  normal prior of coefficients with a scale proportional to sigma: rows of the decomposition
 *   eigen          normal prior of coefficients on the absolute scale: eigenvalues once per theta, sigma searched
 *   sigma          powers of sigma only: terms of h(sigma), profiled in closed form [engines: the LMM]
 *   theta          a function of relative covariance parameters alone: added to the deviance
 *   joint          anything else: sigma, or the coefficients, join the numeric optimizer
 *   added          engines that profile nothing: added to the objective
 */
export type PriorComputation = 'decomposition' | 'eigen' | 'sigma' | 'theta' | 'joint' | 'added';

/** The one decision how the LMM engine computes a prior; the other engines profile nothing and add all of them. */
export function lmmPriorComputation(prior: PriorNode): PriorComputation {
  const name = prior.distribution as PriorName;
  const quantity = priorQuantity(prior.left);
  const coefficients = referencesIn(prior.left).every((ref) => ref.kind === 'coefficients');
  if (coefficients && (quantity?.power === 1 || prior.left.kind === 'list')) {
    if (name !== 'normal' && name !== 'multi_normal') return 'joint';
    if (quantity !== null && quantity.relative !== 0) return 'joint';
    return prior.scale === 'common' ? 'decomposition' : 'eigen';
  }
  if (quantity === null) return 'joint';
  const { ref, power, relative, root } = quantity;
  if (ref.kind === 'scalar') {
    const closed = (name === 'gamma' || name === 'inverse_gamma') && (power === 1 || power === 2);
    return ref.name === 'sigma' && relative === 0 && (closed || (name === 'exponential' && power <= 2))
      ? 'sigma'
      : 'joint';
  }
  if (ref.kind === 'cor') return 'theta';
  const unit = ref.kind === 'cov' ? (root ? 1 : 2) : power;
  if (relative === unit) return 'theta';
  if (ref.kind === 'cov' && relative === 0) {
    // An improper Wishart is a power of the determinant whatever the scale.
    return name === 'wishart' || name === 'inverse_wishart' ? 'sigma' : 'joint';
  }
  const powers = name === 'gamma' || name === 'inverse_gamma' || (name === 'exponential' && power <= 2);
  return ref.kind === 'sd' && relative === 0 && powers && (power === 1 || power === 2) ? 'sigma' : 'joint';
}

const inWords: Readonly<Record<PriorComputation, string>> = {
  decomposition: 'enters the decomposition as rows of its own; sigma profiled in closed form',
  eigen: 'one eigen-decomposition for each theta; sigma profiled by a safe one-dimensional search',
  sigma: 'powers of sigma: profiled in closed form',
  theta: 'enters the optimizer: added to the deviance',
  joint: 'enters the optimizer, and what it is about is optimized with it',
  added: 'enters the optimizer: added to the objective',
};

/** What `mm explain` says of a prior: which density it is and how it is computed. */
export function describePrior(prior: PriorNode, engine: 'lmm' | 'glmm' | 'em', leftText: string): string {
  const computation = engine === 'lmm' ? lmmPriorComputation(prior) : 'added';
  const improper = isImproper(prior) ? '; improper, constants left out' : '';
  return `density of ${leftText}, no Jacobian${improper}; ${inWords[computation]}`;
}

function isImproper(prior: PriorNode): boolean {
  return prior.args.some(({ name, value }) => {
    const infinite = expressionsIn(value).some((e) => e.kind === 'infinity');
    const zero = value.kind === 'number' && value.value === 0;
    const scaleLike = name === 'rate' || name === 'scale' || name === 'sd' || name === 'cov';
    return scaleLike && (infinite || zero);
  });
}
