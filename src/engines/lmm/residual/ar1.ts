import type { CorrelationModel } from './correlation-model.js';
import { prepareSerial } from './serial.js';

/** Errors of ranks t and t' of the positions have correlation rho^|t - t'|, rho = x / sqrt(1 + x^2) [LMM-RES-3]. */
export const ar1: CorrelationModel = {
  name: 'ar1',
  prepare: (groups) =>
    prepareSerial(groups, {
      name: 'cor.ar1',
      rho: (x) => x / Math.sqrt(1 + x * x),
      slope: (x) => (1 + x * x) ** -1.5,
      logSquare: (x) => -Math.log1p(1 / (x * x)),
      parameter: (correlation) => correlation / Math.sqrt(1 - correlation * correlation),
      unit: 1,
    }),
};
