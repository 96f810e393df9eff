/**
 * What a fit leaves for rows that it has not seen: plain values, from which predictions, their errors and new responses
 * are made without the data. The uncertainty of everything below is that of independent standard normal `axes`, which move
 * parameters and modes together, and, given the parameters, that of the random effects about their modes [PRED-1].
 */
export interface Estimates {
  /** Of `Design.coefficients`, each on the scale of its linear predictor; also those that are constants or held. */
  readonly coefficients: Float64Array; // P
  /** Thresholds of each likelihood; null where it has none. */
  readonly cuts: readonly (Float64Array | null)[];
  /** Log odds of the classes against the last, where they are unknown constants. */
  readonly gates: Float64Array | null; // classes
  readonly axes: number; // A
  /** P x A, row-major: what one unit along an axis adds to a coefficient. */
  readonly coefficientAxes: Float64Array;
  /** As `cuts`: thresholds x A. */
  readonly cutAxes: readonly (Float64Array | null)[];
  readonly gateAxes: Float64Array | null; // classes x A
  /** As `Design.blocks`. */
  readonly blocks: readonly BlockEstimates[];
  /** One set of modes; of a mixture per group one for each class. */
  readonly effects: readonly EffectEstimates[];
  /** Of a mixture per group: class probabilities of the groups given their rows. */
  readonly posterior: {
    readonly probabilities: Float64Array; // groups x classes
    readonly axes: Float64Array; // groups x classes x A
  } | null;
}

/** The distribution of a block's effects in a level that was not seen. */
export interface BlockEstimates {
  readonly class: string | null;
  /** Columns per level; of ar1 and car1: one, for any position. */
  readonly size: number;
  readonly covariance: Float64Array; // size x size
  /** ar1, car1: the correlation over one step or one unit of distance. */
  readonly correlation: number | null;
}

/** Conditional modes of random effects and what is uncertain about them. */
export interface EffectEstimates {
  readonly class: string | null; // null: of the whole model
  /** Indices into `Estimates.blocks`; their levels are nodes, one block's after the other's. */
  readonly blocks: readonly number[];
  readonly nodeStart: Int32Array; // blocks + 1
  readonly rowStart: Int32Array; // nodes + 1: first effect of each node
  readonly mode: Float64Array; // q: b
  readonly modeAxes: Float64Array; // q x A, row-major
  /** b = F u for each node, F size x size column-major at `factorStart` of `factors`; nodes may share one. */
  readonly factorStart: Int32Array; // nodes
  readonly factors: Float64Array;
  /** Precision of u given the parameters: blocks (row, column) of nodes, row >= column, one after the other, column-major. */
  readonly precision: {
    readonly rows: Int32Array;
    readonly columns: Int32Array;
    readonly values: Float64Array;
  };
  /** Linear combinations of u that are zero: q x constraints, row-major. */
  readonly constraints: number;
  readonly normals: Float64Array;
}
