import type { RandomBlock } from '../../data/design.js';
import { type ColumnSource, fillColumn, sourcesOf } from '../../kernels/column-source.js';
import type { ResidualRows } from './residual/residual-rows.js';

/** The rows of a linear mixed model: the design narrowed to its one location predictor. */
export interface ModelRows {
  readonly rows: number; // N
  readonly fixed: number; // P
  readonly X: Float64Array; // rows x fixed, column-major; may be written out when it is first asked for
  /** The columns of X as they come about, so that passes over the rows need no X; left out: X is there. */
  readonly sources?: readonly ColumnSource[];
  readonly termOf: readonly string[]; // fixed: the term each column codes
  readonly y: Float64Array; // rows
  readonly offset: Float64Array | null; // rows
  readonly weights: Float64Array | null; // rows: the residual variance of a row is sigma^2 / weight
  readonly blocks: readonly RandomBlock[];
  readonly loads: readonly BlockLoad[]; // as blocks: how the rows load on each
  /** Errors that differ in size or are correlated; left out: independent, of variance sigma^2 / weight. */
  readonly residual?: ResidualRows;
}

/** `values`: rows x size, row-major; null: size 1, all ones. With `sources` they may be written out when first asked for. */
export interface DenseLoad {
  readonly kind: 'dense';
  readonly size: number;
  readonly values: Float64Array | null;
  readonly sources?: readonly ColumnSource[];
}

/** eta_row += sum_c z_c b[level of the row, c]. */
export type BlockLoad =
  | DenseLoad
  /** Column `column[row]` of the row's level has the value `multiple`, the others zero. */
  | { readonly kind: 'indicator'; readonly column: Int32Array; readonly multiple: number };

/** Where the columns of X come from. */
export function fixedSources(model: Pick<ModelRows, 'rows' | 'fixed' | 'X' | 'sources'>): readonly ColumnSource[] {
  return model.sources ?? sourcesOf(model.X, model.rows, model.fixed);
}

/** The same rows with another response. */
export function withResponse(model: ModelRows, y: Float64Array): ModelRows {
  const { rows, fixed, sources, termOf, offset, weights, blocks, loads, residual } = model;
  return {
    rows,
    fixed,
    get X() {
      return model.X;
    },
    ...(sources === undefined ? {} : { sources }),
    termOf,
    y,
    offset,
    weights,
    blocks,
    loads,
    ...(residual === undefined ? {} : { residual }),
  };
}

/** into (count x size, row-major) = what rows first .. first + count load by. */
export function readLoad(load: DenseLoad, first: number, count: number, into: Float64Array): void {
  const { size, sources } = load;
  if (sources !== undefined) {
    for (let c = 0; c < size; c++) fillColumn(sources[c], first, count, into, c, size);
    return;
  }
  const { values } = load;
  if (values === null) into.fill(1, 0, count);
  else for (let k = 0, from = first * size; k < count * size; k++) into[k] = values[from + k];
}
