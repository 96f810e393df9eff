import type { Order } from '../kernels/special/order.js';
import type { BoundFamily } from './density.js';
import { addJet, embed, embedding, jetLayout, jetLength } from './jet.js';
import { logSumExpInto } from './log-sum-exp.js';
import type { Uniform } from './samplers.js';

/** One class of a mixture per row: its density, and the joint predictor that stands for each of its own. */
export interface MixtureComponent {
  readonly bound: BoundFamily;
  readonly places: readonly number[];
}

export interface RowMixture extends BoundFamily {
  readonly classes: number;
  /** P(class k | y, eta) of one row, written to `into`. */
  posteriorInto(into: Float64Array, y: number, row: number, eta: Float64Array): void;
  /** P(class k | eta). */
  priorInto(into: Float64Array, eta: Float64Array): void;
}

/**
 * A mixture per row of plain densities, summed in closed form [GLMM-4]: the class probabilities are the softmax of the gates'
 * linear predictors.
 * @param D      joint predictors; some may be shared by classes
 * @param gates  joint predictor of each class's gate, -1 for the baseline
 * @param known  class of each row where it is known, else -1
 */
export function rowMixture(
  components: readonly MixtureComponent[],
  gates: readonly number[],
  known: Int32Array | null,
  names: readonly string[],
): RowMixture {
  const D = names.length;
  const layout = jetLayout(D);
  const K = components.length;
  const { size } = layout;
  const maps = components.map((c) => embedding(c.bound.layout, layout, c.places));
  const inner = components.map((c) => new Float64Array(c.bound.layout.size));
  const own = components.map((c) => new Float64Array(c.places.length));
  const jets = new Float64Array(K * size);
  const prior = new Float64Array(size);
  const probability = new Float64Array(K);

  const ownEta = (k: number, eta: Float64Array): Float64Array => {
    const { places } = components[k];
    for (let a = 0; a < places.length; a++) own[k][a] = eta[places[a]];
    return own[k];
  };
  const gate = (k: number, eta: Float64Array) => (gates[k] < 0 ? 0 : eta[gates[k]]);
  /** Jets of log(exp(gate_k) f_k) into `jets`; `withDensity` false: of the gates alone. */
  const fill = (y: number, row: number, eta: Float64Array, order: Order, withDensity: boolean): void => {
    const length = jetLength(layout, order);
    for (let k = 0; k < K; k++) {
      const jet = jets.subarray(k * size, (k + 1) * size);
      if (withDensity) {
        const { bound } = components[k];
        bound.jetInto(inner[k], y, row, ownEta(k, eta), order);
        embed(jet, inner[k], maps[k], jetLength(bound.layout, order), length);
      } else jet.fill(0, 0, length);
      jet[0] += gate(k, eta);
      if (order > 0 && gates[k] >= 0) jet[1 + gates[k]] += 1;
    }
  };
  const posteriorInto = (into: Float64Array, y: number, row: number, eta: Float64Array): void => {
    const certain = known === null ? -1 : known[row];
    fill(y, row, eta, 0, true);
    let top = Number.NEGATIVE_INFINITY;
    for (let k = 0; k < K; k++) if (jets[k * size] > top) top = jets[k * size];
    let sum = 0;
    for (let k = 0; k < K; k++) {
      into[k] = certain >= 0 ? (k === certain ? 1 : 0) : jets[k * size] > -1e300 ? Math.exp(jets[k * size] - top) : 0;
      sum += into[k];
    }
    for (let k = 0; k < K; k++) into[k] /= sum;
  };
  const priorProbabilities = (eta: Float64Array): Float64Array => {
    let top = Number.NEGATIVE_INFINITY;
    for (let k = 0; k < K; k++) top = Math.max(top, gate(k, eta));
    let sum = 0;
    for (let k = 0; k < K; k++) {
      probability[k] = Math.exp(gate(k, eta) - top);
      sum += probability[k];
    }
    for (let k = 0; k < K; k++) probability[k] /= sum;
    return probability;
  };
  const average = (eta: Float64Array, of: (bound: BoundFamily, eta: Float64Array) => number): number => {
    const p = priorProbabilities(eta);
    let sum = 0;
    for (let k = 0; k < K; k++) if (p[k] > 0) sum += p[k] * of(components[k].bound, ownEta(k, eta));
    return sum;
  };
  const mean = (row: number, eta: Float64Array) => average(eta, (bound, e) => bound.mean(row, e));
  return {
    layout,
    predictors: names,
    thresholds: null,
    discrete: components.every((c) => c.bound.discrete),
    support: (row) => [
      Math.min(...components.map((c) => c.bound.support(row)[0])),
      Math.max(...components.map((c) => c.bound.support(row)[1])),
    ],
    jetInto(jet, y, row, eta, order) {
      fill(y, row, eta, order, false);
      logSumExpInto(prior, jets, K, layout, order);
      fill(y, row, eta, order, true);
      const certain = known === null ? -1 : known[row];
      if (certain >= 0) jet.set(jets.subarray(certain * size, (certain + 1) * size));
      else logSumExpInto(jet, jets, K, layout, order);
      addJet(jet, prior, -1, jetLength(layout, order));
    },
    classes: K,
    posteriorInto,
    priorInto: (into, eta) => into.set(priorProbabilities(eta)),
    mean,
    variance(row, eta) {
      const m = mean(row, eta);
      return average(eta, (bound, e) => bound.variance(row, e) + (bound.mean(row, e) - m) ** 2);
    },
    cdf: (y, row, eta) => average(eta, (bound, e) => bound.cdf(y, row, e)),
    unitDeviance: () => Number.NaN,
    random(row, eta, uniform: Uniform) {
      const p = priorProbabilities(eta);
      let u = uniform();
      let k = 0;
      while (k < K - 1 && u > p[k]) u -= p[k++];
      return components[k].bound.random(row, ownEta(k, eta), uniform);
    },
    start() {
      const start = new Float64Array(D);
      components.forEach(({ bound, places }) => {
        bound.start().forEach((value, a) => {
          start[places[a]] = value;
        });
      });
      return start;
    },
  };
}
