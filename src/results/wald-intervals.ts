import { normalQuantile } from '../kernels/special/normal.js';
import type { Fit } from './fit.js';
import type { ConfidenceInterval, ConfidenceIntervals } from './profile.js';

/** estimate +- z se for every fixed effect that has a standard error; REML or not, the normal quantile, as R's Wald intervals have it. */
export function waldIntervals(fit: Fit, level = 0.95): ConfidenceIntervals {
  const z = normalQuantile((1 + level) / 2);
  const main = fit.fixef[0]?.predictor;
  const intervals = fit.fixef.flatMap(({ name, predictor, class: of, estimate, se }): ConfidenceInterval[] => {
    if (estimate === null || se === null || !(se >= 0)) return [];
    const shown = predictor === main ? name : `${predictor}[${name}]`;
    return [
      {
        name: of === null ? shown : `${shown}@${of}`,
        kind: 'coefficient',
        group: null,
        terms: [],
        predictor,
        class: of,
        estimate,
        lower: estimate - z * se,
        upper: estimate + z * se,
        lowerStatus: 'found',
        upperStatus: 'found',
        points: [],
      },
    ];
  });
  return {
    method: 'wald',
    level,
    criterion: fit.method,
    penalised: Math.abs(fit.objective - fit.deviance) > 1e-9,
    deviance: fit.deviance,
    intervals,
    evaluations: 0,
    shortfall: 0,
  };
}
