import { halfLog2Pi, logNormalCdf, normalCdf } from '../kernels/special/normal.js';
import type { Order } from '../kernels/special/order.js';
import { probitTails } from '../links/tails.js';
import { coordinateFamily } from './coordinate-family.js';
import type { Family, FamilySignature } from './family.js';
import { intervalFromTails, type NaturalTail } from './interval-tails.js';
import { composeInto, jetLayout } from './jet.js';
import { logDifferenceInto, logSumExpInto } from './log-sum-exp.js';
import { sampleMoments } from './moments.js';
import { positive } from './parameter.js';
import { normalSample } from './samplers.js';

const signature: FamilySignature = {
  name: 'inverse_gaussian',
  order: ['mu', 'shape'],
  parameters: [positive('mu', 'location'), positive('shape', 'shape')],
  dataArguments: [],
  response: 'positive',
  hasScale: true,
  dispersion: { parameter: 'shape', of: (v) => 1 / Math.sqrt(v) },
};

/** In (log mu, log shape), with z = y / mu and Q = (z - 1)^2 / y:  f = (log shape - log 2 pi - 3 log y - shape Q) / 2. */
function jetOf(jet: Float64Array, y: number, logMu: number, logShape: number, order: Order): void {
  const shape = Math.exp(logShape);
  const z = y * Math.exp(-logMu);
  const half = shape / (2 * y);
  const q = half * (z - 1) * (z - 1);
  jet[0] = logShape / 2 - halfLog2Pi - 1.5 * Math.log(y) - q;
  if (order < 1) return;
  const m = 2 * half * z * (z - 1);
  jet[1] = m;
  jet[2] = 0.5 - q;
  if (order < 2) return;
  const mm = -half * z * (4 * z - 2);
  jet[3] = mm;
  jet[4] = m;
  jet[5] = -q;
  if (order < 3) return;
  jet[6] = half * z * (8 * z - 2);
  jet[7] = mm;
  jet[8] = m;
  jet[9] = -q;
}

const layout = jetLayout(2);

/** The jet of c exp(m log mu + s log shape). */
function monomialInto(jet: Float64Array, c: number, m: number, s: number): void {
  jet.set([c, c * m, c * s, c * m * m, c * m * s, c * s * s, c * m ** 3, c * m * m * s, c * m * s * s, c * s ** 3]);
}

/**
 * Tails in (log mu, log shape) [GLMM-13]: with r = sqrt(shape / y), w = y / mu,
 *   P(Y <= y) = Phi(r (w - 1)) + exp(2 shape / mu) Phi(-r (w + 1)),   P(Y > y) = Phi(-r (w - 1)) - exp(2 shape / mu) Phi(-r (w + 1)).
 */
function inverseGaussianTail(): NaturalTail {
  const rw = new Float64Array(layout.size);
  const r = new Float64Array(layout.size);
  const t = new Float64Array(layout.size);
  const terms = new Float64Array(2 * layout.size);
  const [first, second] = [terms.subarray(0, layout.size), terms.subarray(layout.size)];
  const tails = new Float64Array(8);
  const phi = new Float64Array(4);
  /** The log of the lower (0) or upper (4) normal tail at t. */
  const tailInto = (into: Float64Array, at: 0 | 4, order: Order): void => {
    probitTails(tails, t[0], order);
    for (let k = 0; k < 4; k++) phi[k] = tails[at + k];
    composeInto(into, t, layout, phi, order);
  };
  return (jet, bound, z, order) => {
    const root = Math.exp(z[1] / 2) / Math.sqrt(bound);
    monomialInto(rw, root * bound * Math.exp(-z[0]), -1, 0.5);
    monomialInto(r, root, 0, 0.5);
    const isLower = rw[0] < r[0];
    for (let k = 0; k < layout.size; k++) t[k] = rw[k] - r[k];
    tailInto(first, isLower ? 0 : 4, order);
    for (let k = 0; k < layout.size; k++) t[k] = -rw[k] - r[k];
    tailInto(second, 0, order);
    monomialInto(r, 2 * Math.exp(z[1] - z[0]), -1, 1);
    for (let k = 0; k < layout.size; k++) second[k] += r[k];
    if (isLower) logSumExpInto(jet, terms, 2, layout, order);
    else logDifferenceInto(jet, first, second, layout, phi, order);
    return isLower;
  };
}

/** Inverse Gaussian with mean mu and variance mu^3 / shape. */
export const inverseGaussian: Family = {
  ...signature,
  bind(binding) {
    const interval = intervalFromTails(layout, [0, Number.POSITIVE_INFINITY], inverseGaussianTail());
    return coordinateFamily(signature, binding, {
      discrete: false,
      support: () => [0, Number.POSITIVE_INFINITY],
      jetInto: (jet, y, _row, z, order) => jetOf(jet, y, z[0], z[1], order),
      logIntervalInto: (jet, lower, upper, _row, z, order) => interval(jet, lower, upper, z, order, Math.exp(z[0])),
      mean: (_row, z) => Math.exp(z[0]),
      variance: (_row, z) => Math.exp(3 * z[0] - z[1]),
      cdf(y, _row, z) {
        if (!(y > 0)) return 0;
        const root = Math.exp(z[1] / 2) / Math.sqrt(y);
        const ratio = y * Math.exp(-z[0]);
        // the second term is a huge number times a tiny one
        const second = Math.exp(2 * Math.exp(z[1] - z[0]) + logNormalCdf(-root * (ratio + 1)));
        return Math.min(1, normalCdf(root * (ratio - 1)) + second);
      },
      unitDeviance(y, row, z) {
        const mu = Math.exp(z[0]);
        return (((y - mu) / mu) ** 2 / y) * (binding.weights?.[row] ?? 1);
      },
      // J. R. Michael, W. R. Schucany, R. W. Haas (1976), American Statistician 30; the root is written without cancellation
      random(_row, z, uniform) {
        const mu = Math.exp(z[0]);
        const t = (mu * normalSample(uniform) ** 2) / (2 * Math.exp(z[1]));
        const x = mu / (1 + t + Math.sqrt(t * (t + 2)));
        return uniform() <= mu / (mu + x) ? x : (mu * mu) / x;
      },
      start() {
        const { mean, variance } = sampleMoments(binding.y);
        return [mean, mean ** 3 / variance];
      },
      weighted: { parameter: 1, power: 1 },
    });
  },
};
