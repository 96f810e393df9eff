import type { Design, LikelihoodDesign, PredictorDesign } from '../../data/design.js';
import { InternalError } from '../../diagnostics/internal-error.js';
import { bindFamily, type FamilyChain } from '../../families/bind-family.js';
import type { FamilyBinding } from '../../families/density.js';
import { type FamilyName, familyNames } from '../../families/family.js';
import type { MixtureComponent } from '../../families/row-mixture.js';
import type { FamilyNode, LikelihoodNode, ModelGraph, NodeId } from '../../graph/model-graph.js';
import { familiesIn } from '../../graph/walk-graph.js';
import { type LinkName, linkNames } from '../../links/link.js';
import type { FixedPart } from './fixed-columns.js';

/** A predictor of the joint density, and where its fixed part comes from. */
export interface Source {
  readonly parameter: string;
  readonly class: string | null;
  readonly design: PredictorDesign | null;
  /** Of what has no predictor in the design. */
  fixed(y: Float64Array, thresholds: number, rows: number): FixedPart;
}

/** The predictors of all likelihoods, each once, in the order in which densities name them. */
export class JointPredictors {
  readonly predictors: Source[] = [];
  gateConstants = 0;
  private readonly known = new Map<NodeId, number>();

  constructor(private readonly design: Design) {}

  place(id: NodeId): number {
    const found = this.known.get(id);
    if (found !== undefined) return found;
    const design = this.design.predictors.find((p) => p.id === id);
    if (design === undefined) throw new InternalError('the design lacks a predictor', id);
    const at = this.predictors.length;
    this.known.set(id, at);
    this.predictors.push({ parameter: design.parameter, class: design.class, design, fixed: noColumns });
    return at;
  }

  threshold(side: 'upper' | 'lower'): number {
    const beyond = side === 'upper' ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
    return this.add(side, null, (y, thresholds) => ({
      kind: 'threshold',
      // category k lies between the cuts k - 2 and k - 1, counted from zero
      index: Int32Array.from(y, (v) => (side === 'lower' ? v - 2 : v - 1 < thresholds ? v - 1 : -1)),
      beyond,
    }));
  }

  /** Joint predictor of each class's gate; the baseline's is -1. */
  addGates(graph: ModelGraph): number[] {
    const { mixture } = graph;
    if (mixture === null) return [];
    const { gating, classes } = mixture;
    if (gating.kind === 'softmax') {
      const others = gating.predictors.map((id) => this.place(id));
      return classes.map((name) => {
        if (name === gating.baseline) return -1;
        const at = gating.predictors.findIndex((id) => this.design.predictors.find((p) => p.id === id)?.class === name);
        return others[at >= 0 ? at : classes.filter((c) => c !== gating.baseline).indexOf(name)];
      });
    }
    return classes.map((name, k) => {
      if (k === classes.length - 1) return -1;
      const coefficient = this.design.coefficients.length + this.gateConstants++;
      return this.add('prob', name, () => ({
        kind: 'columns',
        offset: null,
        X: null,
        columns: Int32Array.of(coefficient),
        transform: null,
      }));
    });
  }

  private add(parameter: string, className: string | null, fixed: Source['fixed']): number {
    this.predictors.push({ parameter, class: className, design: null, fixed });
    return this.predictors.length - 1;
  }
}

const noColumns: Source['fixed'] = () => {
  throw new InternalError('glmm: a predictor of the design has its own columns');
};

/** A likelihood's density, the joint predictor of each of its own, and what it was made from. */
export interface BoundLikelihood extends MixtureComponent {
  readonly chain: FamilyChain;
  readonly binding: FamilyBinding;
}

export function bindLikelihood(
  node: LikelihoodNode,
  likelihood: LikelihoodDesign,
  design: Design,
  joint: JointPredictors,
): BoundLikelihood {
  const nodes = familiesIn(node.family);
  const links = new Map<string, LinkName>();
  const idOf = new Map<string, NodeId>();
  let link: LinkName | null = null;
  for (const family of nodes) {
    for (const argument of family.arguments) {
      if (argument.kind === 'link') link = linkName(argument.link);
      if (argument.kind !== 'predictor') continue;
      const predictor = design.predictors.find((p) => p.id === argument.predictor);
      if (predictor === undefined) throw new InternalError('the design lacks a predictor', argument.predictor);
      links.set(argument.name, linkName(predictor.link));
      idOf.set(argument.name, predictor.id);
    }
  }
  const binding: FamilyBinding = {
    rows: design.rows,
    y: likelihood.y,
    data: likelihood.data,
    links,
    weights: likelihood.weights,
    link,
    categories: likelihood.categories?.length ?? 0,
  };
  const chain = nodes.map(familyName);
  const bound = bindFamily(chain, binding);
  const places = bound.predictors.map((name) => {
    const id = idOf.get(name);
    if (id !== undefined) return joint.place(id);
    if (name !== 'upper' && name !== 'lower') throw new InternalError('glmm: a density without a predictor', name);
    return joint.threshold(name);
  });
  return { bound, places, chain, binding };
}

/** The same densities of some of the rows. */
export function chosenRows({ places, chain, binding }: BoundLikelihood, rows: Int32Array): MixtureComponent {
  const pick = (from: Float64Array) => Float64Array.from(rows, (i) => from[i]);
  const { y, data, weights } = binding;
  const bound = bindFamily(chain, {
    ...binding,
    rows: rows.length,
    y: pick(y),
    data: new Map([...data].map(([name, values]) => [name, pick(values)])),
    weights: weights === null ? null : pick(weights),
  });
  return { bound, places };
}

function familyName(family: FamilyNode): FamilyName {
  const name = familyNames.find((known): known is FamilyName => known === family.name);
  if (name === undefined) throw new InternalError('a family that is not in the registry', family.name);
  return name;
}

export function linkName(name: string): LinkName {
  const found = linkNames.find((known): known is LinkName => known === name);
  if (found === undefined) throw new InternalError('a link that is not in the registry', name);
  return found;
}
