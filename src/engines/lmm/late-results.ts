import type { Fit, RandomEffects } from '../../results/fit.js';
import { fittedValues } from './estimates.js';
import type { LmmWork } from './lmm-work.js';

/** What a result holds of each row and each level: most callers ask for none of it, and a large model has a lot. */
export type LateResults = Pick<Fit, 'fitted' | 'linear' | 'residuals' | 'ranef'>;

/**
 * The same, each computed when it is first asked for.
 * @param work  stands at the optimum, and stays there as long as the result is in use
 */
export function lateResults(work: LmmWork, effects: () => readonly RandomEffects[]): LateResults {
  const { y } = work.model;
  let fitted: Float64Array | undefined;
  let residuals: Float64Array | undefined;
  let ranef: readonly RandomEffects[] | undefined;
  const fittedOnce = (): Float64Array => {
    fitted ??= fittedValues(work);
    return fitted;
  };
  return {
    get fitted() {
      return fittedOnce();
    },
    get linear() {
      return fittedOnce();
    },
    get residuals() {
      if (residuals === undefined) {
        const own = fitted === undefined ? fittedValues(work) : fitted.slice();
        for (let i = 0; i < own.length; i++) own[i] = y[i] - own[i];
        residuals = own;
      }
      return residuals;
    },
    get ranef() {
      ranef ??= effects();
      return ranef;
    },
  };
}

/** All of it at once: for a work that goes on to other parameters or another response. */
export function resultsNow(late: LateResults): LateResults {
  const { fitted, linear, residuals, ranef } = late;
  return { fitted, linear, residuals, ranef };
}
