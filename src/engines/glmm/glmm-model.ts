import type { Design } from '../../data/design.js';
import { InternalError } from '../../diagnostics/internal-error.js';
import { batchLoop } from '../../families/batch.js';
import type { BatchLoop, BoundFamily } from '../../families/density.js';
import { type RowMixture, rowMixture } from '../../families/row-mixture.js';
import type { ModelGraph, NodeId } from '../../graph/model-graph.js';
import type { LinkName } from '../../links/link.js';
import { type Layout, layOut } from '../lmm/layout.js';
import type { BlockLoad, ModelRows } from '../lmm/model-rows.js';
import { sumToZeroNormals } from '../lmm/sum-to-zero.js';
import type { RowKey } from './equal-rows.js';
import { type FixedPart, fixedColumns } from './fixed-columns.js';
import { holdable } from './held-covariances.js';
import { bindLikelihood, chosenRows, JointPredictors, linkName, type Source } from './joint-predictors.js';
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

/**
 * A generalised linear mixed model bound to data: what an evaluation reads and never changes. An evaluation sums over rows,
 * which are the observations, or fewer where `mergeRows` has put observations together that it cannot tell apart.
 */
export interface GlmmModel {
  readonly rows: number;
  /** Null where the rows are the observations. */
  readonly merged: MergedRows | null;
  readonly y: Float64Array; // observations
  readonly density: BoundFamily; // of an observation
  /** Of a row: the sum of its observations' log densities. */
  readonly batch: BatchLoop;
  /** Set where the model is a mixture per row. */
  readonly mixture: RowMixture | null; // of an observation
  readonly predictors: readonly EnginePredictor[]; // D
  readonly coefficients: number; // P: those of the design, then the gates' constants
  readonly gateConstants: number; // how many of them are gates' constants
  readonly cuts: number; // thresholds
  readonly layout: Layout;
  /** Block of the layout for each used block of the design. */
  readonly blockOf: ReadonlyMap<number, number>;
  readonly loads: RandomLoads;
  /** Level of each row, by block of the layout. */
  readonly codes: readonly Int32Array[];
  /** What the density of an observation depends on besides its predictors. */
  readonly given: readonly RowKey[];
  /** The log densities of some of the observations. */
  chosen(observations: Int32Array): BatchLoop;
  /** q x m, row-major: unit normals of sum-to-zero constraints on u. */
  readonly normals: Float64Array;
  readonly m: number;
}

/** Rows that an evaluation cannot tell apart, put together. */
export interface MergedRows {
  readonly whole: GlmmModel; // whose rows are the observations
  readonly of: Int32Array; // observations: row of each
  readonly first: Int32Array; // rows: first observation of each
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
  const names = sources.map((s) => s.parameter);
  const { knownClass } = design;
  const mixture = graph.mixture === null ? null : rowMixture(bound, gates, knownClass, names);
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

  const chosen = (observations: Int32Array): BatchLoop => {
    const parts = bound.map((likelihood) => chosenRows(likelihood, observations));
    const known = knownClass === null ? null : observations.map((i) => knownClass[i]);
    const own = mixture === null ? parts[0].bound : rowMixture(parts, gates, known, names);
    return batchLoop(
      own,
      Float64Array.from(observations, (i) => y[i]),
    );
  };
  const given = bound.flatMap(({ binding }) => [
    binding.y,
    ...binding.data.values(),
    ...(binding.weights === null ? [] : [binding.weights]),
  ]);

  return {
    rows,
    merged: null,
    y,
    density,
    given: [...new Set(given), ...(knownClass === null ? [] : [knownClass])].map((values) => ({ values, step: 1 })),
    chosen,
    batch: batchLoop(density, y),
    mixture,
    predictors,
    coefficients: design.coefficients.length + joint.gateConstants,
    gateConstants: joint.gateConstants,
    cuts: thresholds,
    ...(same === undefined ? effectsOf(graph, sources, design) : pickEffects(same)),
  };
}

type Effects = Pick<GlmmModel, 'layout' | 'blockOf' | 'loads' | 'codes' | 'normals' | 'm'>;

function pickEffects({ layout, blockOf, loads, codes, normals, m }: GlmmModel): Effects {
  return { layout, blockOf, loads, codes, normals, m };
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
    codes: layout.blocks.map(({ block }) => block.group.codes),
    normals,
    m: q === 0 ? 0 : normals.length / q,
  };
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
