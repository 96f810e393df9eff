import type { Span } from '../diagnostics/span.js';

/** lmm: linear mixed models; glmm: generalized ones and mixtures per row; em: mixtures per group. */
export type EngineName = 'lmm' | 'glmm' | 'em';

/** Which engine fits a model and how, or why none can. `why` says in one line what decided, `integral` how effects are integrated out. */
export type EnginePlan =
  | { readonly engine: 'lmm'; readonly method: 'reml' | 'ml'; readonly why: string }
  /** `points`: of adaptive quadrature; 1 is Laplace. */
  | {
      readonly engine: 'glmm';
      readonly method: 'ml' | 'laplace' | 'agq';
      readonly points: number;
      readonly integral: string | null; // null: there is none
      readonly why: string;
    }
  | {
      readonly engine: 'em';
      readonly method: 'ml' | 'em';
      readonly classes: number;
      readonly integral: string | null;
      readonly why: string;
    }
  /** `meant`: the engine the model is for: the first whose bounds no statement oversteps, else the most general one. */
  | {
      readonly engine: 'refused';
      readonly meant: EngineName;
      readonly obstacles: readonly Obstacle[];
      readonly why: string;
    };

/** A statement that keeps a model from an engine. */
export interface Obstacle {
  readonly engine: EngineName;
  readonly at: Span;
  /** As the subject of a sentence: `correlated errors`. */
  readonly what: string;
  /**
   * `never`: outside of what the engine computes; `not yet`: this version lacks it; `method`: the engine does not
   * estimate that way; `absent`: this version lacks the engine; `reml`: a prior that keeps the coefficients from being
   * integrated out; `unbounded`: a density without a maximum, and `where`.
   */
  readonly kind: 'never' | 'not yet' | 'method' | 'absent' | 'reml' | 'unbounded';
  readonly where?: string;
}
