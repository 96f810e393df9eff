import { define } from '../define.js';

/** MM53x: intervals; MM54x: comparisons. */
export const inferenceCodes = {
  MM531: define<Record<never, never>>({
    severity: 'note',
    message: () => 'a REML fit is profiled on the ML deviance: the estimates shown are those of ML',
  }),
  MM532: define<{ reason: string }>({
    severity: 'error',
    message: (p) => `there are no profile intervals: ${p.reason}`,
    hint: () => 'Wald intervals are to be had: --method wald',
  }),
  MM533: define<{ names: readonly string[] }>({
    severity: 'warning',
    message: (p) =>
      `${p.names.length === 1 ? 'an interval has' : 'intervals have'} no end on one side: ${p.names.join(', ')}`,
    hint: () => 'the likelihood levels off there; a prior would keep the estimate finite',
  }),
  MM534: define<{ shortfall: number }>({
    severity: 'warning',
    message: (p) =>
      `a constrained fit has a lower deviance than the fit itself, by ${p.shortfall.toPrecision(2)}: the fit is not the optimum, and the intervals are not about it`,
    hint: () => 'the likelihood has several maxima; simplify the model or give its parameters priors',
  }),
  MM535: define<{ names: readonly string[] }>({
    severity: 'warning',
    message: (p) => `constrained fits failed for limits of ${p.names.join(', ')}`,
    hint: () => 'these limits are left out; Wald intervals are to be had: --method wald',
  }),
  MM536: define<{ name: string; known: string }>({
    severity: 'error',
    message: (p) => `no parameter is called ${p.name}`,
    hint: (p) => `there are ${p.known}`,
  }),
  MM541: define<{ models: readonly string[] }>({
    severity: 'error',
    message: (p) => `${p.models.join(' and ')} are not fitted to the same rows of the same response`,
    hint: () =>
      'likelihoods are only comparable on the same data: leave rows with missing values out of both with `where`',
  }),
  MM542: define<{ models: readonly string[] }>({
    severity: 'note',
    message: (p) =>
      `fitted again by ML: ${p.models.join(', ')}; restricted likelihoods with different fixed effects cannot be compared`,
  }),
  MM543: define<{ model: string }>({
    severity: 'error',
    message: (p) => `there is nothing to compare ${p.model} with`,
    hint: () => 'give several files, or a file with several models',
  }),
  MM544: define<{ larger: string; smaller: string; short: number }>({
    severity: 'warning',
    message: (p) =>
      `${p.larger} contains ${p.smaller} but has a lower log-likelihood, by ${p.short.toPrecision(2)}: its fit is not the optimum`,
    hint: () => 'do not trust the test; fit the larger model again from elsewhere or simplify it',
  }),
};
