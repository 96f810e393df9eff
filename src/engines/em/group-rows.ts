import type { Design, Factor, LikelihoodDesign, PredictorDesign, RandomUse } from '../../data/design.js';

/** Rows sorted by the mixture's groups, so that a group's rows stand together. */
export interface GroupRows {
  readonly groups: number;
  readonly start: Int32Array; // groups + 1: first row of each group
  /** Row of the design that stands at each place. */
  readonly order: Int32Array;
  readonly levels: readonly string[];
  readonly label: string;
}

/** Groups keep the order of the factor's levels; within a group the rows keep theirs. */
export function groupRows(factor: Factor): GroupRows {
  const groups = factor.levels.length;
  const { codes } = factor;
  const start = new Int32Array(groups + 1);
  for (let i = 0; i < codes.length; i++) start[codes[i] + 1]++;
  for (let g = 0; g < groups; g++) start[g + 1] += start[g];
  const next = start.slice();
  const order = new Int32Array(codes.length);
  for (let i = 0; i < codes.length; i++) order[next[codes[i]]++] = i;
  return { groups, start, order, levels: factor.levels, label: factor.label };
}

/** The design with its rows in another order; what is not by row is shared with the original. */
export function reorderRows(design: Design, order: Int32Array): Design {
  if (order.every((from, to) => from === to)) return design;
  const n = order.length;
  const numbers = (v: Float64Array): Float64Array => Float64Array.from(order, (i) => v[i]);
  const codes = (v: Int32Array): Int32Array => v.map((_, to) => v[order[to]]);
  const factor = (f: Factor): Factor => ({ ...f, codes: codes(f.codes) });
  const likelihood = (l: LikelihoodDesign): LikelihoodDesign => ({
    ...l,
    y: numbers(l.y),
    data: new Map(Array.from(l.data, ([name, v]) => [name, numbers(v)])),
    weights: l.weights && numbers(l.weights),
    correlation: l.correlation && {
      ...l.correlation,
      group: factor(l.correlation.group),
      position: numbers(l.correlation.position),
    },
  });
  const use = (u: RandomUse): RandomUse => {
    if (u.z.kind === 'indicator') return { block: u.block, z: { kind: 'indicator', column: codes(u.z.column) } };
    const { values } = u.z;
    if (values === null) return u;
    const size = values.length / n;
    const moved = new Float64Array(values.length);
    for (let to = 0; to < n; to++) for (let c = 0; c < size; c++) moved[to * size + c] = values[order[to] * size + c];
    return { block: u.block, z: { kind: 'dense', values: moved } };
  };
  const predictor = (p: PredictorDesign): PredictorDesign => {
    const X = new Float64Array(p.X.length);
    for (let j = 0; j < p.columns.length; j++) for (let to = 0; to < n; to++) X[j * n + to] = p.X[j * n + order[to]];
    return { ...p, X, offset: p.offset && numbers(p.offset), random: p.random.map(use) };
  };
  return {
    ...design,
    rowNumbers: codes(design.rowNumbers),
    likelihoods: design.likelihoods.map(likelihood),
    predictors: design.predictors.map(predictor),
    blocks: design.blocks.map((b) => ({ ...b, group: factor(b.group) })),
    classGroup: design.classGroup && factor(design.classGroup),
    knownClass: design.knownClass && codes(design.knownClass),
  };
}

/** Values by row in the order of the design that `reorderRows` was given. */
export function restoreRows(values: Float64Array, order: Int32Array): Float64Array {
  const restored = new Float64Array(values.length);
  for (let at = 0; at < order.length; at++) restored[order[at]] = values[at];
  return restored;
}
