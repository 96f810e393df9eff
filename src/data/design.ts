import type { CovarianceStructure, NodeId, RandomEffectNode } from '../graph/model-graph.js';
import type { ColumnSource } from '../kernels/column-source.js';

/**
 * Graph + table, ready for an engine: rows with missing values are gone, unused levels dropped, factors coded,
 * columns that depend on others dropped and named. Symbols as in `spec/numerics.md`.
 */
export interface Design {
  readonly rows: number; // N
  /** Row of the source (1-based, without the header) of each kept row. */
  readonly rowNumbers: Int32Array;
  readonly dropped: number; // rows left out for a missing value
  readonly likelihoods: readonly LikelihoodDesign[]; // as in the graph
  readonly predictors: readonly PredictorDesign[]; // as in the graph
  /** All fixed effects; `PredictorDesign.columns` says which belong to a predictor. */
  readonly coefficients: readonly Coefficient[]; // P
  readonly blocks: readonly RandomBlock[]; // as graph.randomEffects
  readonly classGroup: Factor | null; // of a mixture per group
  readonly knownClass: Int32Array | null; // per row, -1 unknown
  /** What prediction needs to code new rows the same way. */
  readonly memory: DesignMemory;
}

export interface LikelihoodDesign {
  readonly id: NodeId;
  readonly class: string | null;
  readonly y: Float64Array; // rows; an ordered response: 1-based category; binary: 0/1
  readonly categories: readonly string[] | null; // of an ordered response
  readonly data: ReadonlyMap<string, Float64Array>; // data arguments by name: size, se ...
  readonly weights: Float64Array | null; // rows, > 0
  /** Correlated errors: group codes, and the position of each row. */
  readonly correlation: {
    readonly structure: 'ar1' | 'car1' | 'cs' | 'us';
    readonly group: Factor;
    readonly position: Float64Array;
    readonly positionLabels: readonly string[];
  } | null;
}

export interface Coefficient {
  readonly name: string; // as R names it
  readonly term: string; // its term's label; '(Intercept)' for the intercept
  readonly parameter: string; // whose predictor it belongs to; of a shared part: the first that uses it
  readonly class: string | null;
  readonly part: NodeId | null;
}

export interface PredictorDesign {
  readonly id: NodeId;
  readonly parameter: string;
  readonly class: string | null;
  readonly link: string;
  readonly constant: boolean;
  /** rows x columns.length, column-major; of a design bound to data written out when it is first asked for. */
  readonly X: Float64Array;
  /** The columns of X as they come about: what reads them so needs no X. */
  readonly sources?: readonly ColumnSource[];
  readonly columns: Int32Array; // indices into Design.coefficients
  readonly offset: Float64Array | null; // rows
  readonly random: readonly RandomUse[];
  /** Names of columns left out because the others span them (reported with estimate null). */
  readonly dropped: readonly { readonly name: string; readonly term: string }[];
}

/** How a predictor's rows load on a block: eta_row += sum_c z_c b[columnStart[level] + c]. */
export interface RandomUse {
  readonly block: number; // index into Design.blocks
  /**
   * 'dense': rows x size, row-major (values null: size 1, all ones). 'indicator': one column per row, with value 1 (ar1,
   * car1, whose levels may differ in size).
   */
  readonly z:
    | {
        readonly kind: 'dense';
        readonly values: Float64Array | null;
        /** The columns as they come about; `values` are then written out when they are first asked for. */
        readonly sources?: readonly ColumnSource[];
      }
    | { readonly kind: 'indicator'; readonly column: Int32Array };
}

export interface Factor {
  readonly label: string;
  readonly codes: Int32Array; // rows
  readonly levels: readonly string[];
}

export interface RandomBlock {
  readonly id: NodeId;
  readonly label: string; // the group's label: `Subject`, `recipe:replicate`
  readonly name: string | null;
  readonly class: string | null;
  readonly group: Factor;
  readonly covariance: CovarianceStructure;
  readonly constraint: RandomEffectNode['constraint'];
  /** Columns per level; all levels have `terms.length` of them unless `positions` is given. */
  readonly terms: readonly string[]; // '(Intercept)', 'Days'; ar1/car1: the distinct positions as text
  readonly termOf?: readonly string[]; // as `terms`: the label of the term that each column codes
  readonly columnStart: Int32Array; // levels + 1
  /** ar1, car1: position of each column, per level ascending; length columnStart[levels]. ar1: 0-based ranks. */
  readonly positions: Float64Array | null;
}

/** New rows coded as a fit's own were; what `PredictorDesign` and `RandomBlock` say of rows holds here too. */
export interface NewRows {
  readonly rows: number;
  readonly predictors: readonly {
    readonly id: NodeId;
    readonly parameter: string;
    readonly class: string | null;
    readonly link: string;
    readonly X: Float64Array; // rows x columns.length, column-major; NaN in a row with a missing value
    readonly columns: Int32Array; // indices into Design.coefficients
    readonly offset: Float64Array | null;
    readonly random: readonly RandomUse[]; // 'indicator': column -1 where the level has no such position
  }[];
  /** Per block: each row's level as the fit numbered it, -1 for one it did not see. */
  readonly blocks: readonly {
    readonly codes: Int32Array;
    /** ar1 (rank), car1 (distance): where the row stands; NaN unknown. */
    readonly position: Float64Array | null;
    /** The level as the new rows have it, where they have one: it tells levels apart that the fit did not see. */
    readonly labels?: Labels;
  }[];
  readonly classGroup: Int32Array | null;
  readonly classLabels?: Labels;
  /** Per likelihood: the data arguments (and 'weights') that the new rows have. */
  readonly data: readonly ReadonlyMap<string, Float64Array>[];
  /** Per likelihood with correlated errors: the rows' groups, and positions as `LikelihoodDesign.correlation` has them (NaN unknown). */
  readonly errors?: readonly ({ readonly group: Labels; readonly position: Float64Array } | null)[];
}

export interface Labels {
  readonly codes: Int32Array; // rows; -1: missing
  readonly levels: readonly string[];
}

/** Opaque to engines. */
export interface DesignMemory {
  readonly version: 1;
  readonly json: unknown;
}
