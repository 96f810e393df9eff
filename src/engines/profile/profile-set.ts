import type { ConstrainedProblem, ProfiledParameter } from './profile-problem.js';

/** The parameters of a fitted model that can be profiled. */
export interface ProfileSet {
  readonly criterion: 'ml' | 'laplace' | 'agq';
  readonly penalised: boolean;
  readonly deviance: number; // at the optimum, priors and penalties included
  readonly parameters: readonly {
    readonly parameter: ProfiledParameter;
    /** Made only when it is asked for; null: nothing depends on the parameter, as on a correlation with an effect that is zero. */
    problem(): ConstrainedProblem | null;
  }[];
}
