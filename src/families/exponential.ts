import type { Order } from '../kernels/special/order.js';
import { coordinateFamily } from './coordinate-family.js';
import type { Family, FamilySignature } from './family.js';
import { gammaUnitDeviance } from './gamma.js';
import { jetLayout } from './jet.js';
import { logDifferenceInto } from './log-sum-exp.js';
import { sampleMoments } from './moments.js';
import { positive } from './parameter.js';

const signature: FamilySignature = {
  name: 'exponential',
  order: ['mu'],
  parameters: [positive('mu', 'location')],
  dataArguments: [],
  response: 'positive',
  hasScale: false,
};

/** Jet of log(S(lower) - S(upper)) in log mu, with log S(y) = -y / mu. */
function survivalInterval() {
  const low = new Float64Array(4);
  const high = new Float64Array(4);
  const phi = new Float64Array(4);
  const survival = (into: Float64Array, y: number, z: Float64Array) => {
    const t = y > 0 ? y * Math.exp(-z[0]) : 0;
    into.set(t < Number.POSITIVE_INFINITY ? [-t, t, -t, t] : [Number.NEGATIVE_INFINITY, 0, 0, 0]);
  };
  return (jet: Float64Array, lower: number, upper: number, z: Float64Array, order: Order): void => {
    survival(low, lower, z);
    survival(high, upper, z);
    logDifferenceInto(jet, low, high, layout, phi, order);
  };
}

const layout = jetLayout(1);

/** Exponential with mean mu. */
export const exponential: Family = {
  ...signature,
  bind(binding) {
    const interval = survivalInterval();
    return coordinateFamily(signature, binding, {
      discrete: false,
      support: () => [0, Number.POSITIVE_INFINITY],
      jetInto(jet, y, _row, z) {
        const t = y * Math.exp(-z[0]);
        jet[0] = y < 0 ? Number.NEGATIVE_INFINITY : -z[0] - t;
        jet[1] = t - 1;
        jet[2] = -t;
        jet[3] = t;
      },
      logIntervalInto: (jet, lower, upper, _row, z, order) => interval(jet, lower, upper, z, order),
      mean: (_row, z) => Math.exp(z[0]),
      variance: (_row, z) => Math.exp(2 * z[0]),
      cdf: (y, _row, z) => (y > 0 ? -Math.expm1(-y * Math.exp(-z[0])) : 0),
      unitDeviance: (y, _row, z) => gammaUnitDeviance(y, Math.exp(z[0])),
      random: (_row, z, uniform) => -Math.log(uniform()) * Math.exp(z[0]),
      start: () => [sampleMoments(binding.y).mean],
    });
  },
};
