import type { LinkName } from '../links/link.js';
import type { BoundFamily, FamilyBinding } from './density.js';

export const familyNames = [
  'normal',
  'student_t',
  'lognormal',
  'gamma',
  'inverse_gaussian',
  'exponential',
  'weibull',
  'beta',
  'bernoulli',
  'binomial',
  'beta_binomial',
  'poisson',
  'negative_binomial',
  'negative_binomial1',
  'cumulative',
  'dirac',
  'truncated',
  'zero_inflated',
  'hurdle',
] as const;
export type FamilyName = (typeof familyNames)[number];

/** What a response of the family must be; checked when data are bound, with row and column. */
export type ResponseKind =
  | 'real'
  | 'positive' // > 0
  | 'unit' // strictly inside (0, 1)
  | 'count' // 0, 1, 2, ...
  | 'trials' // a count not above the data argument `size`
  | 'binary' // 0/1, bool, or a factor with two levels (the second is the success)
  | 'ordered'; // an ordered factor, or codes 1, 2, ...

export interface FamilyParameter {
  readonly name: string; // as in `negative_binomial(mu, shape)`
  /** The location is what a short formula's right side predicts, and what `beta` means in priors. */
  readonly role: 'location' | 'scale' | 'shape' | 'probability';
  readonly defaultLink: LinkName;
  readonly links: readonly LinkName[]; // those allowed
  /** Support of the parameter, for `fix` and for starting values. */
  readonly support: 'real' | 'positive' | 'unit';
  /** A column may stand in its place: `normal(mu, se)`. */
  readonly mayBeData: boolean;
}

/** An argument that is never estimated: `size`, `lower`, `upper`, `link`, or the family inside another. */
export interface FamilyDataArgument {
  readonly name: string;
  /** 'column': a column, an expression of columns, or a number. */
  readonly kind: 'column' | 'number' | 'link' | 'family';
  readonly required: boolean;
}

/** The language's side of a family: what the checker needs. Its numeric side extends it. */
export interface FamilySignature {
  readonly name: FamilyName;
  /** Every argument in the order it is written, by name: `['size', 'p']`. */
  readonly order: readonly string[];
  readonly parameters: readonly FamilyParameter[];
  readonly dataArguments: readonly FamilyDataArgument[];
  /** 'inherit': that of the family inside. */
  readonly response: ResponseKind | 'inherit';
  /** Has a scale that `weights` divides; 'inherit': as the family inside. */
  readonly hasScale: boolean | 'inherit';
  /** What R's `sigma()` gives of a fit: the parameter it is made of, and how. Without it, one. */
  readonly dispersion?: { readonly parameter: string; readonly of: (value: number) => number };
  /** Zero may be a response whatever the family inside says: `hurdle(gamma(mu, shape), hu)`. */
  readonly addsZero?: boolean;
}

/** One row of the registry. */
export interface Family extends FamilySignature {
  /**
   * The numeric side [GLMM-1]: a density of rows.
   * @param base  the bound family inside, for those that have one
   */
  bind(binding: FamilyBinding, base: BoundFamily | null): BoundFamily;
}
