import type { CovarianceStructure } from '../../../graph/model-graph.js';

/**
 * A covariance structure of a random effect: how free parameters make the factor Lambda of one level, b = Lambda u [LMM-2].
 * Every real parameter vector is legal and Lambda is a smooth function of it, boundaries included: a standard deviation of
 * zero or a correlation of one is reached at a finite point, so the optimizer needs no bounds and a singular fit is an
 * ordinary minimum.
 */
export interface CovarianceModel {
  readonly name: CovarianceStructure;
  /** How columns of Z may be rescaled without changing the model [LMM-5]. */
  readonly rebase: 'triangular' | 'columns' | 'common' | 'none';
  /** Lambda is lower triangular (its upper part is then exactly zero). */
  readonly triangular: boolean;
  /** @param size columns per level; for ar1 and car1 of the largest level */
  parameterCount(size: number): number;
  /** Writes a start where every effect has the residual's standard deviation. */
  startInto(parameters: Float64Array, at: number, size: number): void;
  /** Gives a start these standard deviations, relative to sigma: one per column, or one for all in ar1 and car1. */
  scaleInto(parameters: Float64Array, at: number, size: number, sd: Float64Array): void;
  /**
   * Writes Lambda, size x size, column-major, to `lambda[start ..]`.
   * @param positions  ar1, car1: position of each column, ascending, in units of the smallest gap
   */
  factorInto(
    lambda: Float64Array,
    start: number,
    size: number,
    parameters: Float64Array,
    at: number,
    positions: Float64Array | null,
  ): void;
  /** Adds sum_rc G_rc dLambda_rc / dparameter to `gradient[at ..]`; G is laid out as Lambda in `factorInto`. */
  gradientInto(
    gradient: Float64Array,
    at: number,
    G: Float64Array,
    start: number,
    size: number,
    parameters: Float64Array,
    positions: Float64Array | null,
  ): void;
  /**
   * The parameters as a user knows them, of Lambda in the columns' own units and relative to sigma: us, lme4's lower triangle with a
   * diagonal that is not negative; diag, standard deviations; cs, homcs, ar1 and car1, standard deviations and then the correlation.
   */
  reportInto(into: Float64Array, at: number, size: number, parameters: Float64Array, units: ColumnUnits): void;
  /** The inverse of `reportInto`. */
  adoptInto(parameters: Float64Array, at: number, size: number, reported: Float64Array, units: ColumnUnits): void;
}

/** How the columns of Z were changed, Z = Zt R [LMM-5], and the distance that positions are counted in. */
export interface ColumnUnits {
  readonly R: Float64Array; // size x size, column-major
  readonly inverse: Float64Array;
  readonly scale: Float64Array; // size: where R is diagonal, its diagonal
  readonly unit: number;
}
