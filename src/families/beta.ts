import { logGammaInto } from '../kernels/special/gamma.js';
import { betaCdf } from '../kernels/special/incomplete.js';
import type { Order } from '../kernels/special/order.js';
import { betaFraction } from './beta-fraction.js';
import { coordinateFamily } from './coordinate-family.js';
import type { Family, FamilySignature } from './family.js';
import { intervalFromTails, type NaturalTail } from './interval-tails.js';
import { addJet, composeInto, jetLayout, jetLength } from './jet.js';
import { logarithmInto } from './jet-arithmetic.js';
import { sampleMoments } from './moments.js';
import { positive, unit } from './parameter.js';
import { betaSample } from './samplers.js';

const signature: FamilySignature = {
  name: 'beta',
  order: ['mu', 'phi'],
  parameters: [unit('mu', 'location'), positive('phi', 'shape')],
  dataArguments: [],
  response: 'unit',
  hasScale: false,
  dispersion: { parameter: 'phi', of: (v) => v },
};

const layout = jetLayout(2);

/** exp(x) / (1 + exp(x)) */
export function logistic(x: number): number {
  const e = Math.exp(-Math.abs(x));
  return x < 0 ? e / (1 + e) : 1 / (1 + e);
}

/**
 * Jets in (m = logit mu, log phi) of the two shapes a = mu phi and b = (1 - mu) phi; `side` is 1 for a and -1 for b,
 * which is a at -m.
 */
export function shapeJet(jet: Float64Array, m: number, logPhi: number, side: 1 | -1): void {
  const p = logistic(side * m);
  const q = logistic(-side * m);
  const phi = Math.exp(logPhi);
  const a = p * phi;
  const v = side * a * q; // derivative in m; the next two follow from p' = p q
  const vv = a * q * (q - p);
  const vvv = side * a * q * (1 - 6 * p * q);
  jet[0] = a;
  jet[1] = v;
  jet[2] = a;
  jet[3] = vv;
  jet[4] = v;
  jet[5] = a;
  jet[6] = vvv;
  jet[7] = vv;
  jet[8] = v;
  jet[9] = a;
}

/** f = log Gamma(a + b) - log Gamma(a) - log Gamma(b) + (a - 1) log y + (b - 1) log(1 - y), term by term. */
function density() {
  const g = new Float64Array(4);
  const shape = new Float64Array(layout.size);
  const term = new Float64Array(layout.size);
  const add = (jet: Float64Array, m: number, logPhi: number, side: 1 | -1, logResponse: number, order: Order) => {
    shapeJet(shape, m, logPhi, side);
    logGammaInto(g, shape[0], order);
    g[0] = (shape[0] - 1) * logResponse - g[0];
    g[1] = logResponse - g[1];
    g[2] = -g[2];
    g[3] = -g[3];
    composeInto(term, shape, layout, g, order);
    addJet(jet, term, 1, jetLength(layout, order));
  };
  return (jet: Float64Array, y: number, z: Float64Array, order: Order): void => {
    const phi = Math.exp(z[1]);
    logGammaInto(g, phi, order);
    jet.fill(0, 0, layout.size);
    jet[0] = g[0];
    jet[2] = phi * g[1];
    jet[5] = phi * (g[1] + phi * g[2]);
    jet[9] = phi * (g[1] + phi * (3 * g[2] + phi * g[3]));
    add(jet, z[0], z[1], 1, Math.log(y), order);
    add(jet, z[0], z[1], -1, Math.log1p(-y), order);
  };
}

/** Tails in (logit mu, log phi) [GLMM-13]: I_x(a, b) = x y f(x) / fraction, y = 1 - x, on the side of the mean where that is small. */
function betaTail(jetOf: ReturnType<typeof density>): NaturalTail {
  const K = new Float64Array(layout.size);
  const a = new Float64Array(layout.size);
  const b = new Float64Array(layout.size);
  const x = new Float64Array(layout.size);
  const y = new Float64Array(layout.size);
  const phi = new Float64Array(4);
  const fraction = betaFraction(layout);
  return (jet, bound, z, order) => {
    shapeJet(a, z[0], z[1], 1);
    shapeJet(b, z[0], z[1], -1);
    x[0] = bound;
    y[0] = 1 - bound;
    const isLower = bound * (a[0] + b[0]) <= a[0];
    if (isLower) fraction(jet, x, y, a, b, order);
    else fraction(jet, y, x, b, a, order);
    logarithmInto(jet, jet, layout, phi, order);
    jetOf(K, bound, z, order);
    K[0] += Math.log(bound) + Math.log1p(-bound);
    for (let k = 0; k < jetLength(layout, order); k++) jet[k] = K[k] - jet[k];
    return isLower;
  };
}

/** Beta with mean mu and variance mu (1 - mu) / (1 + phi). */
export const beta: Family = {
  ...signature,
  bind(binding) {
    const jetOf = density();
    const interval = intervalFromTails(layout, [0, 1], betaTail(jetOf));
    const a = (z: Float64Array) => logistic(z[0]) * Math.exp(z[1]);
    const b = (z: Float64Array) => logistic(-z[0]) * Math.exp(z[1]);
    return coordinateFamily(signature, binding, {
      discrete: false,
      support: () => [0, 1],
      jetInto: (jet, y, _row, z, order) => jetOf(jet, y, z, order),
      logIntervalInto: (jet, lower, upper, _row, z, order) => interval(jet, lower, upper, z, order, logistic(z[0])),
      mean: (_row, z) => logistic(z[0]),
      variance: (_row, z) => (logistic(z[0]) * logistic(-z[0])) / (1 + Math.exp(z[1])),
      cdf: (y, _row, z) => betaCdf(y, a(z), b(z)),
      unitDeviance: () => Number.NaN,
      random: (_row, z, uniform) => betaSample(a(z), b(z), uniform),
      start() {
        const { mean, variance } = sampleMoments(binding.y);
        return [mean, Math.max((mean * (1 - mean)) / variance - 1, 0.1)];
      },
    });
  },
};
