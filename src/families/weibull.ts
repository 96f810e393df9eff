import { logGamma, logGammaInto } from '../kernels/special/gamma.js';
import type { Order } from '../kernels/special/order.js';
import { coordinateFamily } from './coordinate-family.js';
import type { Family, FamilySignature } from './family.js';
import { composeInto, jetLayout } from './jet.js';
import { logDifferenceInto } from './log-sum-exp.js';
import { sampleMoments } from './moments.js';
import { positive } from './parameter.js';

const signature: FamilySignature = {
  name: 'weibull',
  order: ['mu', 'shape'],
  parameters: [positive('mu', 'location'), positive('shape', 'shape')],
  dataArguments: [],
  response: 'positive',
  hasScale: false,
};

const layout = jetLayout(2);

/** log of the scale: log mu - log Gamma(1 + 1 / shape). */
function logScale(z: Float64Array): number {
  return z[0] - logGamma(1 + Math.exp(-z[1]));
}

/**
 * In (log mu, c = log shape): with t = shape (log y - log scale), f = c + t - exp(t) - log y. The scale is
 * mu / Gamma(1 + 1 / shape), so that mu is the mean.
 */
function density() {
  const g = new Float64Array(4);
  const t = new Float64Array(layout.size);
  const phi = new Float64Array(4);
  const low = new Float64Array(layout.size);
  const high = new Float64Array(layout.size);
  /** Jet of t = shape (log y - log scale). */
  const exponent = (y: number, z: Float64Array, order: Order): void => {
    const k = Math.exp(z[1]);
    const r = 1 / k;
    logGammaInto(g, 1 + r, order);
    const s = Math.log(y) - z[0] + g[0];
    // derivatives of log Gamma(1 + exp(-c)) in c
    const g1 = -r * g[1];
    const g2 = r * g[1] + r * r * g[2];
    const g3 = -(r * g[1] + 3 * r * r * g[2] + r * r * r * g[3]);
    t[0] = k * s;
    t[1] = -k;
    t[2] = k * (s + g1);
    t[3] = 0;
    t[4] = -k;
    t[5] = k * (s + 2 * g1 + g2);
    t[6] = t[7] = 0;
    t[8] = -k;
    t[9] = k * (s + 3 * g1 + 3 * g2 + g3);
  };
  /** log S(y) = -exp(t). */
  const survival = (into: Float64Array, y: number, z: Float64Array, order: Order): void => {
    into.fill(0);
    if (!(y > 0)) return;
    if (y < Number.POSITIVE_INFINITY) {
      exponent(y, z, order);
      phi.fill(-Math.exp(t[0]));
      composeInto(into, t, layout, phi, order);
    } else into[0] = Number.NEGATIVE_INFINITY;
  };
  return {
    jet(jet: Float64Array, y: number, z: Float64Array, order: Order): void {
      exponent(y, z, order);
      const e = Math.exp(t[0]);
      phi[0] = t[0] - e;
      phi[1] = 1 - e;
      phi[2] = phi[3] = -e;
      composeInto(jet, t, layout, phi, order);
      jet[0] += z[1] - Math.log(y);
      if (order > 0) jet[2] += 1;
    },
    interval(jet: Float64Array, lower: number, upper: number, z: Float64Array, order: Order): void {
      survival(low, lower, z, order);
      survival(high, upper, z, order);
      logDifferenceInto(jet, low, high, layout, phi, order);
    },
  };
}

/** Weibull with mean mu (not scale) and shape. */
export const weibull: Family = {
  ...signature,
  bind(binding) {
    const of = density();
    return coordinateFamily(signature, binding, {
      discrete: false,
      support: () => [0, Number.POSITIVE_INFINITY],
      jetInto: (jet, y, _row, z, order) => of.jet(jet, y, z, order),
      logIntervalInto: (jet, lower, upper, _row, z, order) => of.interval(jet, lower, upper, z, order),
      mean: (_row, z) => Math.exp(z[0]),
      variance: (_row, z) =>
        Math.exp(2 * z[0]) * Math.expm1(logGamma(1 + 2 * Math.exp(-z[1])) - 2 * logGamma(1 + Math.exp(-z[1]))),
      cdf: (y, _row, z) => (y > 0 ? -Math.expm1(-Math.exp(Math.exp(z[1]) * (Math.log(y) - logScale(z)))) : 0),
      unitDeviance: () => Number.NaN,
      random: (_row, z, uniform) => Math.exp(logScale(z) + Math.log(-Math.log(uniform())) * Math.exp(-z[1])),
      start() {
        // log y of a Weibull has standard deviation pi / (sqrt(6) shape)
        const { variance } = sampleMoments(binding.y, Math.log);
        return [sampleMoments(binding.y).mean, Math.PI / Math.sqrt(6 * variance)];
      },
    });
  },
};
