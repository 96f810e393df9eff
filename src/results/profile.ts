export type ProfiledKind = 'sd' | 'cor' | 'sigma' | 'coefficient' | 'family' | 'threshold' | 'probability';

/**
 * How a limit was found. 'found': the profile crosses the cutoff there. 'boundary': it stays below it up to the end of the
 * parameter's range, which is the limit. 'open': it levels off below the cutoff, and the interval has no end on this side.
 * 'failed': the constrained fits went wrong.
 */
export type LimitStatus = 'found' | 'boundary' | 'open' | 'failed';

/** One constrained fit: the signed root of how much the deviance rises when the parameter is held at `value`. */
export interface ProfilePoint {
  readonly value: number;
  readonly zeta: number;
}

/** The interval of one parameter. */
export interface ConfidenceInterval {
  readonly name: string; // as lme4 names it: `sd_Days|Subject`, `cor_Days.(Intercept)|Subject`, `sigma`, `Days`
  readonly kind: ProfiledKind;
  readonly group: string | null;
  readonly terms: readonly string[];
  readonly predictor: string | null;
  readonly class: string | null;
  readonly estimate: number; // NaN where there is none
  readonly lower: number;
  readonly upper: number;
  readonly lowerStatus: LimitStatus;
  readonly upperStatus: LimitStatus;
  /** Ascending, the estimate included; of a Wald interval none. */
  readonly points: readonly ProfilePoint[];
}

/** How limits are found. */
export type IntervalMethod = 'profile' | 'wald' | 'bootstrap';

/** Confidence intervals of the parameters of a fit. */
export interface ConfidenceIntervals {
  readonly method: IntervalMethod;
  readonly level: number;
  /** What was profiled: 'ml' and 'laplace' ... ; a REML fit is profiled on the ML deviance. Of a bootstrap the kind of interval. */
  readonly criterion: string;
  /** Whether priors and penalties are added to it. */
  readonly penalised: boolean;
  readonly deviance: number; // at the centre of the profiles
  readonly intervals: readonly ConfidenceInterval[];
  /** Evaluations of the deviance, those of the first fit not counted. */
  readonly evaluations: number;
  /** How far below the optimum that the profiles started from a constrained fit came; more than rounding: it was none. */
  readonly shortfall: number;
}
