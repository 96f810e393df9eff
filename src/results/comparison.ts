/** A likelihood-ratio test of a model against a smaller one. */
export interface RatioTest {
  readonly against: string;
  readonly chisq: number;
  readonly df: number;
  readonly p: number; // from chi-squared(df)
  /**
   * Parameters that the smaller model holds at the end of their range, standard deviations at zero, a family at its limit (Poisson in
   * the negative binomial): with any, p is too large. With exactly one, `pBoundary` is half of chi-squared(df - 1) and half of chi-squared(df).
   */
  readonly sdsAtZero: number;
  readonly pBoundary: number | null;
}

/** One model of a comparison, in the order of their parameters. */
export interface ComparedModel {
  readonly model: string;
  readonly file: string;
  readonly engine: string;
  readonly method: string;
  readonly family: string;
  readonly rows: number;
  readonly parameters: number;
  readonly logLik: number;
  readonly deviance: number;
  readonly aic: number;
  readonly bic: number;
  /** Grouping factor whose levels BIC counts, in all models, where one of them draws a class for each; else it counts rows. */
  readonly bicPer?: string;
  readonly icl: number | null; // of all, where one has latent classes
  readonly deltaAic: number;
  readonly weight: number; // Akaike's: exp(-delta / 2), normalised
  readonly converged: boolean;
  /** A mixture whose likelihood has no maximum: its criteria are NaN, and no model is weighed against it. */
  readonly degenerate: boolean;
  readonly singular: boolean;
  readonly test: RatioTest | null;
  /** Why there is no test; null for the first model and where there is one. */
  readonly notTested: string | null;
}
