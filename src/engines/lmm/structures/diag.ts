import type { CovarianceModel } from './covariance-model.js';

/** Independent columns: one standard deviation each, of either sign [LMM-2]. */
export const diag: CovarianceModel = {
  name: 'diag',
  rebase: 'columns',
  triangular: true,
  parameterCount: (size) => size,
  startInto(parameters, at, size) {
    parameters.fill(1, at, at + size);
  },
  scaleInto(parameters, at, size, sd) {
    for (let c = 0; c < size; c++) parameters[at + c] = sd[c];
  },
  factorInto(lambda, start, size, parameters, at) {
    lambda.fill(0, start, start + size * size);
    for (let c = 0; c < size; c++) lambda[start + c * (size + 1)] = parameters[at + c];
  },
  gradientInto(gradient, at, G, start, size) {
    for (let c = 0; c < size; c++) gradient[at + c] += G[start + c * (size + 1)];
  },
  reportInto(into, at, size, parameters, units) {
    for (let c = 0; c < size; c++) into[at + c] = Math.abs(parameters[at + c]) / units.scale[c];
  },
  adoptInto(parameters, at, size, reported, units) {
    for (let c = 0; c < size; c++) parameters[at + c] = reported[at + c] * units.scale[c];
  },
};
