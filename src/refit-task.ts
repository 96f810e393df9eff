import type { Diagnostic } from './diagnostics/diagnostic.js';
import { MmError } from './diagnostics/mm-error.js';
import type { Task } from './engines/index.js';
import { type RefitSubject, type RefitterOptions, refitter } from './refitter.js';
import type { Fit } from './results/fit.js';

/** What a refit keeps: all but what has an entry for every row or every level. */
const kept = [
  ...(['model', 'engine', 'method', 'family', 'link', 'rows', 'converged', 'singular', 'certificate'] as const),
  ...(['warnings', 'logLik', 'deviance', 'objective', 'aic', 'bic', 'parameters', 'fixef', 'vcov'] as const),
  ...(['varcorr', 'sigma', 'theta', 'familyParameters', 'mixture', 'evaluations'] as const),
] as const;

/** A fit without its rows and levels. */
export type SmallFit = Pick<Fit, (typeof kept)[number]>;

/** What a response comes to: a fit, or why there is none. */
export interface Refit {
  readonly fit?: SmallFit;
  readonly diagnostics: readonly Diagnostic[];
}

/** What every thread needs to fit responses. */
export interface RefitShared extends RefitSubject {
  readonly options: RefitterOptions;
}

/** Fits responses (design.rows numbers each) to one model: what a response comes to depends on itself alone. */
export const refitTask: Task<RefitShared, readonly Float64Array[], readonly Refit[]> = {
  name: 'refits',
  prepare({ options, ...subject }) {
    const refit = refitter(subject, options);
    const one = (y: Float64Array): Refit => {
      try {
        return { fit: smallFit(refit(y)), diagnostics: [] };
      } catch (error) {
        if (error instanceof MmError) return { diagnostics: error.diagnostics };
        throw error;
      }
    };
    return (responses) => responses.map(one);
  },
};

function smallFit(fit: Fit): SmallFit {
  return Object.fromEntries(kept.map((name) => [name, fit[name]])) as SmallFit; // of every name its own value
}
