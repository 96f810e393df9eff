import { InternalError } from '../diagnostics/internal-error.js';
import type { Order } from '../kernels/special/order.js';
import { links } from '../links/index.js';
import { type LogTails, logTails } from '../links/tails.js';
import type { BoundFamily } from './density.js';
import type { Family, FamilySignature } from './family.js';
import { composeInto, jetLayout } from './jet.js';
import { logComplementInto } from './log-sum-exp.js';

const signature: FamilySignature = {
  name: 'cumulative',
  order: ['eta', 'link'],
  parameters: [
    {
      name: 'eta',
      role: 'location',
      defaultLink: 'identity',
      links: ['identity'],
      support: 'real',
      mayBeData: false,
    },
  ],
  dataArguments: [{ name: 'link', kind: 'link', required: false }],
  response: 'ordered',
  hasScale: false,
};

const inner = jetLayout(2);
const layout = jetLayout(3);

/** Jet in (a, b) of log(F(a) - F(b)), a > b, from the logarithms of F or of 1 - F, whichever is the smaller. */
function intervalJet(tails: LogTails) {
  const ofA = new Float64Array(8);
  const ofB = new Float64Array(8);
  const difference = new Float64Array(inner.size);
  const phi = new Float64Array(4);
  return (jet: Float64Array, a: number, b: number, order: Order): void => {
    tails(ofA, a, order);
    tails(ofB, b, order);
    // F(a) - F(b) = (1 - F(b)) - (1 - F(a)): the larger term first, both at most about a half where possible
    const low = ofA[0] < ofB[4];
    const large = low ? ofA : ofB;
    const small = low ? ofB : ofA;
    const at = low ? 0 : 4;
    const own = low ? 0 : 1; // the variable of the larger term
    const other = 1 - own;
    difference.fill(0);
    difference[0] = small[at] - large[at];
    difference[1 + own] = -large[at + 1];
    difference[1 + other] = small[at + 1];
    difference[inner.pairIndex[3 * own]] = -large[at + 2];
    difference[inner.pairIndex[3 * other]] = small[at + 2];
    difference[inner.tripleIndex[7 * own]] = -large[at + 3];
    difference[inner.tripleIndex[7 * other]] = small[at + 3];
    if (difference[0] === Number.NEGATIVE_INFINITY) {
      jet.fill(0, 0, inner.size);
    } else {
      logComplementInto(phi, difference[0]);
      composeInto(jet, difference, inner, phi, order);
    }
    jet[0] += large[at];
    jet[1 + own] += large[at + 1];
    jet[inner.pairIndex[3 * own]] += large[at + 2];
    jet[inner.tripleIndex[7 * own]] += large[at + 3];
  };
}

/** Ordered categories: P(y <= k) = F(threshold[k] - eta), F the inverse of the link. Predictors: eta, upper, lower. */
export const cumulative: Family = {
  ...signature,
  bind(binding): BoundFamily {
    const name = binding.link ?? 'logit';
    const tails = logTails[name];
    if (tails === undefined || name === 'log' || name === 'identity')
      throw new InternalError('cumulative: not a link of a distribution function', name);
    const K = binding.categories;
    const interval = intervalJet(tails);
    const t = new Float64Array(inner.size);
    const edge = new Float64Array(8);
    /** Jet in (a, b), a = upper - eta and b = lower - eta, of category y. */
    const argumentsJet = (y: number, a: number, b: number, order: Order): void => {
      if (y > 1 && y < K) {
        interval(t, a, b, order);
        return;
      }
      t.fill(0);
      tails(edge, y === 1 ? a : b, order);
      const at = y === 1 ? 0 : 4;
      t[0] = edge[at];
      t[y === 1 ? 1 : 2] = edge[at + 1];
      t[y === 1 ? 3 : 5] = edge[at + 2];
      t[y === 1 ? 6 : 9] = edge[at + 3];
    };
    const link = links[name];
    const cuts = new Float64Array(K - 1);
    const above = (k: number, eta: Float64Array) => 1 - link.inverse(cuts[k] - eta[0]);
    return {
      layout,
      predictors: ['eta', 'upper', 'lower'],
      thresholds: {
        start() {
          const counts = new Float64Array(K);
          for (const y of binding.y) counts[y - 1]++;
          let sum = 0;
          return Float64Array.from({ length: K - 1 }, (_, k) => {
            sum += counts[k];
            return link.link((sum + 0.5 * (k + 1)) / (binding.rows + 0.5 * K));
          });
        },
        use: (values) => cuts.set(values),
      },
      discrete: true,
      support: () => [1, K],
      jetInto(jet, y, _row, eta, order) {
        argumentsJet(y, eta[1] - eta[0], eta[2] - eta[0], order);
        jet[0] = t[0];
        if (order < 1) return;
        jet[1] = -t[1] - t[2];
        jet[2] = t[1];
        jet[3] = t[2];
        if (order < 2) return;
        jet[4] = t[3] + 2 * t[4] + t[5];
        jet[5] = -t[3] - t[4];
        jet[6] = -t[4] - t[5];
        jet[7] = t[3];
        jet[8] = t[4];
        jet[9] = t[5];
        if (order < 3) return;
        jet[10] = -t[6] - 3 * t[7] - 3 * t[8] - t[9];
        jet[11] = t[6] + 2 * t[7] + t[8];
        jet[12] = t[7] + 2 * t[8] + t[9];
        jet[13] = -t[6] - t[7];
        jet[14] = -t[7] - t[8];
        jet[15] = -t[8] - t[9];
        jet[16] = t[6];
        jet[17] = t[7];
        jet[18] = t[8];
        jet[19] = t[9];
      },
      mean(_row, eta) {
        let mean = 1;
        for (let k = 0; k < K - 1; k++) mean += above(k, eta);
        return mean;
      },
      variance(_row, eta) {
        let mean = 0;
        let square = 0;
        // of y - 1: E y = sum P(y > k), E y^2 = sum (2 k + 1) P(y > k)
        for (let k = 0; k < K - 1; k++) {
          mean += above(k, eta);
          square += (2 * k + 1) * above(k, eta);
        }
        return square - mean * mean;
      },
      cdf: (y, _row, eta) => (y < 1 ? 0 : y >= K ? 1 : link.inverse(cuts[Math.floor(y) - 1] - eta[0])),
      unitDeviance(y, _row, eta) {
        argumentsJet(y, eta[1] - eta[0], eta[2] - eta[0], 0);
        return -2 * t[0];
      },
      random(_row, eta, uniform) {
        const u = uniform();
        let y = 1;
        while (y < K && u > link.inverse(cuts[y - 1] - eta[0])) y++;
        return y;
      },
      start: () => new Float64Array(3),
    };
  },
};
