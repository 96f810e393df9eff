import type { CorrelationNode } from '../../../graph/model-graph.js';
import type { LinkName } from '../../../links/link.js';

export type ErrorStructure = CorrelationNode['structure'];

/**
 * What makes the errors of a model's rows differ in size or depend on each other: e ~ N(0, sigma^2 R), R block-diagonal over the
 * groups of correlated rows [LMM-RES-1]. Prior weights stay with the rows.
 */
export interface ResidualRows {
  /** The predictor of sigma; null: one sigma for all rows. */
  readonly scale: ScaleRows | null;
  readonly correlation: ErrorGroups | null;
}

export interface ScaleRows {
  readonly X: Float64Array; // rows x columns, column-major
  readonly columns: number;
  readonly offset: Float64Array | null; // rows
  readonly link: LinkName; // link(sigma_row) = offset + X delta
}

/** Rows whose errors are correlated, group by group, ascending in their positions. */
export interface ErrorGroups {
  readonly structure: ErrorStructure;
  readonly label: string; // of the group: `Subject`
  readonly groups: number;
  readonly start: Int32Array; // groups + 1
  readonly row: Int32Array; // rows: the model's row
  /** rows, as `row`: ranks of the positions, or in car1 the positions themselves. */
  readonly position: Float64Array;
  readonly labels: readonly string[]; // of the distinct positions, ascending
}

/** Orders the rows of every group by their position; rows at the same position keep their order. */
export function errorGroups(
  structure: ErrorStructure,
  group: { readonly label: string; readonly codes: Int32Array; readonly levels: readonly string[] },
  position: Float64Array,
  labels: readonly string[],
): ErrorGroups {
  const { codes } = group;
  const groups = group.levels.length;
  const row = Int32Array.from(codes.keys()).sort((a, b) => codes[a] - codes[b] || position[a] - position[b] || a - b);
  const start = new Int32Array(groups + 1);
  for (const code of codes) start[code + 1]++;
  for (let g = 0; g < groups; g++) start[g + 1] += start[g];
  return {
    structure,
    label: group.label,
    groups,
    start,
    row,
    position: Float64Array.from(row, (i) => position[i]),
    labels,
  };
}
