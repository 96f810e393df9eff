import type { Span } from '../diagnostics/span.js';
import type { FamilyName } from '../families/family.js';
import { families } from '../families/index.js';
import type {
  Expr,
  FixNode,
  LikelihoodNode,
  ModelGraph,
  NodeId,
  PredictorNode,
  RandomEffectNode,
} from '../graph/model-graph.js';
import { isConstant, predictorsOf, referencesIn } from '../graph/walk-graph.js';

/** Where a model uses a feature, and how a message calls it there. */
export interface Use {
  readonly at: Span;
  readonly what: string;
}

/**
 * Everything about a model that an engine may or may not be able to compute, each with the places where a model uses
 * it. `capabilities.ts` says which engine can do which.
 */
export const featureFinders = {
  /** A response that is not normal. */
  otherFamily: (g) =>
    eachLikelihood(g, (l) => (l.family.name === 'normal' ? [] : [use(l.family.origin, `the family ${l.family.name}`)])),
  /** A normal response whose mean has another link than the identity. */
  meanLink: (g) =>
    locations(g).flatMap((p) =>
      isNormalMean(g, p) && p.link !== 'identity' ? [use(p.origin, `the ${p.link} link of ${p.parameter}`)] : [],
    ),
  /** Random effects on anything but the mean. */
  randomScale: (g) =>
    others(g).flatMap((p) => (p.randomEffects.length > 0 ? [use(p.origin, `a random effect on ${p.parameter}`)] : [])),
  /** A predictor with fixed effects on sigma or another parameter that is not the mean. */
  scalePredictor: (g) =>
    others(g).flatMap((p) => (isConstant(p) ? [] : [use(p.origin, `the predictor of ${p.parameter}`)])),
  /** A named part with the same coefficients in several predictors. */
  sharedParts: (g) =>
    g.parts.flatMap((part) =>
      g.predictors.filter((p) => p.parts.includes(part.id)).length > 1
        ? [use(part.origin, `${part.name}, shared by several predictors`)]
        : [],
    ),
  /** A prior or penalty about a predictor of sigma or of another parameter that is not the mean. */
  scalePriors: (g) => {
    const varying = others(g).filter((p) => !isConstant(p));
    const isAbout = (...expressions: Expr[]) =>
      expressions
        .flatMap(referencesIn)
        .some((r) => 'predictors' in r && varying.some((p) => r.predictors.includes(p.id)));
    return [
      ...g.priors.flatMap((p) =>
        isAbout(p.left, ...p.args.map((a) => a.value)) ? [use(p.origin, `the prior ${p.text}`)] : [],
      ),
      ...g.penalties.flatMap((p) => (isAbout(p.value) ? [use(p.origin, 'the penalty')] : [])),
    ];
  },
  /** `normal(mu, se)`. */
  knownScale: (g) =>
    eachLikelihood(g, (l) =>
      l.family.arguments.flatMap((a) =>
        a.kind === 'data' && isParameter(l, a.name) ? [use(l.family.origin, `the known ${a.name}`)] : [],
      ),
    ),
  correlatedErrors: (g) =>
    eachLikelihood(g, (l) => (l.correlation === null ? [] : [use(l.correlation.origin, 'correlated errors')])),
  priors: (g) => g.priors.map((p) => use(p.origin, `the prior ${p.text}`)),
  penalties: (g) => g.penalties.map((p) => use(p.origin, 'the penalty')),
  fixedSigma: (g) => g.fixes.flatMap((f) => (isSigma(f.left) ? [use(f.origin, f.text)] : [])),
  /** `fix shape = 1`, `fix beta[x] = 0`. */
  otherFixes: (g) => g.fixes.flatMap((f) => (isSigma(f.left) || fixesMore(f.left) ? [] : [use(f.origin, f.text)])),
  /** `fix sd(g) = 1`; the one correlation of a block held at a value. */
  sdFixes: (g) => g.fixes.flatMap((f) => (holdsCovariance(g, f) ? [use(f.origin, f.text)] : [])),
  /** `fix cov(g) = ...`, one value for several correlations that is not zero; thresholds and class probabilities. */
  covarianceFixes: (g) =>
    g.fixes.flatMap((f) =>
      fixesMore(f.left) && !holdsCovariance(g, f) && !isDiagonal(g, f) ? [use(f.origin, f.text)] : [],
    ),
  sumToZero: (g) => g.randomEffects.flatMap((e) => (e.constraint === null ? [] : [use(e.origin, 'sum_to_zero')])),
  mixturePerRow: (g) =>
    g.mixture !== null && g.mixture.per === null ? [use(g.mixture.origin, 'a mixture per row')] : [],
  mixturePerGroup: (g) => (g.mixture?.per ? [use(g.mixture.origin, `a mixture per ${g.mixture.per.label}`)] : []),
  labels: (g) => (g.mixture?.labels ? [use(g.mixture.origin, 'labels of known classes')] : []),
  manyPoints: (g) => (g.method?.name === 'agq' ? agqUses(g) : []),
  noRandomEffects: (g) => (g.randomEffects.length === 0 ? [use(g.origin, 'a model without random effects')] : []),
} satisfies Record<string, (graph: ModelGraph) => Use[]>;

export type Feature = keyof typeof featureFinders;

function use(at: Span, what: string): Use {
  return { at, what };
}

function eachLikelihood(g: ModelGraph, find: (l: LikelihoodNode) => Use[]): Use[] {
  return g.likelihoods.flatMap(find);
}

function locations(g: ModelGraph): PredictorNode[] {
  return g.likelihoods.flatMap((l) => predictorsOf(g, l).filter((p) => isLocation(l, p)));
}

/** Predictors of scales, shapes and probabilities; those of class probabilities are the mixture's. */
function others(g: ModelGraph): PredictorNode[] {
  const found = g.likelihoods.flatMap((l) => predictorsOf(g, l).filter((p) => !isLocation(l, p)));
  return [...new Set(found)];
}

function isLocation(l: LikelihoodNode, p: PredictorNode): boolean {
  for (let f: LikelihoodNode['family'] | null = l.family; f !== null; f = f.base) {
    const parameter = families[f.name as FamilyName].parameters.find((q) => q.name === p.parameter);
    if (parameter !== undefined) return parameter.role === 'location';
  }
  return false;
}

function isNormalMean(g: ModelGraph, p: PredictorNode): boolean {
  return g.likelihoods.some((l) => l.family.name === 'normal' && predictorsOf(g, l).includes(p));
}

function isParameter(l: LikelihoodNode, name: string): boolean {
  return families[l.family.name as FamilyName].parameters.some((p) => p.name === name);
}

/** Whether it names anything but coefficients and scalar parameters. */
function fixesMore(left: ModelGraph['fixes'][number]['left']): boolean {
  return referencesIn(left).some((r) => r.kind !== 'coefficients' && r.kind !== 'scalar');
}

/** `fix cor(g) = 0` has made the block's structure diagonal already. */
function isDiagonal(g: ModelGraph, { left }: FixNode): boolean {
  return left.kind === 'parameter' && left.ref.kind === 'cor' && effectOf(g, left.ref.effect)?.covariance === 'diag';
}

/** Whether it holds standard deviations, or a correlation that is a parameter by itself. */
function holdsCovariance(g: ModelGraph, { left }: FixNode): boolean {
  const refs = referencesIn(left);
  const [ref] = refs;
  if (refs.length !== 1 || ref === undefined) return false;
  if (ref.kind === 'sd') return true;
  if (ref.kind !== 'cor') return false;
  const effect = effectOf(g, ref.effect);
  if (effect === undefined || effect.covariance === 'diag') return false;
  return effect.covariance !== 'us' || effect.size === 2;
}

function effectOf(g: ModelGraph, id: NodeId): RandomEffectNode | undefined {
  return g.randomEffects.find((e) => e.id === id);
}

function isSigma(left: ModelGraph['fixes'][number]['left']): boolean {
  if (left.kind === 'parameter') return left.ref.kind === 'scalar' && left.ref.name === 'sigma';
  return left.kind === 'binary' && left.operator === '^' && isSigma(left.left);
}

/** Quadrature over more than one grouping factor would be over all of them at once. */
function agqUses(g: ModelGraph): Use[] {
  const groups = new Set(g.randomEffects.map((e) => e.group.label));
  const at = g.method?.origin ?? g.origin;
  if (groups.size > 1) return [use(at, `quadrature over ${[...groups].join(' and ')} at once`)];
  return groups.size === 0 ? [use(at, 'quadrature without random effects')] : [];
}
