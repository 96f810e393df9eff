import type { Design, PredictorDesign } from '../../../data/design.js';
import type { Expr, ModelGraph, PenaltyNode, PriorNode } from '../../../graph/model-graph.js';
import { referencesIn } from '../../../graph/walk-graph.js';
import { isOfMean, type LmmPrior, lmmPenalty, lmmPrior } from '../../../priors/lmm-prior.js';
import { compilePenalty, compilePrior, type ObjectiveTerm } from '../../../priors/prior-term.js';
import type { CrossProducts } from '../cross-products.js';
import type { Layout } from '../layout.js';
import { type Centre, centresOf } from './centres.js';
import { type KinkTerm, kinkTerm } from './kinks.js';
import { type MultiplierTerm, multiplierTerm } from './multiplier-term.js';
import { type NormalRows, normalRows, type RowPrior, type RowSource } from './normal-rows.js';
import { LmmQuantities } from './quantities.js';

/** Where a model's priors and penalties come from, and what their names mean. */
export interface PriorSource {
  readonly graph: ModelGraph;
  readonly design: Design;
  readonly location: PredictorDesign;
}

type TermPrior = Exclude<LmmPrior, RowPrior | { computation: 'none' }>;

/** A prior or penalty that is a function of theta and sigma, or of the coefficients as well. */
export interface PriorTerm {
  readonly node: PriorNode | PenaltyNode;
  readonly term: ObjectiveTerm;
  readonly lowered: TermPrior;
  /** Entries of the left side; of a matrix those of its triangle. */
  readonly entries: number;
  /** Rows of a matrix prior's matrix; 0 for others. */
  readonly matrix: number;
}

/** The priors of a fit with their storage [LMM-PRIOR-1]. What is below the line belongs to the latest theta. */
export interface PriorWork {
  readonly quantities: LmmQuantities;
  readonly common: NormalRows | null;
  readonly commonProducts: RowProducts | null;
  readonly absolute: NormalRows | null;
  readonly terms: readonly PriorTerm[];
  /** Priors that need the coefficients; only the joint optimizer has them. */
  readonly joint: readonly PriorTerm[];
  /** Those among them with corners. */
  readonly kinks: readonly KinkTerm[];
  /** Densities with bounds or corners that are no planes in the coefficients. */
  readonly multipliers: readonly MultiplierTerm[];
  /** The user's coefficients' places of heavy-tailed priors: from there, too, the search begins. */
  readonly centres: readonly Centre[];
  /** Statements about coefficients that the design has left out; they count for nothing. */
  readonly idle: readonly (PriorNode | PenaltyNode)[];
  // ────
  /** Eigenvalues of the absolute rows against the decomposition, and the squared distances along the eigenvectors [LMM-PRIOR-4]. */
  readonly eigenvalues: Float64Array; // K
  readonly distances: Float64Array; // K
  readonly values: Float64Array; // quantities
  readonly gradient: Float64Array; // quantities
  readonly scratch: Float64Array; // K x (P + K)
}

/** x'x, x't and t't of the rows on the common scale. */
export interface RowProducts {
  readonly XX: Float64Array; // P x P, column-major
  readonly Xy: Float64Array; // P
  readonly yy: number;
}

/** False where every prior is infinitely wide: the fit is then that without them, to the last digit. */
export function isFelt({ common, absolute, terms, joint, idle }: PriorWork): boolean {
  return common !== null || absolute !== null || terms.length + joint.length + idle.length > 0;
}

export function createPriorWork(source: PriorSource, layout: Layout, products: CrossProducts): PriorWork {
  const { graph } = source;
  const quantities = new LmmQuantities(source.design, source.location, layout);
  const isThere = (e: Expr) =>
    referencesIn(e).every((ref) => !isOfMean(ref, graph) || quantities.placeOf(ref).rows > 0);
  const idle: (PriorNode | PenaltyNode)[] = [];
  const rows: { readonly decomposition: RowSource[]; readonly eigen: RowSource[] } = { decomposition: [], eigen: [] };
  const terms: PriorTerm[] = [];
  const joint: PriorTerm[] = [];
  const kinks: KinkTerm[] = [];
  const centres: Centre[] = [];
  const multipliers: MultiplierTerm[] = [];
  const add = (node: PriorNode, lowered: TermPrior): PriorTerm => {
    const own = priorTerm(node, lowered, quantities);
    const term = multiplierTerm(node, quantities);
    if (term === null) return own;
    multipliers.push(term);
    return { ...own, term };
  };
  const P = products.transform.scale.length;
  for (const node of graph.priors) {
    const lowered = lmmPrior(node, graph);
    if (lowered.computation === 'none') continue;
    if (![node.left, ...node.args.map((a) => a.value)].every(isThere)) idle.push(node);
    else if (lowered.computation === 'decomposition') rows.decomposition.push({ node, lowered });
    else if (lowered.computation === 'eigen') rows.eigen.push({ node, lowered });
    else if (lowered.computation === 'joint') {
      const kink = kinkTerm(node, source, quantities, P);
      if (kink !== null) kinks.push(kink);
      if (kink === null) joint.push(add(node, lowered));
      else joint.push({ ...priorTerm(node, lowered, quantities), term: kink });
      centres.push(...centresOf(node, source, quantities, P));
    } else terms.push(add(node, lowered));
  }
  for (const node of graph.penalties) {
    if (!isThere(node.value)) {
      idle.push(node);
      continue;
    }
    const computation = lmmPenalty(node, graph);
    const term = compilePenalty(node, quantities.length, quantities.placeOf.bind(quantities));
    if (computation === 'theta') terms.push({ node, term, lowered: { computation, degree: 0 }, entries: 1, matrix: 0 });
    else
      (computation === 'joint' ? joint : terms).push({ node, term, lowered: { computation }, entries: 1, matrix: 0 });
  }
  const common = normalRows(rows.decomposition, quantities, products, true);
  const absolute = normalRows(rows.eigen, quantities, products, false);
  const K = absolute?.count ?? 0;
  return {
    quantities,
    common,
    commonProducts: common === null ? null : rowProducts(common, P),
    absolute,
    terms,
    joint,
    kinks,
    multipliers,
    centres,
    idle,
    eigenvalues: new Float64Array(K),
    distances: new Float64Array(K),
    values: new Float64Array(quantities.length),
    gradient: new Float64Array(quantities.length),
    scratch: new Float64Array(K * (P + K)),
  };
}

function priorTerm(node: PriorNode, lowered: TermPrior, quantities: LmmQuantities): PriorTerm {
  const term = compilePrior(node, quantities.length, quantities.placeOf.bind(quantities));
  const shape = quantities.shapeOf(node.left);
  const matrix = shape.columns > 1 ? shape.rows : 0;
  return { node, term, lowered, matrix, entries: matrix > 0 ? (matrix * (matrix + 1)) / 2 : shape.rows };
}

function rowProducts(rows: NormalRows, P: number): RowProducts {
  const XX = new Float64Array(P * P);
  const Xy = new Float64Array(P);
  let yy = 0;
  for (let i = 0; i < rows.count; i++) {
    const t = rows.target[i];
    yy += t * t;
    for (let c = 0; c < P; c++) {
      const v = rows.x[i * P + c];
      Xy[c] += v * t;
      for (let r = 0; r < P; r++) XX[r + c * P] += v * rows.x[i * P + r];
    }
  }
  return { XX, Xy, yy };
}
