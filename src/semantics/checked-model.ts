import type { Span } from '../diagnostics/span.js';
import type { FamilyName } from '../families/family.js';
import type {
  ColumnType,
  ContrastCoding,
  CovarianceStructure,
  MethodNode,
  NodeId,
  ParameterRef,
} from '../graph/model-graph.js';
import type { LinkName } from '../links/link.js';
import type { PriorName } from '../priors/prior.js';
import type { Expression, FixStatement, PenalizeStatement, SampleStatement } from '../syntax/ast.js';
import type { Formula } from './formula.js';
import type { ErrorStructureName } from './structures.js';

/**
 * What the checker found out: the statements of a model sorted by what they are, names resolved, formulas expanded.
 * Expressions are still those of the syntax tree; `refs` says which of them name parameters.
 */
export interface CheckedModel {
  readonly name: string;
  readonly span: Span;
  readonly data: CheckedData;
  readonly likelihoods: readonly CheckedLikelihood[];
  readonly predictors: readonly CheckedPredictor[];
  readonly parts: readonly CheckedPart[];
  readonly effects: readonly CheckedEffect[];
  readonly mixture: CheckedMixture | null;
  readonly priors: readonly CheckedPrior[];
  readonly fixes: readonly CheckedFix[];
  readonly penalties: readonly CheckedPenalty[];
  readonly method: CheckedMethod | null;
}

/** Which expressions inside a prior, fix, penalty or order name parameters. */
export type References = ReadonlyMap<Expression, ParameterRef>;

export interface CheckedData {
  readonly file: string | null;
  readonly columns: readonly {
    readonly name: string;
    readonly type: ColumnType;
    readonly levels: readonly string[] | null;
    readonly span: Span;
  }[];
  readonly where: readonly Expression[];
  readonly derived: readonly { readonly name: string; readonly value: Expression; readonly span: Span }[];
  readonly contrasts: readonly { readonly column: string; readonly coding: ContrastCoding; readonly span: Span }[];
}

export interface CheckedLikelihood {
  readonly id: NodeId;
  readonly class: string | null;
  readonly response: Expression;
  readonly family: CheckedFamily;
  readonly weights: Expression | null;
  readonly correlation: CheckedCorrelation | null;
  readonly span: Span;
}

export interface CheckedFamily {
  readonly name: FamilyName;
  readonly base: CheckedFamily | null;
  readonly arguments: readonly CheckedArgument[];
  readonly span: Span;
}

export type CheckedArgument =
  | { readonly kind: 'predictor'; readonly name: string; readonly predictor: NodeId }
  | { readonly kind: 'data'; readonly name: string; readonly value: Expression }
  | { readonly kind: 'number'; readonly name: string; readonly value: number }
  | { readonly kind: 'link'; readonly name: string; readonly link: LinkName };

export interface CheckedGroup {
  readonly label: string;
  readonly columns: readonly Expression[];
}

export interface CheckedCorrelation {
  readonly structure: ErrorStructureName;
  readonly position: Expression;
  readonly group: CheckedGroup;
  readonly span: Span;
}

export interface CheckedPredictor {
  readonly id: NodeId;
  readonly parameter: string;
  readonly class: string | null;
  readonly link: LinkName;
  readonly constant: boolean;
  readonly location: boolean;
  /** A cumulative family's thresholds take the intercept's place: factors are coded as if it were there. */
  readonly interceptAbsorbed: boolean;
  /** Null for an unknown constant. */
  readonly formula: Formula | null;
  /** A number in the place of a location, `normal(0, sigma)`: the value of the linear predictor in every row. */
  readonly value: number | null;
  readonly parts: readonly NodeId[];
  readonly effects: readonly NodeId[];
  readonly span: Span;
}

export interface CheckedPart {
  readonly id: NodeId;
  readonly name: string;
  readonly formula: Formula;
  readonly span: Span;
}

export interface CheckedEffect {
  readonly id: NodeId;
  readonly name: string | null;
  readonly class: string | null;
  readonly group: CheckedGroup;
  readonly covariance: CovarianceStructure;
  readonly doubleBar: boolean; // written with `||`
  readonly formula: Formula | null; // null for ar1 and car1
  readonly position: Expression | null;
  readonly constraint: 'sumToZero' | null;
  /** Columns per level, where model and schema tell. */
  readonly size: number | null;
  readonly span: Span;
}

export interface CheckedMixture {
  readonly name: string;
  readonly per: CheckedGroup | null;
  readonly classes: readonly string[];
  readonly gating: CheckedGating | null;
  readonly labels: string | null;
  readonly order: {
    readonly by: Expression;
    readonly refs: References;
    readonly descending: boolean;
    readonly span: Span;
  } | null;
  readonly span: Span;
}

export interface CheckedGating {
  readonly baseline: string;
  readonly predictors: readonly NodeId[];
}

export interface CheckedPrior {
  readonly statement: SampleStatement;
  /** The class it is about; null: all of them, or there are none. */
  readonly class: string | null;
  /** It stands inside the class, so that it replaces what stands outside. */
  readonly inside: boolean;
  readonly left: Expression;
  readonly distribution: PriorName;
  readonly args: readonly { readonly name: string; readonly value: Expression }[];
  readonly refs: References;
}

export interface CheckedFix {
  readonly statement: FixStatement | null; // null: a number in the place of a parameter
  readonly left: Expression;
  readonly value: Expression;
  readonly class: string | null;
  readonly refs: References;
  readonly span: Span;
}

export interface CheckedPenalty {
  readonly statement: PenalizeStatement;
  readonly refs: References;
}

export type MethodName = 'reml' | 'ml' | 'laplace' | 'agq' | 'em';

export interface CheckedMethod {
  readonly name: MethodName;
  readonly options: Readonly<Record<string, number>>;
  readonly sampler?: MethodNode['sampler'];
  readonly span: Span | null; // null: given from outside
}
