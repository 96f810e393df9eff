import type { NewRows } from '../data/design.js';
import { responseNeeds, signatureOf } from '../data/likelihood-design.js';
import { InternalError } from '../diagnostics/internal-error.js';
import { bindFamily } from '../families/bind-family.js';
import type { BoundFamily } from '../families/density.js';
import type { LikelihoodNode, ModelGraph, NodeId } from '../graph/model-graph.js';
import { familiesIn } from '../graph/walk-graph.js';
import { type LinkName, linkNames } from '../links/link.js';
import type { Estimates } from '../results/estimates.js';

/** A likelihood bound to new rows: of the model, or of one class of a mixture. */
export interface Component {
  readonly class: string | null;
  readonly likelihood: number;
  readonly bound: BoundFamily;
  /** Index into `NewRows.predictors` of each predictor of `bound`; -1 for a threshold. */
  readonly places: readonly number[];
  readonly links: readonly (LinkName | null)[];
  /** Which of them is the location. */
  readonly location: number;
  readonly cuts: Float64Array | null;
  /** Data arguments that the new rows lack: what depends on them is NaN. */
  readonly missing: readonly string[];
  readonly isCount: boolean;
  /** A normal response whose mean is the first linear predictor. */
  readonly isNormal: boolean;
}

/** Binds every likelihood of a graph to new rows. */
export function componentsOf(graph: ModelGraph, rows: NewRows, estimates: Estimates): Component[] {
  return graph.likelihoods.map((node, k) => componentOf(node, k, rows, estimates));
}

function componentOf(node: LikelihoodNode, likelihood: number, rows: NewRows, estimates: Estimates): Component {
  const chain = familiesIn(node.family);
  const linkOf = new Map<string, LinkName>();
  const idOf = new Map<string, NodeId>();
  const data = new Map<string, Float64Array>();
  const missing: string[] = [];
  let link: LinkName | null = null;
  for (const argument of chain.flatMap((f) => f.arguments)) {
    if (argument.kind === 'link') link = linkName(argument.link);
    else if (argument.kind === 'number') data.set(argument.name, new Float64Array(rows.rows).fill(argument.value));
    else if (argument.kind === 'data') {
      const values = rows.data[likelihood].get(argument.name);
      if (values === undefined) missing.push(argument.name);
      data.set(argument.name, values ?? new Float64Array(rows.rows).fill(Number.NaN));
    } else {
      const predictor = rows.predictors.find((p) => p.id === argument.predictor);
      if (predictor === undefined) throw new InternalError('prediction: a predictor was not coded', argument.predictor);
      linkOf.set(argument.name, linkName(predictor.link));
      idOf.set(argument.name, predictor.id);
    }
  }
  const cuts = estimates.cuts[likelihood];
  const bound = bindFamily(
    chain.map((f) => signatureOf(f).name),
    {
      rows: rows.rows,
      y: new Float64Array(rows.rows),
      data,
      links: linkOf,
      weights: node.weights === null ? null : (rows.data[likelihood].get('weights') ?? null),
      link,
      categories: cuts === null ? 0 : cuts.length + 1,
    },
  );
  const places = bound.predictors.map((name) => rows.predictors.findIndex((p) => p.id === idOf.get(name)));
  const inner = signatureOf(chain[chain.length - 1]);
  const locationName = inner.parameters.find((p) => p.role === 'location')?.name;
  return {
    class: node.class,
    likelihood,
    bound,
    places,
    links: bound.predictors.map((name) => linkOf.get(name) ?? null),
    location: Math.max(0, bound.predictors.indexOf(locationName ?? '')),
    cuts,
    missing,
    isNormal: node.family.name === 'normal' && linkOf.get('mu') === 'identity',
    isCount: ['count', 'trials', 'binary', 'ordered'].includes(responseNeeds(node.family).kind),
  };
}

function linkName(name: string): LinkName {
  const found = linkNames.find((known) => known === name);
  if (found === undefined) throw new InternalError('a link that is not in the registry', name);
  return found;
}
