import type { Design } from '../data/design.js';
import type { LikelihoodNode, MixtureNode, ModelGraph } from '../graph/model-graph.js';
import { familiesIn, predictorsOf } from '../graph/walk-graph.js';
import type { Fit, FixedEffect } from '../results/fit.js';

/** Gives the classes of a refit the names under which their groups were drawn. */
export type ClassAligner = <F extends ClassedFit>(fit: F, drawn: Int32Array, design: Design) => F;

/** What names classes in a fit. */
export type ClassedFit = Pick<Fit, 'fixef' | 'varcorr' | 'familyParameters' | 'mixture'>;

/** More classes than this are not tried in every order. */
const mostClasses = 7;

/**
 * Classes of the same body may come out of a refit in any order. The drawn classes tell which is which: the order is taken in which the
 * posterior probabilities of the drawn classes are the largest in sum. A model that orders its classes, or knows them, is left as it is.
 */
export function alignedClasses(graph: ModelGraph): ClassAligner {
  const { mixture } = graph;
  if (mixture === null || mixture.order !== null || mixture.labels !== null || mixture.classes.length > mostClasses)
    return (fit) => fit;
  const { classes } = mixture;
  const kinds = classes.map((name) =>
    kindOf(
      graph,
      graph.likelihoods.find((l) => l.class === name),
    ),
  );
  const orders = permutations(classes.length).filter((order) => order.every((from, to) => kinds[from] === kinds[to]));
  return (fit, drawn, design) => {
    if (fit.mixture === null || orders.length < 2) return fit;
    const { probabilities } = fit.mixture.posterior;
    const agreement = classes.map(() => new Float64Array(classes.length)); // drawn class x class of the refit
    const seen = new Set<number>();
    drawn.forEach((k, i) => {
      const unit = design.classGroup === null ? i : design.classGroup.codes[i];
      if (seen.has(unit)) return;
      seen.add(unit);
      for (let l = 0; l < classes.length; l++) agreement[k][l] += probabilities[unit]?.[l] ?? 0;
    });
    const score = (order: readonly number[]) => order.reduce((sum, from, to) => sum + agreement[to][from], 0);
    let best = orders[0];
    for (const order of orders) if (score(order) > score(best)) best = order;
    return best.every((from, to) => from === to) ? fit : renamed(fit, mixture, best);
  };
}

/** @param order  class `order[k]` of the fit is called by the k-th name */
function renamed<F extends ClassedFit>(fit: F, { classes, gating }: MixtureNode, order: readonly number[]): F {
  const name = new Map(order.map((from, to) => [classes[from], classes[to]]));
  const of = (own: string | null): string | null => (own === null ? null : (name.get(own) ?? own));
  const { mixture } = fit;
  return {
    ...fit,
    fixef:
      gating.kind === 'softmax'
        ? againstBaseline(fit.fixef, classes, gating.baseline, order)
        : fit.fixef.map((f) => ({ ...f, class: of(f.class) })),
    varcorr: fit.varcorr.map((v) => ({ ...v, class: of(v.class) })),
    familyParameters: Object.fromEntries(
      Object.entries(fit.familyParameters).map(([key, value]) => {
        const at = key.lastIndexOf('@');
        return [at < 0 ? key : `${key.slice(0, at)}@${of(key.slice(at + 1))}`, value];
      }),
    ),
    mixture: mixture === null ? null : { ...mixture, weights: order.map((from) => mixture.weights[from]) },
  };
}

/** Log odds are against a class, which may have another name now: those of the class that has the baseline's name are taken off. */
function againstBaseline(
  fixef: readonly FixedEffect[],
  classes: readonly string[],
  baseline: string,
  order: readonly number[],
): FixedEffect[] {
  const estimateOf = (name: string, of: string): number =>
    fixef.find((f) => f.predictor === 'prob' && f.name === name && f.class === of)?.estimate ?? 0;
  const now = classes[order[classes.indexOf(baseline)]];
  const called = new Map(order.map((from, to) => [classes[from], classes[to]]));
  const before = new Map(order.map((from, to) => [classes[to], classes[from]]));
  return fixef.map((f) => {
    if (f.class === null) return f;
    if (f.predictor !== 'prob') return { ...f, class: called.get(f.class) ?? f.class };
    const own = before.get(f.class) ?? f.class;
    return { ...f, estimate: estimateOf(f.name, own) - estimateOf(f.name, now) };
  });
}

/** What a class's body says without its name. */
function kindOf(graph: ModelGraph, likelihood: LikelihoodNode | undefined): string {
  if (likelihood === undefined) return '';
  const predictors = predictorsOf(graph, likelihood).map((p) => [
    p.class === null ? p.id : p.parameter,
    p.link,
    p.intercept,
    p.terms.map((t) => t.label),
    p.offsets,
    p.parts,
    p.randomEffects.map((id) => {
      const effect = graph.randomEffects.find((r) => r.id === id);
      return [effect?.group.label, effect?.covariance, effect?.intercept, effect?.terms.map((t) => t.label)];
    }),
  ]);
  const families = familiesIn(likelihood.family).map((f) => [
    f.name,
    f.arguments.filter((a) => a.kind !== 'predictor'),
  ]);
  return JSON.stringify([families, likelihood.weights, predictors]);
}

function permutations(n: number): number[][] {
  if (n === 0) return [[]];
  return permutations(n - 1).flatMap((rest) =>
    Array.from({ length: n }, (_, at) => [...rest.slice(0, at), n - 1, ...rest.slice(at)]),
  );
}
