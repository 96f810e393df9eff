export const priorNames = [
  'normal',
  'student_t',
  'cauchy',
  'laplace',
  'horseshoe',
  'half_normal',
  'half_t',
  'half_cauchy',
  'gamma',
  'inverse_gamma',
  'exponential',
  'lognormal',
  'uniform',
  'beta',
  'multi_normal',
  'multi_student_t',
  'wishart',
  'inverse_wishart',
  'lkj',
  'dirichlet',
] as const;
export type PriorName = (typeof priorNames)[number];

/** The language's side of a distribution that stands right of `~` in a prior. */
export interface PriorSignature {
  readonly name: PriorName;
  /** Argument names in order; a call may give them by position or by name. `kind`: what each must be. */
  readonly parameters: readonly {
    readonly name: string;
    readonly kind: 'number' | 'positive' | 'vector' | 'matrix';
    readonly default?: number;
  }[];
  /** What its left side must be. */
  readonly left: 'scalar' | 'vector' | 'covariance' | 'correlation' | 'simplex';
  readonly support: 'real' | 'positive' | 'unit' | 'interval' | 'matrix' | 'simplex';
}
