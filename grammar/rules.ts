/**
 * A grammar as data: what `read-correct.ts` follows. `rule-table.ts` is made from the parser (`npm run generate`).
 * The parts of a rule stand in their order; a name is a rule of the table or, else, a type of token.
 */
export type Rules = Readonly<Record<string, readonly RulePart[]>>;

export type RulePart = string | OptionalPart | ChoicePart;

/** Read where the next tokens are one of `when`, as long as they are where it is `repeated`. */
export interface OptionalPart extends Guarded {
  readonly repeated: boolean;
}

/** The first whose `when` the next tokens are. */
export interface ChoicePart {
  readonly choices: readonly Guarded[];
}

export interface Guarded {
  /** Names of token types, one behind the other; any of these rows decides. */
  readonly when: readonly (readonly string[])[];
  readonly parts: readonly RulePart[];
}
