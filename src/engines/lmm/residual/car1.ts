import type { CorrelationModel } from './correlation-model.js';
import { neighbourGaps, prepareSerial } from './serial.js';

/**
 * Errors at distance d have correlation phi^d, 0 <= phi < 1 [LMM-RES-3]. Distances are counted in the smallest gap between
 * neighbours, so that every power is at least one, and rho = phi^gap = v / (1 + v), v = (scale x)^2, is smooth where it vanishes. The
 * scale makes x of order one where neighbours at the median gap are moderately correlated.
 */
export const car1: CorrelationModel = {
  name: 'car1',
  prepare(groups) {
    const gaps = neighbourGaps(groups);
    const unit = gaps.length > 0 ? gaps[0] : 1;
    const median = gaps.length > 0 ? gaps[gaps.length >> 1] / unit : 1;
    const squareOf = (correlation: number): number => {
      const rho = correlation ** (1 / median);
      return rho / (1 - rho);
    };
    const scale = Math.sqrt(squareOf(0.5));
    return prepareSerial(groups, {
      name: 'cor.car1',
      rho: (x) => (scale * x) ** 2 / (1 + (scale * x) ** 2),
      slope: (x) => (2 * scale * scale * x) / (1 + (scale * x) ** 2) ** 2,
      logSquare: (x) => -2 * Math.log1p(1 / (scale * x) ** 2),
      parameter: (correlation) => Math.sqrt(squareOf(Math.max(correlation, leastStart))) / scale,
      unit,
    });
  },
};

/** At zero the gradient vanishes by symmetry: a search never starts there. */
const leastStart = 0.05;
