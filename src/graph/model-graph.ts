import type { Span } from '../diagnostics/span.js';

/**
 * The model graph: what the checked program means, as plain JSON. It is the contract between the language and the
 * engines, so it holds no class, function or typed array, and a parsed copy of its JSON fits identically.
 * Nodes refer to each other by id. Every node keeps `origin`, the place in the source that caused it.
 */
export interface ModelGraph {
  readonly kind: 'model';
  readonly version: 1;
  readonly name: string;
  readonly data: DataNode;
  /** One for a plain model; one per class of a mixture, in the order the classes were declared. */
  readonly likelihoods: readonly LikelihoodNode[];
  /** Every unknown parameter of a family has one, an unknown constant an intercept-only one. */
  readonly predictors: readonly PredictorNode[];
  readonly parts: readonly PartNode[];
  readonly randomEffects: readonly RandomEffectNode[];
  readonly mixture: MixtureNode | null;
  readonly priors: readonly PriorNode[];
  readonly fixes: readonly FixNode[];
  readonly penalties: readonly PenaltyNode[];
  readonly method: MethodNode | null;
  readonly origin: Span;
}

export type NodeId = string;

// ── data ────────────────────────────────────────────────────────────────────────────────────────────────────────────

export type ColumnType = 'real' | 'int' | 'count' | 'bool' | 'factor' | 'ordered' | 'text';

export interface DataNode {
  readonly file: string | null;
  /** Types the program declares or implies (a grouping column is a factor); `levels` null: from the data. */
  readonly columns: readonly {
    readonly name: string;
    readonly type: ColumnType;
    readonly levels: readonly string[] | null;
    readonly origin: Span;
  }[];
  readonly where: readonly { readonly condition: Expr; readonly origin: Span }[];
  /** `let` columns in the order of their definition. */
  readonly derived: readonly { readonly name: string; readonly value: Expr; readonly origin: Span }[];
  readonly contrasts: readonly { readonly column: string; readonly coding: ContrastCoding; readonly origin: Span }[];
}

export type ContrastCoding =
  | { readonly kind: 'treatment'; readonly ref: string | null }
  | { readonly kind: 'sum' }
  | { readonly kind: 'helmert' }
  | { readonly kind: 'poly' };

// ── expressions ─────────────────────────────────────────────────────────────────────────────────────────────────────

/** An expression of columns (data, `let`, `where`, terms) or of parameters (priors, penalties). */
export type Expr =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'infinity' }
  | { readonly kind: 'missing' }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'bool'; readonly value: boolean }
  | { readonly kind: 'column'; readonly name: string }
  | { readonly kind: 'parameter'; readonly ref: ParameterRef }
  | { readonly kind: 'unary'; readonly operator: '-' | '+' | 'not'; readonly operand: Expr }
  | { readonly kind: 'binary'; readonly operator: ArithmeticOperator; readonly left: Expr; readonly right: Expr }
  | {
      readonly kind: 'call';
      readonly name: string;
      readonly args: readonly { readonly name: string | null; readonly value: Expr }[];
    }
  | { readonly kind: 'list'; readonly items: readonly Expr[] };

export type ArithmeticOperator = '+' | '-' | '*' | '/' | '^' | '==' | '!=' | '<' | '<=' | '>' | '>=' | 'and' | 'or';

/** What the left side of a prior, a fix or a penalty can name. `class` null: of every class, or there is no mixture. */
export type ParameterRef =
  /** Coefficients of the predictors of one parameter. `select`: which of them. */
  | { readonly kind: 'coefficients'; readonly predictors: readonly NodeId[]; readonly select: CoefficientSelection }
  /** A scalar parameter of a family on its own scale (sigma, shape, phi, df, p ...): its predictor is constant. */
  | { readonly kind: 'scalar'; readonly name: string; readonly predictors: readonly NodeId[] }
  /** Standard deviations of a random effect: of one column, or of all. */
  | {
      readonly kind: 'sd';
      readonly effect: NodeId;
      /** A column's name, or a term's label, meaning all its columns; null: every column. */
      readonly column: string | null;
      /** Columns and terms that have a statement of their own, which replaces this one for them. */
      readonly except?: readonly string[];
    }
  | { readonly kind: 'cor'; readonly effect: NodeId }
  | { readonly kind: 'cov'; readonly effect: NodeId }
  /** The thresholds of a cumulative family. */
  | { readonly kind: 'thresholds'; readonly likelihood: NodeId }
  /** The class probabilities of the mixture; `class`: of one class. */
  | { readonly kind: 'prob'; readonly class: string | null };

export type CoefficientSelection =
  /** All but the intercept; `except`: coefficients and terms that have a statement of their own, which replaces this. */
  | { readonly kind: 'slopes'; readonly except?: readonly string[] }
  | { readonly kind: 'intercept' }
  /** A coefficient's name (`trtdrug`), or a term's label, meaning all its coefficients (`trt`). */
  | { readonly kind: 'named'; readonly name: string; readonly except?: readonly string[] };

// ── likelihood ──────────────────────────────────────────────────────────────────────────────────────────────────────

export interface LikelihoodNode {
  readonly id: NodeId;
  readonly class: string | null;
  readonly response: Expr;
  readonly responseText: string; // as a summary shows it: `log(Reaction)`
  readonly family: FamilyNode;
  /** Prior weights: the residual variance of a row is sigma^2 / w. */
  readonly weights: Expr | null;
  /** Correlated errors of a normal likelihood. */
  readonly correlation: CorrelationNode | null;
  readonly origin: Span;
}

export interface FamilyNode {
  readonly name: string; // a FamilyName of src/families
  /** The family inside `zero_inflated(f, zi)`, `hurdle(f, hu)`, `truncated(f, ...)`. */
  readonly base: FamilyNode | null;
  /** This family's own arguments (those of `base` are in `base`), in the order the family declares them. */
  readonly arguments: readonly FamilyArgument[];
  readonly origin: Span;
}

export type FamilyArgument =
  | { readonly kind: 'predictor'; readonly name: string; readonly predictor: NodeId }
  | { readonly kind: 'data'; readonly name: string; readonly value: Expr }
  /** `binomial(10, p)`, `truncated(f, lower = 0)`, `cumulative(eta, probit)`. */
  | { readonly kind: 'number'; readonly name: string; readonly value: number }
  | { readonly kind: 'link'; readonly name: string; readonly link: string };

export interface CorrelationNode {
  readonly structure: 'ar1' | 'car1' | 'cs' | 'us';
  readonly position: Expr;
  readonly group: GroupNode;
  readonly origin: Span;
}

// ── predictors ──────────────────────────────────────────────────────────────────────────────────────────────────────

export interface PredictorNode {
  readonly id: NodeId; // the parameter's name, `mu`; in a class `mu@low`
  readonly parameter: string;
  readonly class: string | null; // null: shared by all classes, or there is no mixture
  readonly link: string; // a LinkName of src/links: link(parameter) = eta
  /** True where nobody wrote a predictor: an unknown constant, reported on its own scale. */
  readonly constant: boolean;
  readonly intercept: boolean;
  /** True where thresholds take the intercept's place: `intercept` is false, yet factors are coded as if it were there. */
  readonly interceptAbsorbed?: boolean;
  readonly terms: readonly TermNode[];
  readonly offsets: readonly Expr[];
  readonly parts: readonly NodeId[];
  readonly randomEffects: readonly NodeId[];
  readonly origin: Span;
}

/** A term of Wilkinson-Rogers algebra after expansion, in R's order: `a`, `a:b`. Factors are columns or expressions. */
export interface TermNode {
  readonly label: string; // as R labels it: `I(x^2)`, `tempC:recipe`
  readonly factors: readonly { readonly label: string; readonly value: Expr }[];
  readonly origin: Span;
}

/** A named part of a predictor: its coefficients are shared by all predictors that use it. */
export interface PartNode {
  readonly id: NodeId;
  readonly name: string;
  /** True with `0 +` (codes a first factor by all its levels); a part never has an intercept of its own. */
  readonly withoutIntercept: boolean;
  readonly terms: readonly TermNode[];
  readonly offsets: readonly Expr[];
  readonly origin: Span;
}

export type CovarianceStructure = 'us' | 'diag' | 'cs' | 'homcs' | 'ar1' | 'car1';

export interface RandomEffectNode {
  readonly id: NodeId; // the group's label, `Subject`; made unique by the terms where a group has several blocks
  readonly name: string | null; // of a named random effect
  readonly class: string | null;
  readonly group: GroupNode;
  readonly covariance: CovarianceStructure;
  /** True for `||`: the columns are reported as blocks of their own, `g` and `g.1`, as lme4 does. */
  readonly doubleBar?: boolean;
  readonly intercept: boolean;
  readonly terms: readonly TermNode[];
  /** ar1, car1: the column of positions; `terms` is then empty and `intercept` false. */
  readonly position: Expr | null;
  readonly constraint: 'sumToZero' | null;
  /** Columns per level, where model and schema tell; for messages only, as unused levels are dropped later. */
  readonly size?: number;
  readonly origin: Span;
}

/** `a:b` is one factor made of the combinations that occur. */
export interface GroupNode {
  readonly label: string;
  readonly columns: readonly Expr[]; // columns, or `factor(x)` and the like
}

// ── mixture ─────────────────────────────────────────────────────────────────────────────────────────────────────────

export interface MixtureNode {
  readonly name: string;
  readonly per: GroupNode | null; // null: one class per row
  readonly classes: readonly string[];
  readonly gating: GatingNode;
  readonly labels: string | null; // column of known classes
  readonly order: { readonly by: Expr; readonly descending: boolean; readonly origin: Span } | null;
  readonly origin: Span;
}

export type GatingNode =
  | { readonly kind: 'free' } // unknown constants that sum to one
  /** Baseline-category logits, one predictor for each other class, `prob@CLASS`. */
  | { readonly kind: 'softmax'; readonly baseline: string; readonly predictors: readonly NodeId[] };

// ── priors and the rest ─────────────────────────────────────────────────────────────────────────────────────────────

export interface PriorNode {
  readonly id: NodeId;
  readonly text: string; // as written
  /** The quantity whose density it is; a list for a joint prior. */
  readonly left: Expr;
  readonly distribution: string; // a PriorName of src/priors
  readonly args: readonly { readonly name: string; readonly value: Expr }[];
  /** Common: the scale mentions sigma, or the left side is divided by it. */
  readonly scale: 'common' | 'absolute';
  readonly class: string | null; // written inside that class
  readonly origin: Span;
}

export interface FixNode {
  readonly text: string;
  readonly left: Expr;
  readonly value: Expr;
  readonly origin: Span;
}

export interface PenaltyNode {
  readonly text: string;
  readonly value: Expr; // added to the deviance
  readonly origin: Span;
}

export interface MethodNode {
  readonly name: 'reml' | 'ml' | 'laplace' | 'agq' | 'em';
  /** agq: points; em: draws, quadrature, starts, seed ... */
  readonly options: Readonly<Record<string, number>>;
  /** em: what the draws are made of; left out, scrambled Sobol points. */
  readonly sampler?: 'sobol' | 'halton' | 'random';
  readonly origin: Span | null; // null: given from outside (`--fit`)
}
