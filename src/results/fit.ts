import type { Diagnostic } from '../diagnostics/diagnostic.js';

export type EngineName = 'lmm' | 'glmm' | 'em';
export type MethodName = 'reml' | 'ml' | 'laplace' | 'agq' | 'em';

/** What a fit found: plain values. Hosts print it; `fit-json.ts` gives the JSON of the command line. */
export interface Fit {
  readonly model: string;
  readonly response?: string; // as the program writes it: `log(Reaction)`
  readonly engine: EngineName;
  readonly method: MethodName;
  readonly family: string;
  readonly link: string;
  readonly rows: number;
  readonly dropped: number;
  readonly groups: Readonly<Record<string, number>>;
  readonly converged: boolean;
  readonly singular: boolean;
  readonly certificate: Certificate;
  readonly warnings: readonly Diagnostic[];
  readonly logLik: number;
  readonly deviance: number; // -2 logLik, or the REML criterion
  readonly objective: number; // what was minimised: deviance plus priors and penalties
  readonly priors?: readonly PriorReport[];
  readonly aic: number;
  readonly bic: number;
  readonly parameters: number;
  readonly fixef: readonly FixedEffect[];
  /** Covariance of the estimated fixed effects, in the order of `fixef` without the dropped ones. */
  readonly vcov: Float64Array;
  readonly varcorr: readonly VarCorr[];
  readonly sigma: number | null;
  readonly theta: Float64Array;
  readonly familyParameters: Readonly<Record<string, number>>;
  /** Correlated errors; the correlations are among the family parameters too. */
  readonly errors?: ErrorsResult;
  readonly mixture: MixtureResult | null;
  readonly ranef: readonly RandomEffects[];
  readonly fitted: Float64Array; // response scale, per kept row
  readonly linear: Float64Array; // linear predictor of the location
  readonly residuals: Float64Array; // response residuals
  /** Prior weights per kept row, where there are any: the residual variance of a row is sigma^2 / weight. */
  readonly weights?: Float64Array | null;
  /** Of a fit whose family says so, per kept row: Var(y | b) on the response scale, scale parameters included. */
  readonly variance?: Float64Array;
  /** Of a fit with correlated errors or a predictor of sigma: independent and of variance one if the model holds. */
  readonly normalizedResiduals?: Float64Array;
  /** Signed roots of the unit deviances; NaN where the family has none. */
  readonly devianceResiduals?: Float64Array;
  /** P(Y < y) and P(Y <= y) of each row given its random effects, for quantile residuals. */
  readonly cdf?: { readonly below: Float64Array; readonly at: Float64Array };
  /** Sum of squared Pearson residuals over the residual degrees of freedom. */
  readonly overdispersion?: number;
  readonly evaluations: number;
  readonly seed: number | null;
}

/** A prior or a penalty at the estimates. */
export interface PriorReport {
  readonly text: string; // as written
  readonly computation: string; // how it entered the fit, in one word: `decomposition`, `theta` ...
  readonly minus2logDensity: number;
}

/** Converged means: the Newton decrement says that no more than 1e-6 of deviance is left. */
export interface Certificate {
  readonly gradient: number; // largest absolute component
  readonly decrement: number; // g' H^-1 g / 2
  readonly eigenvalues: readonly number[]; // of the Hessian, ascending
}

/** A coefficient, with its test against zero. */
export interface FixedEffect {
  readonly name: string;
  readonly predictor: string;
  readonly link?: string; // of the predictor; left out where it is the identity of a linear mixed model's mean
  readonly class: string | null;
  readonly estimate: number | null; // null: dropped for rank deficiency
  readonly se: number | null;
  readonly statistic: number | null;
  readonly df: number | null;
  readonly p: number | null;
}

/** Standard deviations and correlations of the random effects of a grouping factor. */
export interface VarCorr {
  readonly group: string;
  readonly name: string | null;
  readonly class: string | null;
  readonly terms: readonly string[];
  readonly sd: readonly number[];
  readonly cor: readonly (readonly (number | null)[])[]; // null where an sd is zero
  /** ar1, car1: one standard deviation at all positions, and the correlation over one step or one unit of distance. */
  readonly serial?: {
    readonly structure: 'ar1' | 'car1';
    readonly positions: number;
    readonly correlation: number | null;
  };
}

export interface ErrorsResult {
  readonly structure: 'ar1' | 'car1' | 'cs' | 'us';
  readonly group: string;
  readonly positions: readonly string[]; // distinct, ascending
  /** ar1: of neighbours; car1: over one unit of distance; cs: of any two; us: NaN. */
  readonly correlation: number;
  /** us: of every two positions. */
  readonly correlations: readonly (readonly number[])[] | null;
  /** Standard deviation at each position (without prior weights), where it depends on nothing else and is not sigma. */
  readonly sd: readonly number[] | null;
}

/** The random effects of a grouping factor, level by level: conditional modes and their standard deviations. */
export interface RandomEffects {
  readonly group: string;
  readonly class: string | null;
  readonly levels: readonly string[];
  readonly terms: readonly string[];
  readonly mode: readonly (readonly number[])[]; // levels x terms
  readonly sd: readonly (readonly number[])[];
}

export interface MixtureResult {
  readonly name: string;
  readonly per: string | null;
  readonly classes: readonly string[];
  readonly weights: readonly number[];
  /** Their standard errors, by the delta method; of a mixture per group. */
  readonly weightsSe?: readonly number[];
  /** Class that the log odds of the others are against, where class probabilities have predictors. */
  readonly baseline?: string | null;
  readonly posterior: {
    readonly levels: readonly string[];
    readonly probabilities: readonly (readonly number[])[];
    /** Monte Carlo standard errors, where the probabilities come from draws. */
    readonly mcse?: readonly (readonly number[])[];
  };
  readonly logLikMcse: number | null;
  readonly ess: { readonly min: number; readonly median: number } | null;
  readonly khat: { readonly max: number } | null;
  /** Draws per group; null where nothing was sampled. */
  readonly draws?: number | null;
  /** - sum p log p of the posterior probabilities: 0 where every group's class is certain. */
  readonly entropy?: number;
  /** Integrated completed likelihood: BIC + 2 entropy. */
  readonly icl?: number;
  readonly starts?: { readonly tried: number; readonly refused: number };
  /** Objective of the best start, EM round after EM round. */
  readonly trace?: readonly number[];
}
