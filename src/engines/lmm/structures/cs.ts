import { angleToCorrelation, correlationToAngle, rootCoefficients, startCorrelation } from './compound-symmetry.js';
import type { CovarianceModel } from './covariance-model.js';

/**
 * A standard deviation per column and one correlation [LMM-3]: Lambda = diag(s_j^2) R^(1/2). The parameters are s_1 .. s_k and
 * the angle of the correlation. A standard deviation is the square of its parameter because its sign would turn correlations
 * round, which is another model.
 */
export const cs: CovarianceModel = {
  name: 'cs',
  rebase: 'columns',
  triangular: false,
  parameterCount: (size) => (size > 1 ? size + 1 : 1),
  startInto(parameters, at, size) {
    parameters.fill(1, at, at + size);
    if (size > 1) parameters[at + size] = correlationToAngle(startCorrelation, size);
  },
  scaleInto(parameters, at, size, sd) {
    for (let c = 0; c < size; c++) parameters[at + c] = Math.sqrt(sd[c]);
  },
  factorInto(lambda, start, size, parameters, at) {
    const { a, b } = rootCoefficients(size > 1 ? parameters[at + size] : 0, size);
    for (let c = 0; c < size; c++)
      for (let r = 0; r < size; r++)
        lambda[start + c * size + r] = parameters[at + r] ** 2 * ((r === c ? a : 0) + b / size);
  },
  gradientInto(gradient, at, G, start, size, parameters) {
    const { a, b, da, db } = rootCoefficients(size > 1 ? parameters[at + size] : 0, size);
    for (let c = 0; c < size; c++) {
      for (let r = 0; r < size; r++) {
        const g = G[start + c * size + r];
        const s = parameters[at + r];
        gradient[at + r] += 2 * s * g * ((r === c ? a : 0) + b / size);
        if (size > 1) gradient[at + size] += s * s * g * ((r === c ? da : 0) + db / size);
      }
    }
  },
  reportInto(into, at, size, parameters, units) {
    for (let c = 0; c < size; c++) into[at + c] = parameters[at + c] ** 2 / units.scale[c];
    if (size > 1) into[at + size] = angleToCorrelation(parameters[at + size], size);
  },
  adoptInto(parameters, at, size, reported, units) {
    for (let c = 0; c < size; c++) parameters[at + c] = Math.sqrt(Math.abs(reported[at + c]) * units.scale[c]);
    if (size > 1) parameters[at + size] = correlationToAngle(reported[at + size], size);
  },
};
