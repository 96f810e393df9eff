import type { CovarianceModel } from './covariance-model.js';
import { serialFactorInto, serialGradientInto } from './serial-factor.js';

/** Correlation phi between neighbours at whole distances, phi = sin t in [-1, 1] [LMM-4]. */
const decay = {
  phi: (t: number) => Math.sin(t),
  slope: (t: number) => Math.cos(t),
  side: (t: number) => Math.cos(t),
  /** (1 - phi^(2g)) / cos^2 t = 1 + phi^2 + ... + phi^(2g - 2), without the cancellation near |phi| = 1. */
  ratio(t: number, gap: number): number {
    const c2 = Math.cos(t) ** 2;
    return c2 === 0 ? gap : -Math.expm1(gap * Math.log1p(-c2)) / c2;
  },
  /** d side * sqrt(ratio) / dt = -g phi^(2g - 1) / sqrt(ratio) */
  sideSlope: (t: number, gap: number) => -gap * Math.sin(t) ** (2 * gap - 1),
};

/** First-order autoregression over a column of positions: one standard deviation (of either sign) and phi. */
export const ar1: CovarianceModel = {
  name: 'ar1',
  rebase: 'none',
  triangular: true,
  parameterCount: () => 2,
  startInto(parameters, at) {
    parameters[at] = 1;
    parameters[at + 1] = Math.asin(0.5);
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
  reportInto(into, at, _size, parameters) {
    into[at] = Math.abs(parameters[at]);
    into[at + 1] = Math.sin(parameters[at + 1]);
  },
  adoptInto(parameters, at, _size, reported) {
    parameters[at] = reported[at];
    parameters[at + 1] = Math.asin(Math.min(1, Math.max(-1, reported[at + 1])));
  },
};
