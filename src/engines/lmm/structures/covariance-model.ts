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
}
