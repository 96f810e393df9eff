import type { Expr, ModelGraph, ParameterRef, PenaltyNode, PriorNode } from '../graph/model-graph.js';
import { referencesIn } from '../graph/walk-graph.js';
import { constantNumber, type Degree, degreeOf } from './homogeneity.js';
import type { PriorName } from './prior.js';

/**
 * How a prior or a penalty enters a fit.
 *   none           infinitely wide: nothing at all
 *   decomposition  normal prior of coefficients with an sd proportional to sigma: rows of the decomposition
 *   eigen          normal prior of coefficients on the absolute scale: eigenvalues once per theta, sigma searched
 *   sigma          powers of sigma times functions of theta: terms of h(sigma), profiled in closed form
 *   theta          a function of relative covariance parameters, at most with a power of sigma: added to the deviance
 *   search         a function of theta and sigma of no special form: sigma is searched
 *   joint          a function of coefficients: they join the numeric optimizer, and sigma with them
 *   added          engines that profile nothing: added to the objective
 */
export type PriorComputation = 'none' | 'decomposition' | 'eigen' | 'sigma' | 'theta' | 'search' | 'joint' | 'added';

/** A prior as the LMM engine computes it: a pure function of the graph, shown by `mm explain` and followed by the engine. */
export type LmmPrior =
  | { readonly computation: 'none' }
  | ({ readonly computation: 'decomposition' } & NormalPrior)
  | ({ readonly computation: 'eigen' } & NormalPrior)
  | { readonly computation: 'search' }
  | { readonly computation: 'joint' }
  /** T(theta, sigma) = T(theta, 1) + degree * entries * log sigma^2, entries those of the left side (of a matrix, its triangle). */
  | { readonly computation: 'theta'; readonly degree: number }
  | { readonly computation: 'sigma'; readonly powers: SigmaPowers };

export interface NormalPrior {
  /** Affine in the coefficients of the mean; a density for each entry, or one for all of them. */
  readonly left: Expr;
  readonly mean: Expr;
  /** Standard deviation or covariance, with sigma taken out of it. */
  readonly spread: { readonly kind: 'sd' | 'covariance'; readonly value: Expr };
  /** False where the left side is divided by sigma: the density then has no power of sigma in its constant. */
  readonly countsSigma: boolean;
}

/**
 * T(theta, sigma) = T(theta, 1) + logPower log sigma^2 + weight(theta) (sigma^power - 1) for each entry of the left side; of a matrix
 * with d rows the logPower is logPower d + logPowerSquared d^2. The weight is that of the distribution.
 */
export interface SigmaPowers {
  readonly logPower: number;
  readonly logPowerSquared: number;
  /** 0: no such term. */
  readonly power: -2 | -1 | 0 | 1 | 2;
}

const normalLike: ReadonlySet<string> = new Set(['normal', 'multi_normal']);

/** The one decision how the LMM engine computes a prior. */
export function lmmPrior(prior: PriorNode, graph: ModelGraph): LmmPrior {
  if (isFlat(prior)) return { computation: 'none' };
  const about = [prior.left, ...prior.args.map((a) => a.value)].flatMap(referencesIn);
  if (about.some((ref) => isOfMean(ref, graph)))
    return normalLike.has(prior.distribution) ? ofMean(prior, graph) : joint;
  const left = degreeOf(prior.left);
  const degree = homogeneousDegree(prior, left);
  if (degree !== null) return { computation: 'theta', degree };
  const powers = sigmaPowers(prior, left);
  return powers === null ? { computation: 'search' } : { computation: 'sigma', powers };
}

const joint: LmmPrior = { computation: 'joint' };

/** How the LMM engine computes a penalty. */
export function lmmPenalty(penalty: PenaltyNode, graph: ModelGraph): 'theta' | 'search' | 'joint' {
  if (referencesIn(penalty.value).some((ref) => isOfMean(ref, graph))) return 'joint';
  const degree = degreeOf(penalty.value);
  return degree === 0 || degree === 'any' ? 'theta' : 'search';
}

/**
 * The priors and penalties that keep beta from being integrated out: with them a model is fitted by maximum likelihood. Their
 * statements, in the order of the graph.
 */
export function beyondReml(graph: ModelGraph): (PriorNode | PenaltyNode)[] {
  return [
    ...graph.priors.filter((p) => lmmPrior(p, graph).computation === 'joint'),
    ...graph.penalties.filter((p) => lmmPenalty(p, graph) === 'joint'),
  ];
}

/** The method of a model that goes to the LMM engine: what it says, or REML where beta can be integrated out. */
export function lmmMethod(graph: ModelGraph): 'reml' | 'ml' {
  if (graph.method !== null) return graph.method.name === 'ml' ? 'ml' : 'reml';
  return beyondReml(graph).length > 0 ? 'ml' : 'reml';
}

/** Coefficients of the mean, or the mean itself where it is one number. */
export function isOfMean(ref: ParameterRef, graph: ModelGraph): boolean {
  if (ref.kind !== 'coefficients' && ref.kind !== 'scalar') return false;
  return ref.predictors.some((id) => graph.predictors.find((p) => p.id === id)?.parameter === 'mu');
}

/** An infinite scale: no prior. */
function isFlat(prior: PriorNode): boolean {
  const wide = prior.args.find((a) => a.name === 'sd' || a.name === 'scale' || a.name === 'cov');
  if (wide === undefined || constantNumber(wide.value) !== Number.POSITIVE_INFINITY) return false;
  return prior.distribution !== 'wishart'; // whose improper limit keeps the power of the determinant
}

// ── coefficients of the mean ────────────────────────────────────────────────────────────────────────────────────────

function ofMean(prior: PriorNode, graph: ModelGraph): LmmPrior {
  const stripped = withoutSigma(prior.left);
  const left = stripped ?? prior.left;
  const mean = argument(prior, 'mean');
  const value = argument(prior, prior.distribution === 'normal' ? 'sd' : 'cov');
  if (mean === undefined || value === undefined || !isAffineInMean(left, graph) || !isNumeric(mean)) return joint;
  const isSd = prior.distribution === 'normal';
  const degree = degreeOf(value);
  if (typeof degree !== 'number') return joint;
  const spread = { kind: isSd ? ('sd' as const) : ('covariance' as const), value };
  if (stripped !== null) {
    // density of beta / sigma: with a mean of zero the same rows as with sd * sigma, but for the constant
    const centred = degree === 0 && degreeOf(mean) === 'any';
    return centred ? { computation: 'decomposition', left, mean, spread, countsSigma: false } : joint;
  }
  const unit = isSd ? 1 : 2;
  if (degree !== 0 && degree !== unit) return joint;
  return { computation: degree === 0 ? 'eigen' : 'decomposition', left, mean, spread, countsSigma: true };
}

function argument(prior: PriorNode, name: string): Expr | undefined {
  return prior.args.find((a) => a.name === name)?.value;
}

/** x where the expression is x / sigma. */
function withoutSigma(e: Expr): Expr | null {
  if (e.kind !== 'binary' || e.operator !== '/' || e.right.kind !== 'parameter') return null;
  return e.right.ref.kind === 'scalar' && e.right.ref.name === 'sigma' ? e.left : null;
}

/** Affine in the coefficients of the mean, with constants for all else. */
export function isAffineInMean(e: Expr, graph: ModelGraph): boolean {
  switch (e.kind) {
    case 'parameter':
      return isOfMean(e.ref, graph);
    case 'unary':
      return e.operator !== 'not' && isAffineInMean(e.operand, graph);
    case 'binary': {
      const [a, b] = [constantNumber(e.left), constantNumber(e.right)];
      if (e.operator === '+' || e.operator === '-')
        return (a !== null || isAffineInMean(e.left, graph)) && (b !== null || isAffineInMean(e.right, graph));
      if (e.operator === '*')
        return (a !== null && isAffineInMean(e.right, graph)) || (b !== null && isAffineInMean(e.left, graph));
      return e.operator === '/' && b !== null && isAffineInMean(e.left, graph);
    }
    case 'list':
      return e.items.every((item) => isAffineInMean(item, graph));
    case 'call':
      return (e.name === 'sum' || e.name === 'mean') && e.args.every((a) => isAffineInMean(a.value, graph));
    default:
      return false;
  }
}

function isNumeric(e: Expr): boolean {
  return e.kind === 'list' ? e.items.every(isNumeric) : Number.isFinite(constantNumber(e) ?? Number.NaN);
}

// ── covariance parameters and sigma ─────────────────────────────────────────────────────────────────────────────────

/** What each argument of a distribution must carry for the density of x to be that of x / sigma^k times sigma^-k. */
const argumentDegree: Readonly<Record<PriorName, Readonly<Record<string, -1 | 0 | 1 | 2>> | null>> = {
  normal: { mean: 1, sd: 1 },
  student_t: { df: 0, location: 1, scale: 1 },
  cauchy: { location: 1, scale: 1 },
  laplace: { location: 1, scale: 1 },
  horseshoe: { scale: 1 },
  half_normal: { location: 1, scale: 1, mean: 1, sd: 1 },
  half_t: { df: 0, location: 1, scale: 1 },
  half_cauchy: { location: 1, scale: 1 },
  gamma: { shape: 0, rate: -1 },
  inverse_gamma: { shape: 0, scale: 1 },
  exponential: { rate: -1 },
  lognormal: null,
  uniform: { lower: 1, upper: 1 },
  beta: null,
  multi_normal: { mean: 1, cov: 2 },
  multi_student_t: { df: 0, location: 1, scale: 2 },
  wishart: { df: 0, scale: 1 },
  inverse_wishart: { df: 0, scale: 1 },
  lkj: { eta: 0 },
  dirichlet: null,
};

/** k where the term is T(theta, 1) + k log sigma^2 for each entry; 0 where sigma does not enter at all. */
function homogeneousDegree(prior: PriorNode, left: Degree): number | null {
  if (typeof left !== 'number') return null;
  const fits = (value: Expr, needed: number) => {
    const degree = degreeOf(value);
    return degree === 'any' || degree === needed;
  };
  if (left === 0) return prior.args.every((a) => fits(a.value, 0)) ? 0 : null;
  const needed = argumentDegree[prior.distribution as PriorName];
  // an improper density has no constant, and so no power of sigma there
  if (needed === null || isImproper(prior)) return null;
  return prior.args.every((a) => fits(a.value, (needed[a.name] ?? Number.NaN) * left)) ? left : null;
}

function sigmaPowers(prior: PriorNode, left: Degree): SigmaPowers | null {
  if (typeof left !== 'number' || !isMonomial(prior.left)) return null;
  const number = (name: string) => {
    const value = argument(prior, name);
    return value === undefined ? Number.NaN : (constantNumber(value) ?? Number.NaN);
  };
  const constantArguments = prior.args.every((a) => typeof degreeOf(a.value) !== 'number' || degreeOf(a.value) === 0);
  if (!constantArguments) return null;
  const entry = (logPower: number, power: number): SigmaPowers | null =>
    Number.isFinite(logPower) && isSmallPower(power) ? { logPower, logPowerSquared: 0, power } : null;
  switch (prior.distribution as PriorName) {
    case 'gamma':
      return entry(-(number('shape') - 1) * left, number('rate') === 0 ? 0 : left);
    case 'inverse_gamma':
      return entry((number('shape') + 1) * left, number('scale') === 0 ? 0 : -left);
    case 'exponential':
      return entry(0, left);
    case 'normal':
    case 'half_normal':
      return number('mean') === 0 || number('location') === 0 ? entry(0, 2 * left) : null;
    case 'wishart': {
      const df = number('df');
      const power = number('scale') === Number.POSITIVE_INFINITY ? 0 : left;
      if (!Number.isFinite(df) || !isSmallPower(power)) return null;
      return { logPower: (-(df - 1) * left) / 2, logPowerSquared: left / 2, power };
    }
    case 'inverse_wishart': {
      const df = number('df');
      const power = number('scale') === 0 ? 0 : -left;
      if (!Number.isFinite(df) || !isSmallPower(power)) return null;
      return { logPower: ((df + 1) * left) / 2, logPowerSquared: left / 2, power };
    }
    default:
      return null;
  }
}

function isSmallPower(power: number): power is SigmaPowers['power'] {
  return power === -2 || power === -1 || power === 0 || power === 1 || power === 2;
}

/** Parameters, numbers, products, quotients and powers: a constant and powers of the entries, no sums. */
function isMonomial(e: Expr): boolean {
  switch (e.kind) {
    case 'number':
    case 'parameter':
      return true;
    case 'binary':
      return ['*', '/', '^'].includes(e.operator) && isMonomial(e.left) && isMonomial(e.right);
    case 'call':
      return e.name === 'sqrt' && e.args.every((a) => isMonomial(a.value));
    default:
      return false;
  }
}

/** No density that integrates to one: an infinite scale, a rate of zero. */
export function isImproper(prior: PriorNode): boolean {
  return prior.args.some(({ name, value }) => {
    const number = constantNumber(value);
    const scaleLike = name === 'rate' || name === 'scale' || name === 'sd' || name === 'cov';
    return scaleLike && (number === 0 || number === Number.POSITIVE_INFINITY);
  });
}
