import type { Parameter } from './parameter.js';

/** Where a penalty is asked for. */
export interface PenaltyPoint {
  /** All numbers of the point, as `parameters` names them. */
  readonly values: Float64Array;
  /** Those of the random effects. */
  readonly theta: Float64Array;
  /** Fixed effects as `coefficients` names them; in a linear mixed model those that are best for this theta. */
  readonly beta: Float64Array;
  /** The residual standard deviation, which in a linear mixed model is best for this theta; null where the family has none. */
  readonly sigma: number | null;
  /** One number by its name. @throws RangeError where the point has no such name */
  value(name: string): number;
}

/** Added to the deviance: a function of a point, in units of the deviance (-2 log density, for a prior). */
export type PenaltyFunction = (at: PenaltyPoint) => number;

/** What is known of a penalty. */
export interface PenaltyOptions {
  /**
   * Writes the derivatives by `values` (not through beta and sigma, of which such a penalty must make no use). Without it they
   * are central differences of the penalty; those of the deviance stay exact.
   */
  readonly gradient?: (at: PenaltyPoint, into: Float64Array) => void;
  /** False: the penalty has corners. The fit is then searched by the simplex of Nelder and Mead, without derivatives. */
  readonly smooth?: boolean;
}

export interface Penalty extends PenaltyOptions {
  readonly evaluate: PenaltyFunction;
}

/** What belongs to a point besides its own numbers; computed where a penalty looks at it. */
export interface Profiled {
  beta(): Float64Array;
  sigma(): number | null;
}

/** Relative error of a derivative by central differences. */
export const differenceNoise = 1e-10;
const relativeStep = Math.cbrt(Number.EPSILON);

/** Step of a central difference; theta near zero moves by what matters relative to sigma. */
export function stepFor(value: number): number {
  return relativeStep * Math.max(Math.abs(value), 1);
}

/** A point as penalties see it; `looked` says whether one asked for beta or sigma. */
export class PenaltyView implements PenaltyPoint {
  looked = false;
  readonly theta: Float64Array;

  constructor(
    private readonly parameters: readonly Parameter[],
    readonly values: Float64Array,
    private readonly profiled: Profiled,
  ) {
    this.theta = values.subarray(0, parameters.findLastIndex((p) => p.kind === 'theta') + 1);
  }

  get beta(): Float64Array {
    this.looked = true;
    return this.profiled.beta();
  }

  get sigma(): number | null {
    this.looked = true;
    return this.profiled.sigma();
  }

  /** A property, so that it can be taken out of the point by its name. */
  readonly value = (name: string): number => {
    const at = this.parameters.findIndex((p) => p.name === name);
    if (at < 0)
      throw new RangeError(`no parameter '${name}': there are ${this.parameters.map((p) => p.name).join(', ')}`);
    return this.values[at];
  };
}

/** Sum of penalties; +Infinity where one is not finite. */
export function sumOf(penalties: readonly Penalty[], view: PenaltyView): number {
  let sum = 0;
  for (const p of penalties) sum += p.evaluate(view);
  return Number.isFinite(sum) ? sum : Number.POSITIVE_INFINITY;
}

/** A point of the optimizer's as penalties see it; `profiled`: beta and sigma are to be those of that point. */
export type ViewAt = (x: Float64Array, profiled: boolean) => PenaltyView;

/**
 * Sum of penalties at a point of an optimizer's that the engine stands at, and the derivatives by its coordinates: central
 * differences of the penalties, or of the user's numbers where derivatives by those are given.
 * @param gradient  overwritten where the sum is finite; null: not wanted
 * @returns         `moved`: the engine stands elsewhere now
 */
export function penaltiesInto(
  penalties: readonly Penalty[],
  viewAt: ViewAt,
  x: Float64Array,
  gradient: Float64Array | null,
): { readonly value: number; readonly moved: boolean } {
  const value = sumOf(penalties, viewAt(x, false));
  if (gradient === null || !Number.isFinite(value)) return { value, moved: false };
  const given = penalties.filter((p) => p.gradient !== undefined);
  const differenced = penalties.filter((p) => p.gradient === undefined);
  const here = viewAt(x, false);
  const byValues = new Float64Array(here.values.length);
  for (const p of given) {
    const own = new Float64Array(byValues.length);
    p.gradient?.(here, own);
    for (let k = 0; k < own.length; k++) byValues[k] += own[k];
  }
  const look = viewAt(x, false);
  sumOf(differenced, look);
  const at = x.slice();
  for (let i = 0; i < x.length; i++) {
    const h = stepFor(x[i]);
    const side = (step: number) => {
      at[i] = x[i] + step;
      const view = viewAt(at, look.looked);
      return { value: sumOf(differenced, view), values: view.values };
    };
    const above = side(h);
    const below = side(-h);
    at[i] = x[i];
    const width = x[i] + h - (x[i] - h);
    let slope = (above.value - below.value) / width;
    if (given.length > 0)
      for (let k = 0; k < byValues.length; k++) slope += (byValues[k] * (above.values[k] - below.values[k])) / width;
    gradient[i] = slope;
  }
  return { value, moved: look.looked };
}
