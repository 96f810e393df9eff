import { gaussLegendre } from '../kernels/special/gauss-legendre.js';
import type { Order } from '../kernels/special/order.js';
import type { BoundFamily } from './density.js';
import { logSumExpInto } from './log-sum-exp.js';
import type { Interval } from './truncated.js';

const nodesPerPanel = 12;
const panelWidth = 0.5;
/** The integrand is followed until it has fallen by this much (on the log scale) from its top. */
const depth = 40;
const furthest = 60;

/**
 * P(lower <= Y <= upper) of a continuous family: the closed form where it has one, else Gauss-Legendre panels on
 * s, where y, log y or logit y (by support) is centre + spread sinh(s): short for normal tails and for heavy ones.
 * The derivatives are those of the same sum, term by term, with the nodes held.
 */
export function intervalByQuadrature(base: BoundFamily): Interval {
  const { layout } = base;
  const { size } = layout;
  const rule = gaussLegendre(nodesPerPanel);
  const most = Math.ceil((2 * furthest) / panelWidth) * nodesPerPanel;
  let jets = new Float64Array(0);
  const nodes = new Float64Array(most);
  const logWeights = new Float64Array(most);
  const value = new Float64Array(size);

  /** Places the nodes for a row; returns how many. */
  const place = (lower: number, upper: number, row: number, eta: Float64Array): number => {
    const [lowest, highest] = base.support(row);
    const map = highest < Number.POSITIVE_INFINITY ? logitMap : lowest === 0 ? logMap : identityMap;
    const mean = base.mean(row, eta);
    const sd = Math.sqrt(base.variance(row, eta));
    const inside = Math.min(Math.max(0, lower), upper);
    const middle = Number.isFinite(mean) ? mean : Number.isFinite(inside) ? inside : 1;
    const centre = map.to(middle);
    const spread = map.scale(middle, Number.isFinite(sd) && sd > 0 ? sd : 1);
    const at = (s: number) => map.from(centre + spread * Math.sinh(s));
    const clip = (bound: number, none: number) => {
      const t = Math.asinh((map.to(bound) - centre) / spread);
      return Number.isFinite(t) ? Math.min(Math.max(t, -furthest), furthest) : none;
    };
    const logIntegrand = (s: number): number => {
      const y = at(s);
      base.jetInto(value, y, row, eta, 0);
      const f = value[0] + Math.log(spread * Math.cosh(s)) + map.logSlope(y);
      return Number.isNaN(f) ? Number.NEGATIVE_INFINITY : f;
    };
    const from = clip(Math.max(lower, lowest), -furthest);
    const to = clip(Math.min(upper, highest), furthest);
    // the part of [from, to] in which the integrand is not negligible
    const steps = Math.max(1, Math.ceil((to - from) / panelWidth));
    const width = (to - from) / steps;
    let top = Number.NEGATIVE_INFINITY;
    for (let k = 0; k <= steps; k++) top = Math.max(top, logIntegrand(from + k * width));
    let count = 0;
    for (let k = 0; k < steps; k++) {
      const left = from + k * width;
      if (Math.max(logIntegrand(left), logIntegrand(left + width)) < top - depth) continue;
      for (let m = 0; m < nodesPerPanel; m++) {
        const s = left + (width * (1 + rule.nodes[m])) / 2;
        const y = at(s);
        nodes[count] = y;
        logWeights[count] = Math.log((rule.weights[m] * width) / 2) + Math.log(spread * Math.cosh(s)) + map.logSlope(y);
        count++;
      }
    }
    return count;
  };
  return {
    jetInto(jet, lower, upper, row, eta, order: Order) {
      if (base.logIntervalInto) {
        base.logIntervalInto(jet, lower, upper, row, eta, order);
        return;
      }
      const count = place(lower, upper, row, eta);
      if (jets.length < count * size) jets = new Float64Array(count * size);
      for (let k = 0; k < count; k++) {
        const one = jets.subarray(k * size, (k + 1) * size);
        base.jetInto(one, nodes[k], row, eta, order);
        one[0] += logWeights[k];
      }
      logSumExpInto(jet, jets, count, layout, order);
    },
    expect(g, lower, upper, row, eta) {
      const count = place(lower, upper, row, eta);
      let sum = 0;
      let total = 0;
      for (let k = 0; k < count; k++) {
        base.jetInto(value, nodes[k], row, eta, 0);
        const p = Math.exp(value[0] + logWeights[k]);
        if (!(p > 0)) continue;
        total += p;
        sum += p * g(nodes[k]);
      }
      return sum / total;
    },
  };
}

/** A map of the support onto the real line, with log |dy / dt|. */
interface SupportMap {
  to(y: number): number;
  from(t: number): number;
  logSlope(y: number): number;
  /** The spread on the line of a spread sd about y. */
  scale(y: number, sd: number): number;
}

const identityMap: SupportMap = { to: (y) => y, from: (t) => t, logSlope: () => 0, scale: (_y, sd) => sd };
const logMap: SupportMap = {
  to: (y) => Math.log(Math.max(y, 0)),
  from: Math.exp,
  logSlope: Math.log,
  scale: (y, sd) => Math.sqrt(Math.log1p((sd / y) ** 2)),
};
const logitMap: SupportMap = {
  to: (y) => Math.log(Math.max(y, 0)) - Math.log(Math.max(1 - y, 0)),
  from: (t) => 1 / (1 + Math.exp(-t)),
  logSlope: (y) => Math.log(y) + Math.log1p(-y),
  scale: (y, sd) => sd / (y * (1 - y)),
};
