import type { Span } from '../diagnostics/span.js';
import type { Bar, Call, Expression, Name } from '../syntax/ast.js';

/** A term after expansion: the variables it multiplies, as R orders and labels them. */
export interface Term {
  readonly label: string;
  readonly factors: readonly { readonly label: string; readonly expression: Expression }[];
  readonly span: Span;
}

/** `(1 + x | g)` or `ar1(time | g)` as it stands in a predictor. */
export interface RandomTerm {
  readonly bar: Bar;
  /** `diag`, `cs` ... or `sum_to_zero`: the call it stands in. */
  readonly structure: Call | null;
  readonly span: Span;
}

/** A predictor, a part or the left side of a random effect, expanded by the rules of `spec/language.md`. */
export interface Formula {
  readonly intercept: boolean;
  readonly terms: readonly Term[];
  readonly offsets: readonly Expression[];
  readonly random: readonly RandomTerm[];
  /** Named random effects and named parts, in the order of their use. */
  readonly named: readonly Name[];
  readonly span: Span;
}
