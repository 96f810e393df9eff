import type { Order } from '../kernels/special/order.js';
import type { LinkName } from '../links/link.js';
import type { JetLayout } from './jet.js';
import type { Uniform } from './samplers.js';

/** What a family is given to become a density of rows. */
export interface FamilyBinding {
  readonly rows: number;
  /** Response by row, coded as `LikelihoodDesign.y`. */
  readonly y: Float64Array;
  /** Arguments that are data, by name, one value per row: `size`, `lower`, and parameters such as a known sigma. */
  readonly data: ReadonlyMap<string, Float64Array>;
  /** Link of each parameter that has a predictor. */
  readonly links: ReadonlyMap<string, LinkName>;
  /** The scale of a row is sigma / sqrt(w). */
  readonly weights: Float64Array | null;
  /** Argument `link` of the cumulative family. */
  readonly link: LinkName | null;
  /** Categories of an ordered response, else 0. */
  readonly categories: number;
}

/**
 * A family bound to links, data arguments and weights: the density of each row as a function of the linear predictors,
 * of which those of the family inside come first. Nothing is allocated after binding. `eta` has one entry per predictor.
 */
export interface BoundFamily {
  readonly layout: JetLayout;
  /** Parameter of each predictor: ['lambda', 'zi']; thresholds are 'upper' and 'lower'. */
  readonly predictors: readonly string[];
  /** Of a cumulative family: its last two predictors are the thresholds above and below the row's category. */
  readonly thresholds: Thresholds | null;
  /** Responses are counts: probabilities are sums, not integrals. */
  readonly discrete: boolean;
  /** Largest and smallest possible response. */
  support(row: number): readonly [number, number];
  /**
   * The jet of log f(y | eta), all constants kept. Where the density is zero or cannot be computed the value is
   * -Infinity or NaN, and the derivatives mean nothing.
   */
  jetInto(jet: Float64Array, y: number, row: number, eta: Float64Array, order: Order): void;
  /** A loop over rows that is faster than calling `jetInto` for each, where the family has one. */
  readonly batch?: BatchLoop;
  /** Where all log densities move along their one linear predictor by sums that can be formed once. */
  readonly exponential?: ExponentialRows;
  /**
   * Where the log densities of several rows at the same linear predictors add up to a function of sums of their responses: a
   * loop over sums of rows, constants kept. Row i belongs to the sum `of[i]`.
   */
  pooled?(of: Int32Array, sums: number): BatchLoop;
  /** The jet of log P(lower <= Y <= upper), where it has a closed form; for continuous families. */
  readonly logIntervalInto?: (
    jet: Float64Array,
    lower: number,
    upper: number,
    row: number,
    eta: Float64Array,
    order: Order,
  ) => void;
  mean(row: number, eta: Float64Array): number;
  variance(row: number, eta: Float64Array): number;
  /** P(Y <= y). */
  cdf(y: number, row: number, eta: Float64Array): number;
  /** Twice the log density's distance from its maximum over the mean, per unit of dispersion; NaN where not defined. */
  unitDeviance(y: number, row: number, eta: Float64Array): number;
  random(row: number, eta: Float64Array, uniform: Uniform): number;
  /** Linear predictors, the same for all rows, that fit the response roughly. */
  start(): Float64Array;
}

export interface Thresholds {
  /** Increasing values, one fewer than categories, that fit the response. */
  start(): Float64Array;
  /** The current ones, which `mean`, `variance`, `cdf` and `random` need besides eta[0]. */
  use(values: Float64Array): void;
}

/** Rows whose log density, its linear predictor moved by b, is constant + linear b - curved exp(b), curved >= 0. */
export interface ExponentialRows {
  readonly linear: Float64Array; // rows
  /** Writes `curved` of rows from .. to at eta, at the rows' own places; returns the sum of their constants. */
  curvedInto(from: number, to: number, eta: Float64Array, curved: Float64Array): number;
}

/** Derivatives of many rows, one array per kind; entry k of row i stands at k * rows + i. */
export interface RowDerivatives {
  readonly rows: number;
  readonly value: Float64Array; // rows
  readonly first: Float64Array; // D * rows
  readonly second: Float64Array; // pairs * rows, packed as in `JetLayout`
  readonly third: Float64Array; // triples * rows
}

/**
 * Evaluates rows from .. to; eta_a of row i stands at eta[a * rows + i]. Rows whose density is not a positive finite
 * number get the value -Infinity and derivatives zero. Returns the sum of the values.
 */
export type BatchLoop = (from: number, to: number, eta: Float64Array, order: Order, out: RowDerivatives) => number;

export function rowDerivatives(rows: number, layout: JetLayout): RowDerivatives {
  return {
    rows,
    value: new Float64Array(rows),
    first: new Float64Array(rows * layout.variables),
    second: new Float64Array(rows * layout.pairs),
    third: new Float64Array(rows * layout.triples),
  };
}
