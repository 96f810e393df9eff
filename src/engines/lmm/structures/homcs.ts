import { angleToCorrelation, correlationToAngle, rootCoefficients, startCorrelation } from './compound-symmetry.js';
import type { CovarianceModel } from './covariance-model.js';

/** One standard deviation and one correlation [LMM-3]: Lambda = s R^(1/2); the parameters are s and the correlation's angle. */
export const homcs: CovarianceModel = {
  name: 'homcs',
  rebase: 'common',
  triangular: false,
  parameterCount: (size) => (size > 1 ? 2 : 1),
  startInto(parameters, at, size) {
    parameters[at] = 1;
    if (size > 1) parameters[at + 1] = correlationToAngle(startCorrelation, size);
  },
  scaleInto(parameters, at, _size, sd) {
    parameters[at] = Math.sqrt(sd.reduce((t, s) => t + s * s, 0) / sd.length);
  },
  factorInto(lambda, start, size, parameters, at) {
    const { a, b } = rootCoefficients(size > 1 ? parameters[at + 1] : 0, size);
    const s = parameters[at];
    for (let c = 0; c < size; c++)
      for (let r = 0; r < size; r++) lambda[start + c * size + r] = s * ((r === c ? a : 0) + b / size);
  },
  gradientInto(gradient, at, G, start, size, parameters) {
    const { a, b, da, db } = rootCoefficients(size > 1 ? parameters[at + 1] : 0, size);
    const s = parameters[at];
    for (let c = 0; c < size; c++) {
      for (let r = 0; r < size; r++) {
        const g = G[start + c * size + r];
        gradient[at] += g * ((r === c ? a : 0) + b / size);
        if (size > 1) gradient[at + 1] += s * g * ((r === c ? da : 0) + db / size);
      }
    }
  },
  reportInto(into, at, size, parameters, units) {
    into[at] = Math.abs(parameters[at]) / units.scale[0];
    if (size > 1) into[at + 1] = angleToCorrelation(parameters[at + 1], size);
  },
  adoptInto(parameters, at, size, reported, units) {
    parameters[at] = reported[at] * units.scale[0];
    if (size > 1) parameters[at + 1] = correlationToAngle(reported[at + 1], size);
  },
};
