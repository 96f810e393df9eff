import type { Span } from '../diagnostics/span.js';

/**
 * The syntax tree of a `.mm` file. It says what was written, not what it means: one expression grammar serves
 * predictors, priors and arithmetic, and a `~` statement is a likelihood or a prior only after names are resolved.
 */
export interface Program {
  readonly kind: 'program';
  /** Statements before the first model hold for all models; without any model they are one anonymous model. */
  readonly statements: readonly Statement[];
  readonly models: readonly Model[];
  /** In source order; the printer puts each back at the node it stood before or behind. */
  readonly comments: readonly Comment[];
  readonly span: Span;
  /** Whether something in it could not be read, so that what seems to be absent may only be unread. */
  readonly damaged?: true;
}

export interface Comment {
  readonly text: string; // with its '#'
  readonly span: Span;
}

export interface Model {
  readonly kind: 'model';
  readonly name: Name;
  readonly statements: readonly Statement[];
  readonly span: Span;
  /** Whether something in it could not be read, so that what seems to be absent may only be unread. */
  readonly damaged?: true;
}

export type Statement =
  | DataStatement
  | WhereStatement
  | LetStatement
  | ContrastsStatement
  | SampleStatement
  | AssignStatement
  | FixStatement
  | PenalizeStatement
  | MixtureStatement
  | ClassStatement
  | LabelsStatement
  | OrderStatement
  | WeightsStatement
  | FitStatement;

interface StatementBase {
  readonly span: Span;
}

/** `data "file.csv" { x: real, trt: factor("a", "b") }`; either part may be missing. */
export interface DataStatement extends StatementBase {
  readonly kind: 'data';
  readonly file: StringLiteral | null;
  readonly columns: readonly ColumnDeclaration[];
}

export interface ColumnDeclaration {
  readonly kind: 'columnDeclaration';
  readonly column: Name;
  readonly type: Name; // checked later: real int count bool factor ordered text
  readonly levels: readonly StringLiteral[] | null;
  readonly span: Span;
}

export interface WhereStatement extends StatementBase {
  readonly kind: 'where';
  readonly condition: Expression;
}

export interface LetStatement extends StatementBase {
  readonly kind: 'let';
  readonly name: Name;
  readonly value: Expression;
}

/** `contrasts trt = treatment(ref = "drug")`: the coding is a name or a call. */
export interface ContrastsStatement extends StatementBase {
  readonly kind: 'contrasts';
  readonly column: Name;
  readonly coding: Expression;
}

/** `LEFT ~ RIGHT`: likelihood, prior, or the short form with a formula on the right. */
export interface SampleStatement extends StatementBase {
  readonly kind: 'sample';
  readonly left: Expression;
  readonly right: Expression;
}

/** `TARGET = RIGHT`: a predictor, a named random effect or part, or a gate. */
export interface AssignStatement extends StatementBase {
  readonly kind: 'assign';
  readonly target: Expression;
  readonly value: Expression;
}

export interface FixStatement extends StatementBase {
  readonly kind: 'fix';
  readonly target: Expression;
  readonly value: Expression;
}

export interface PenalizeStatement extends StatementBase {
  readonly kind: 'penalize';
  readonly penalty: Expression;
}

export interface MixtureStatement extends StatementBase {
  readonly kind: 'mixture';
  readonly name: Name;
  readonly per: Expression | null;
  readonly statements: readonly Statement[];
  /** Whether something in it could not be read, so that what seems to be absent may only be unread. */
  readonly damaged?: true;
}

export interface ClassStatement extends StatementBase {
  readonly kind: 'class';
  readonly names: readonly Name[];
  readonly statements: readonly Statement[];
  /** Whether something in it could not be read, so that what seems to be absent may only be unread. */
  readonly damaged?: true;
}

export interface LabelsStatement extends StatementBase {
  readonly kind: 'labels';
  readonly column: Name;
}

export interface OrderStatement extends StatementBase {
  readonly kind: 'order';
  readonly mixture: Name;
  readonly by: Expression;
  readonly descending: boolean;
}

export interface WeightsStatement extends StatementBase {
  readonly kind: 'weights';
  readonly value: Expression;
}

/** `fit reml`, `fit agq(25)`, `fit em(draws = 500, seed = 1)`: a name or a call. */
export interface FitStatement extends StatementBase {
  readonly kind: 'fit';
  readonly method: Expression;
}

export type Expression = NumberLiteral | StringLiteral | Name | Call | Index | Unary | Binary | Bar | List | Paren;

export interface NumberLiteral {
  readonly kind: 'number';
  readonly value: number;
  readonly text: string; // as written: 1e-3 stays 1e-3 when printed
  readonly span: Span;
}

export interface StringLiteral {
  readonly kind: 'string';
  readonly value: string;
  readonly span: Span;
}

/** An identifier, also `true`, `false`, `inf`, `NA`, which are resolved like names that are always there. */
export interface Name {
  readonly kind: 'name';
  readonly name: string;
  readonly quoted: boolean; // written in backticks
  readonly span: Span;
}

export interface Call {
  readonly kind: 'call';
  readonly callee: Name;
  readonly arguments: readonly Argument[];
  readonly span: Span;
}

export interface Argument {
  readonly name: Name | null;
  readonly value: Expression;
  readonly span: Span;
}

/** `beta[Days]`, `sd(g)[intercept]`. */
export interface Index {
  readonly kind: 'index';
  readonly base: Expression;
  readonly index: Expression;
  readonly span: Span;
}

export type UnaryOperator = '-' | '+' | 'not';

export interface Unary {
  readonly kind: 'unary';
  readonly operator: UnaryOperator;
  readonly operand: Expression;
  readonly span: Span;
}

/** Tightest first, as in R: `^` (right), unary minus, `:`, `* /`, `+ -`, comparisons, `not`, `and`, `or`. */
export type BinaryOperator = '^' | ':' | '*' | '/' | '+' | '-' | '==' | '!=' | '<' | '<=' | '>' | '>=' | 'and' | 'or';

export interface Binary {
  readonly kind: 'binary';
  readonly operator: BinaryOperator;
  readonly left: Expression;
  readonly right: Expression;
  readonly span: Span;
}

/** `1 + x | g` or `x || g`: stands only directly inside parentheses or as an argument of a call. */
export interface Bar {
  readonly kind: 'bar';
  readonly operator: '|' | '||';
  readonly left: Expression;
  readonly right: Expression;
  readonly span: Span;
}

export interface List {
  readonly kind: 'list';
  readonly items: readonly Expression[];
  readonly span: Span;
}

/** Parentheses are kept: `(1 | g)` and `(a + b)^2` mean something by them, and the printer gives back what was written. */
export interface Paren {
  readonly kind: 'paren';
  readonly inner: Expression;
  readonly span: Span;
}
