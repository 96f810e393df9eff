import type { CovarianceModel } from './covariance-model.js';
import { serialFactorInto, serialGradientInto } from './serial-factor.js';

/**
 * Correlation phi^distance with phi = sin^2 t the correlation over the smallest gap [LMM-4]: in units of that gap every power
 * is at least one, so phi^gap is smooth where phi vanishes.
 */
const decay = {
  phi: (t: number) => Math.sin(t) ** 2,
  slope: (t: number) => 2 * Math.sin(t) * Math.cos(t),
  side: (t: number) => Math.cos(t),
  /** (1 - phi^(2g)) / cos^2 t */
  ratio(t: number, gap: number): number {
    const c2 = Math.cos(t) ** 2;
    return c2 === 0 ? 2 * gap : -Math.expm1(2 * gap * Math.log1p(-c2)) / c2;
  },
  /** d side * sqrt(ratio) / dt = -2 g phi^(2g - 1) sin t / sqrt(ratio) */
  sideSlope: (t: number, gap: number) => -2 * gap * Math.sin(t) * (Math.sin(t) ** 2) ** (2 * gap - 1),
};

/** Continuous-time autoregression over a column of positions: one standard deviation (of either sign) and phi. */
export const car1: CovarianceModel = {
  name: 'car1',
  rebase: 'none',
  triangular: true,
  parameterCount: () => 2,
  startInto(parameters, at) {
    parameters[at] = 1;
    parameters[at + 1] = Math.asin(Math.sqrt(0.5));
  },
  scaleInto(parameters, at, _size, sd) {
    parameters[at] = sd[0];
  },
  factorInto(lambda, start, size, parameters, at, positions) {
    serialFactorInto(decay, lambda, start, size, parameters[at], parameters[at + 1], positions);
  },
  gradientInto(gradient, at, G, start, size, parameters, positions) {
    serialGradientInto(decay, gradient, at, G, start, size, parameters[at], parameters[at + 1], positions);
  },
  reportInto(into, at, _size, parameters, units) {
    into[at] = Math.abs(parameters[at]);
    into[at + 1] = (Math.sin(parameters[at + 1]) ** 2) ** (1 / units.unit);
  },
  adoptInto(parameters, at, _size, reported, units) {
    parameters[at] = reported[at];
    parameters[at + 1] = Math.asin(Math.sqrt(Math.min(1, Math.max(0, reported[at + 1])) ** units.unit));
  },
};
