import type { ErrorGroups, ErrorStructure } from './residual-rows.js';

/**
 * How correlated rows become independent ones [LMM-RES-2]: new row p is sum_e table[coefficient_e] y_row_e, and
 * Y'C^-1 Y = sum_p weight_p y_p y_p'. A table of few numbers, shared by all groups that look alike, is all that depends on the
 * parameters; table[0] is always one.
 */
export interface MixedRows {
  readonly start: Int32Array; // mixed rows + 1
  readonly row: Int32Array; // entries: the model's row
  readonly coefficient: Int32Array; // entries: index into the table
  readonly weight: Int32Array; // mixed rows: index into the table
}

/** A correlation structure for the groups of one model. */
export interface PreparedCorrelation {
  readonly parameters: number;
  readonly rows: MixedRows;
  readonly tableSize: number;
  /** Writes a start; `correlation`: what the residuals of neighbours show. */
  startInto(parameters: Float64Array, at: number, correlation: number): void;
  /** Fills the table for these parameters. @returns log|C| over all groups; NaN where C is not positive definite */
  tableInto(table: Float64Array, parameters: Float64Array, at: number): number;
  /**
   * Adds d (share log|C| + <adjoint, table>) / dparameter to gradient[at ..]; the table is that of these parameters, the adjoint's first
   * number is of no matter.
   */
  gradientInto(
    gradient: Float64Array,
    at: number,
    adjoint: Float64Array,
    share: number,
    table: Float64Array,
    parameters: Float64Array,
  ): void;
  /** What a user knows: correlations by name. */
  report(parameters: Float64Array, at: number): ReportedCorrelation[];
  /** d correlation / d parameter, reported x parameters, row-major. */
  reportSlopes(parameters: Float64Array, at: number): Float64Array;
  /** Makes errors given by the model's rows independent and of equal variance, each given those before it in its group. */
  standardize(errors: Float64Array, table: Float64Array, parameters: Float64Array, at: number): Float64Array;
  readonly natural: NaturalCorrelation;
}

export interface ReportedCorrelation {
  readonly name: string;
  readonly value: number;
}

/** Correlations as functions of the reported parameters: what exact derivatives of V need. */
export interface NaturalCorrelation {
  /** Correlation of rows at two positions, and its first and second derivatives by reported parameter `k` (and `l`). */
  value(reported: readonly number[], a: number, b: number): number;
  first(reported: readonly number[], a: number, b: number, k: number): number;
  second(reported: readonly number[], a: number, b: number, k: number, l: number): number;
}

export interface CorrelationModel {
  readonly name: ErrorStructure;
  prepare(groups: ErrorGroups): PreparedCorrelation;
}

/** `standardize` where the mixed rows are that already: the last row of each is its own. */
export function standardizeMixed(
  { start, row, coefficient }: MixedRows,
  errors: Float64Array,
  table: Float64Array,
): Float64Array {
  const result = new Float64Array(errors.length);
  for (let p = 0; p + 1 < start.length; p++) {
    let t = 0;
    for (let e = start[p]; e < start[p + 1]; e++) t += table[coefficient[e]] * errors[row[e]];
    result[row[start[p + 1] - 1]] = t;
  }
  return result;
}
