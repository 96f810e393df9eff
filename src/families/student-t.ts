import { studentCdf } from '../kernels/distributions.js';
import { logRisingInto } from '../kernels/special/gamma.js';
import type { Order } from '../kernels/special/order.js';
import { coordinateFamily } from './coordinate-family.js';
import type { Family, FamilySignature } from './family.js';
import { intervalFromTails } from './interval-tails.js';
import { composeInto, jetLayout } from './jet.js';
import { sampleMoments } from './moments.js';
import { positive, real } from './parameter.js';
import { gammaSample, normalSample } from './samplers.js';
import { studentTail } from './student-tail.js';

const signature: FamilySignature = {
  name: 'student_t',
  order: ['df', 'mu', 'sigma'],
  parameters: [positive('df', 'shape'), real('mu', 'location'), positive('sigma', 'scale')],
  dataArguments: [],
  response: 'real',
  hasScale: true,
  dispersion: { parameter: 'sigma', of: (v) => v },
};

const layout = jetLayout(3);
const halfLogPi = Math.log(Math.PI) / 2;

/**
 * In (log df, mu, log sigma): with q = (y - mu)^2 / (df sigma^2) and A = (df + 1) / 2,
 *   f = log Gamma(A) - log Gamma(df / 2) - log(pi df) / 2 - log sigma - A log(1 + q).
 * As df grows, log Gamma(A) - log Gamma(df / 2) - log(df) / 2 tends to a constant and A log(1 + q) to r^2 / 2.
 */
function density() {
  const rising = new Float64Array(4);
  const q = new Float64Array(layout.size);
  const log1p = new Float64Array(4);
  return (jet: Float64Array, y: number, z: Float64Array, order: Order): void => {
    const df = Math.exp(z[0]);
    const r = y - z[1];
    const e = Math.exp(-2 * z[2] - z[0]); // 1 / (df sigma^2)
    q[0] = e * r * r;
    const d = -2 * e * r; // dq / dmu
    // derivatives of q: in log df multiply by -1, in log sigma by -2, in mu differentiate r^2
    q.set([-q[0], d, -2 * q[0]], 1);
    q.set([q[0], -d, 2 * q[0], 2 * e, -2 * d, 4 * q[0]], layout.second);
    q.set([-q[0], d, -2 * q[0], -2 * e, 2 * d, -4 * q[0], 0, -4 * e, 4 * d, -8 * q[0]], layout.third);
    const s = 1 / (1 + q[0]);
    log1p[0] = Math.log1p(q[0]);
    log1p[1] = s;
    log1p[2] = -s * s;
    log1p[3] = 2 * s * s * s;
    composeInto(jet, q, layout, log1p, order); // jet of L = log(1 + q)
    const A = (df + 1) / 2;
    const B = df / 2; // A's derivatives in log df, all orders
    if (order > 2) {
      const { tripleA, tripleB, tripleC, pairIndex } = layout;
      for (let k = 0; k < layout.triples; k++) {
        const a = tripleA[k];
        const b = tripleB[k];
        const c = tripleC[k];
        let v = -A * jet[layout.third + k];
        // variable 0 is log df: one term of the product rule for each way to give some of its derivatives to A
        if (a === 0) v -= B * jet[pairIndex[b * 3 + c]];
        if (b === 0) v -= B * jet[pairIndex[a * 3 + c]];
        if (c === 0) v -= B * jet[pairIndex[a * 3 + b]];
        if (a === 0 && b === 0) v -= B * jet[1 + c];
        if (b === 0 && c === 0) v -= B * jet[1 + a];
        if (a === 0 && c === 0) v -= B * jet[1 + b];
        if (a === 0 && b === 0 && c === 0) v -= B * jet[0];
        jet[layout.third + k] = v;
      }
    }
    if (order > 1) {
      for (let k = 0; k < layout.pairs; k++) {
        const a = layout.pairA[k];
        const b = layout.pairB[k];
        let v = -A * jet[layout.second + k];
        if (a === 0) v -= B * jet[1 + b];
        if (b === 0) v -= B * jet[1 + a];
        if (a === 0 && b === 0) v -= B * jet[0];
        jet[layout.second + k] = v;
      }
    }
    if (order > 0) {
      const L = jet[0];
      for (let a = 1; a <= 3; a++) jet[a] *= -A;
      jet[1] -= B * L;
    }
    logRisingInto(rising, B, 0.5, order);
    jet[0] = rising[0] - z[0] / 2 - halfLogPi - z[2] - A * jet[0];
    if (order > 0) {
      jet[1] += B * rising[1] - 0.5;
      jet[3] -= 1;
    }
    if (order > 1) jet[layout.second] += B * rising[1] + B * B * rising[2];
    if (order > 2) jet[layout.third] += B * rising[1] + 3 * B * B * rising[2] + B * B * B * rising[3];
  };
}

/** Location-scale t: mu is the median, sigma the scale (not the standard deviation). */
export const studentT: Family = {
  ...signature,
  bind(binding) {
    const jetOf = density();
    const everything = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] as const;
    const tail = studentTail((jet, y, _row, z, order) => jetOf(jet, y, z, order));
    const interval = intervalFromTails(layout, everything, tail);
    return coordinateFamily(signature, binding, {
      discrete: false,
      support: () => everything,
      jetInto: (jet, y, _row, z, order) => jetOf(jet, y, z, order),
      logIntervalInto: (jet, lower, upper, _row, z, order) => interval(jet, lower, upper, z, order, z[1]),
      mean: (_row, z) => (z[0] > 0 ? z[1] : Number.NaN),
      variance(_row, z) {
        const df = Math.exp(z[0]);
        return df > 2 ? (Math.exp(2 * z[2]) * df) / (df - 2) : Number.POSITIVE_INFINITY;
      },
      cdf: (y, _row, z) => studentCdf((y - z[1]) * Math.exp(-z[2]), Math.exp(z[0])),
      unitDeviance: () => Number.NaN,
      random(_row, z, uniform) {
        const df = Math.exp(z[0]);
        const scale = Math.sqrt(df / 2 / gammaSample(df / 2, uniform));
        return z[1] + Math.exp(z[2]) * normalSample(uniform) * scale;
      },
      start() {
        const { mean, variance } = sampleMoments(binding.y);
        return [8, mean, Math.sqrt(variance * 0.75)];
      },
      weighted: { parameter: 2, power: -0.5 },
    });
  },
};
