import type { CovarianceStructure, DataNode, Expr, NodeId } from '../graph/model-graph.js';

/**
 * How the rows of a table become a design: plain JSON, made when a model is bound to data and used again to code new rows
 * the same way. It holds what was learned from the data: levels, contrasts, knots, which columns were dropped.
 */
export interface DesignPlan {
  readonly version: 1;
  readonly data: DataNode;
  readonly remembered: Readonly<Record<string, readonly number[]>>;
  readonly variables: readonly VariablePlan[];
  readonly parts: readonly PartPlan[];
  readonly predictors: readonly PredictorPlan[];
  readonly blocks: readonly BlockPlan[];
  readonly likelihoods: readonly LikelihoodPlan[];
  readonly classGroup: GroupPlan | null;
}

/** A variable of model matrices: a column or an expression. */
export type VariablePlan =
  | { readonly kind: 'number'; readonly label: string; readonly value: Expr }
  /** Several columns, numbered: `poly(x, 2)1`. */
  | { readonly kind: 'matrix'; readonly label: string; readonly value: Expr; readonly columns: number }
  | {
      readonly kind: 'factor';
      readonly label: string;
      readonly value: Expr;
      readonly levels: readonly string[];
      /** Column names and levels x columns. */
      readonly contrast: { readonly names: readonly string[]; readonly matrix: readonly (readonly number[])[] };
    };

export interface TermPlan {
  readonly label: string;
  /** The columns before this term span a constant. */
  readonly afterConstant: boolean;
  readonly factors: readonly {
    readonly variable: number; // index into DesignPlan.variables
    /** A factor by one column per level, or by its contrasts; numbers have one way. */
    readonly coding: 'number' | 'contrast' | 'indicator';
    /** A number whose mean may be taken out without changing what the columns up to here span. */
    readonly centred: boolean;
  }[];
}

export interface ColumnsPlan {
  readonly intercept: boolean;
  readonly terms: readonly TermPlan[];
}

export interface PartPlan {
  readonly id: NodeId;
  readonly columns: ColumnsPlan;
  readonly offsets: readonly Expr[];
}

export interface PredictorPlan {
  readonly id: NodeId;
  readonly parameter: string;
  readonly class: string | null;
  readonly link: string;
  readonly constant: boolean;
  readonly columns: ColumnsPlan;
  readonly parts: readonly number[]; // indices into DesignPlan.parts
  /** Of its own columns and then those of its parts, in order: the kept ones. */
  readonly kept: readonly number[];
  readonly coefficients: readonly number[]; // of the kept ones, indices into Design.coefficients
  readonly offsets: readonly Expr[];
  readonly blocks: readonly number[]; // indices into DesignPlan.blocks
}

export interface GroupPlan {
  readonly label: string;
  readonly factors: readonly Expr[];
  readonly levels: readonly string[];
}

export interface BlockPlan {
  readonly id: NodeId;
  readonly covariance: CovarianceStructure;
  readonly group: GroupPlan;
  readonly columns: ColumnsPlan;
  /** ar1, car1: all distinct positions, and which of them each level has. */
  readonly position: {
    readonly value: Expr;
    readonly labels: readonly string[];
    readonly values: readonly number[]; // ar1: ranks; car1: distances
    readonly columnStart: readonly number[];
    readonly places: readonly number[]; // per column: index into labels
  } | null;
}

export interface LikelihoodPlan {
  readonly id: NodeId;
  readonly data: readonly { readonly name: string; readonly value: Expr }[];
  readonly weights: Expr | null;
  /** Correlated errors: how rows are grouped and placed. */
  readonly correlation?: {
    readonly structure: 'ar1' | 'car1' | 'cs' | 'us';
    readonly position: Expr;
    readonly group: GroupPlan;
    readonly labels: readonly string[]; // positions that the fit saw
  };
}
