import type { RandomBlock } from '../../data/design.js';
import type { ResidualRows } from './residual/residual-rows.js';

/** The rows of a linear mixed model: the design narrowed to its one location predictor. */
export interface ModelRows {
  readonly rows: number; // N
  readonly fixed: number; // P
  readonly X: Float64Array; // rows x fixed, column-major
  readonly termOf: readonly string[]; // fixed: the term each column codes
  readonly y: Float64Array; // rows
  readonly offset: Float64Array | null; // rows
  readonly weights: Float64Array | null; // rows: the residual variance of a row is sigma^2 / weight
  readonly blocks: readonly RandomBlock[];
  readonly loads: readonly BlockLoad[]; // as blocks: how the rows load on each
  /** Errors that differ in size or are correlated; left out: independent, of variance sigma^2 / weight. */
  readonly residual?: ResidualRows;
}

/** eta_row += sum_c z_c b[level of the row, c]. */
export type BlockLoad =
  /** `values`: rows x size, row-major; null: size 1, all ones. */
  | { readonly kind: 'dense'; readonly size: number; readonly values: Float64Array | null }
  /** Column `column[row]` of the row's level has the value `multiple`, the others zero. */
  | { readonly kind: 'indicator'; readonly column: Int32Array; readonly multiple: number };
