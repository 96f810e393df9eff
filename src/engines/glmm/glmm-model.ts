import type { Design, LikelihoodDesign, PredictorDesign } from '../../data/design.js';
import { InternalError } from '../../diagnostics/internal-error.js';
import { batchLoop } from '../../families/batch.js';
import { bindFamily } from '../../families/bind-family.js';
import type { BatchLoop, BoundFamily } from '../../families/density.js';
import { type FamilyName, familyNames } from '../../families/family.js';
import { type RowMixture, rowMixture } from '../../families/row-mixture.js';
import type { FamilyNode, LikelihoodNode, ModelGraph, NodeId } from '../../graph/model-graph.js';
import { familiesIn } from '../../graph/walk-graph.js';
import { type LinkName, linkNames } from '../../links/link.js';
import { type Layout, layOut } from '../lmm/layout.js';
import type { BlockLoad, ModelRows } from '../lmm/model-rows.js';
import { sumToZeroNormals } from '../lmm/sum-to-zero.js';
import { type FixedPart, fixedColumns } from './fixed-columns.js';
import { holdable } from './held-covariances.js';
import { type RandomLoads, randomLoads } from './random-loads.js';

/** One linear predictor of the joint density of a row. */
export interface EnginePredictor {
  readonly id: NodeId | null; // null: a threshold, or a gate that nobody wrote
  readonly parameter: string;
  readonly class: string | null;
  readonly link: LinkName;
  readonly constant: boolean;
  readonly fixed: FixedPart;
}

/** A generalised linear mixed model bound to data: what an evaluation reads and never changes. */
export interface GlmmModel {
  readonly rows: number;
  readonly y: Float64Array;
  readonly density: BoundFamily;
  readonly batch: BatchLoop;
  /** Set where the model is a mixture per row. */
  readonly mixture: RowMixture | null;
  readonly predictors: readonly EnginePredictor[]; // D
  readonly coefficients: number; // P: those of the design, then the gates' constants
  readonly gateConstants: number; // how many of them are gates' constants
  readonly cuts: number; // thresholds
  readonly layout: Layout;
  /** Block of the layout for each used block of the design. */
  readonly blockOf: ReadonlyMap<number, number>;
  readonly loads: RandomLoads;
  /** q x m, row-major: unit normals of sum-to-zero constraints on u. */
  readonly normals: Float64Array;
  readonly m: number;
}

/**
 * Binds a graph's likelihoods to their families and lays the design out for the engine.
 * @param held  coefficients that are not estimated: their predictors keep the units they came in
 * @param same  the model of a design that differs in the response only: what does not depend on it is taken from there
 */
export function glmmModel(
  graph: ModelGraph,
  design: Design,
  held: ReadonlySet<number> = new Set(),
  same?: GlmmModel,
): GlmmModel {
  const { rows } = design;
  const joint = new JointPredictors(design);
  const bound = graph.likelihoods.map((node, k) => bindLikelihood(node, design.likelihoods[k], design, joint));
  const gates = joint.addGates(graph);
  const { predictors: sources } = joint;
  const mixture =
    graph.mixture === null
      ? null
      : rowMixture(
          bound,
          gates,
          design.knownClass,
          sources.map((s) => s.parameter),
        );
  const density = mixture ?? bound[0].bound;
  const thresholds = density.thresholds === null ? 0 : (design.likelihoods[0].categories?.length ?? 1) - 1;
  const y = design.likelihoods[0].y;

  const users = new Map<number, number>();
  for (const s of sources) for (const c of s.design?.columns ?? []) users.set(c, (users.get(c) ?? 0) + 1);
  const predictors = sources.map((s, d): EnginePredictor => {
    const link = linkName(s.design?.link ?? 'identity');
    const common = { id: s.design?.id ?? null, parameter: s.parameter, class: s.design?.class ?? s.class, link };
    if (s.design === null) return { ...common, constant: true, fixed: s.fixed(y, thresholds, rows) };
    if (same !== undefined) return same.predictors[d];
    const alone = s.design.columns.every((c) => users.get(c) === 1 && !held.has(c));
    return { ...common, constant: s.design.constant, fixed: fixedColumns(s.design, rows, alone) };
  });

  return {
    rows,
    y,
    density,
    batch: batchLoop(density, y),
    mixture,
    predictors,
    coefficients: design.coefficients.length + joint.gateConstants,
    gateConstants: joint.gateConstants,
    cuts: thresholds,
    ...(same === undefined ? effectsOf(graph, sources, design) : pickEffects(same)),
  };
}

type Effects = Pick<GlmmModel, 'layout' | 'blockOf' | 'loads' | 'normals' | 'm'>;

function pickEffects({ layout, blockOf, loads, normals, m }: GlmmModel): Effects {
  return { layout, blockOf, loads, normals, m };
}

/** The random effects that the predictors use: their layout, and how the rows load on them. */
function effectsOf(graph: ModelGraph, sources: readonly Source[], design: Design): Effects {
  const { rows } = design;
  const uses = sources.map((s) => s.design?.random ?? []);
  const used = [...new Set(uses.flatMap((of) => of.map((u) => u.block)))].sort((a, b) => a - b);
  const blockOf = new Map(used.map((b, k) => [b, k]));
  const rowsOfModel: ModelRows = {
    rows,
    fixed: 0,
    X: new Float64Array(0),
    termOf: [],
    y: design.likelihoods[0].y,
    offset: null,
    weights: null,
    blocks: used.map((b) => design.blocks[b]),
    loads: used.map((b) => firstLoad(sources, b, design)),
  };
  const layout = holdable(graph, layOut(rowsOfModel));
  const normals = sumToZeroNormals(rowsOfModel, layout);
  const q = layout.pattern.rowStart[layout.pattern.nodes];
  return {
    layout,
    blockOf,
    loads: randomLoads(uses, blockOf, layout, rows),
    normals,
    m: q === 0 ? 0 : normals.length / q,
  };
}

interface Source {
  readonly parameter: string;
  readonly class: string | null;
  readonly design: PredictorDesign | null;
  /** Of what has no predictor in the design. */
  fixed(y: Float64Array, thresholds: number, rows: number): FixedPart;
}

/** The predictors of all likelihoods, each once, in the order in which densities name them. */
class JointPredictors {
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

function bindLikelihood(
  node: LikelihoodNode,
  likelihood: LikelihoodDesign,
  design: Design,
  joint: JointPredictors,
): { bound: BoundFamily; places: number[] } {
  const chain = familiesIn(node.family);
  const links = new Map<string, LinkName>();
  const idOf = new Map<string, NodeId>();
  let link: LinkName | null = null;
  for (const family of chain) {
    for (const argument of family.arguments) {
      if (argument.kind === 'link') link = linkName(argument.link);
      if (argument.kind !== 'predictor') continue;
      const predictor = design.predictors.find((p) => p.id === argument.predictor);
      if (predictor === undefined) throw new InternalError('the design lacks a predictor', argument.predictor);
      links.set(argument.name, linkName(predictor.link));
      idOf.set(argument.name, predictor.id);
    }
  }
  const bound = bindFamily(chain.map(familyName), {
    rows: design.rows,
    y: likelihood.y,
    data: likelihood.data,
    links,
    weights: likelihood.weights,
    link,
    categories: likelihood.categories?.length ?? 0,
  });
  const places = bound.predictors.map((name) => {
    const id = idOf.get(name);
    if (id !== undefined) return joint.place(id);
    if (name !== 'upper' && name !== 'lower') throw new InternalError('glmm: a density without a predictor', name);
    return joint.threshold(name);
  });
  return { bound, places };
}

function familyName(family: FamilyNode): FamilyName {
  const name = familyNames.find((known): known is FamilyName => known === family.name);
  if (name === undefined) throw new InternalError('a family that is not in the registry', family.name);
  return name;
}

function linkName(name: string): LinkName {
  const found = linkNames.find((known): known is LinkName => known === name);
  if (found === undefined) throw new InternalError('a link that is not in the registry', name);
  return found;
}

/** How the first predictor that uses a block loads on it; the block's units are chosen by it. */
function firstLoad(sources: readonly Source[], block: number, design: Design): BlockLoad {
  for (const { design: predictor } of sources) {
    const use = predictor?.random.find((u) => u.block === block);
    if (use === undefined) continue;
    if (use.z.kind === 'indicator') return { kind: 'indicator', column: use.z.column, multiple: 1 };
    return { kind: 'dense', size: design.blocks[block].terms.length, values: use.z.values };
  }
  throw new InternalError('glmm: a block that no predictor uses', block);
}
