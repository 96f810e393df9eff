import type { CovarianceModel } from './covariance-model.js';
import { lowerFactor, product } from './lower-factor.js';

/** Unstructured: the parameters are the lower triangle of Lambda by column, as in lme4 [LMM-2]. */
export const us: CovarianceModel = {
  name: 'us',
  rebase: 'triangular',
  triangular: true,
  parameterCount: (size) => (size * (size + 1)) / 2,
  startInto(parameters, at, size) {
    for (let c = 0, k = at; c < size; c++) for (let r = c; r < size; r++, k++) parameters[k] = r === c ? 1 : 0;
  },
  scaleInto(parameters, at, size, sd) {
    for (let c = 0, k = at; c < size; k += size - c, c++) parameters[k] = sd[c];
  },
  factorInto(lambda, start, size, parameters, at) {
    for (let c = 0, k = at; c < size; c++) {
      const column = start + c * size;
      for (let r = 0; r < c; r++) lambda[column + r] = 0;
      for (let r = c; r < size; r++, k++) lambda[column + r] = parameters[k];
    }
  },
  gradientInto(gradient, at, G, start, size) {
    for (let c = 0, k = at; c < size; c++) {
      const column = start + c * size;
      for (let r = c; r < size; r++, k++) gradient[k] += G[column + r];
    }
  },
  reportInto(into, at, size, parameters, units) {
    const lambda = new Float64Array(size * size);
    us.factorInto(lambda, 0, size, parameters, at, null);
    readLower(lowerFactor(product(units.inverse, lambda, size), size), size, into, at);
  },
  adoptInto(parameters, at, size, reported, units) {
    const lambda = new Float64Array(size * size);
    us.factorInto(lambda, 0, size, reported, at, null);
    readLower(lowerFactor(product(units.R, lambda, size), size), size, parameters, at);
  },
};

function readLower(L: Float64Array, size: number, into: Float64Array, at: number): void {
  for (let c = 0, k = at; c < size; c++) for (let r = c; r < size; r++, k++) into[k] = L[r + c * size];
}
