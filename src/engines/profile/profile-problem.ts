import type { ProfiledKind } from '../../results/profile.js';

/** What is profiled, as its table names it. */
export interface ProfiledParameter {
  readonly name: string;
  readonly kind: ProfiledKind;
  readonly group: string | null;
  readonly terms: readonly string[]; // of a standard deviation one, of a correlation two
  readonly predictor: string | null;
  readonly class: string | null;
}

/**
 * The deviance as a function of one parameter c and of everything else, z [PROF-1]. c is on a working scale: `display` turns it
 * into the user's, monotonically.
 */
export interface ConstrainedProblem {
  readonly parameter: ProfiledParameter;
  readonly dimension: number; // of z
  readonly start: Float64Array; // z at the optimum
  readonly estimate: number; // c there
  /** Where c must stay; an end that is finite belongs to it. */
  readonly lower: number;
  readonly upper: number;
  /** A change of c that matters, where the curvature at the optimum does not tell. */
  readonly typical: number;
  display(c: number): number;
  /** Deviance at (c, z), +Infinity outside the domain; the gradient by z where one is asked for. */
  evaluate(c: number, z: Float64Array, gradient: Float64Array | null): number;
  /** Derivative by c of the latest deviance that was evaluated with its gradient. */
  slope(): number;
  /** Other places to search from, given a minimum over z at c: a constrained fit may have several. */
  alternatives(z: Float64Array, c: number): readonly Float64Array[];
  /** Second derivatives at the optimum, exact or near enough to start a search. */
  curvature(): Curvature;
}

export interface Curvature {
  readonly zz: Float64Array; // column-major
  readonly zc: Float64Array;
  readonly cc: number;
}
