import { InternalError } from '../diagnostics/internal-error.js';
import type { Order } from '../kernels/special/order.js';
import type { BoundFamily } from './density.js';
import type { Family, FamilySignature } from './family.js';
import { embed, embedding, jetLayout, jetLength } from './jet.js';
import { logSumExpInto } from './log-sum-exp.js';
import { unit } from './parameter.js';
import { probabilityArgument } from './probability.js';

const signature: FamilySignature = {
  name: 'zero_inflated',
  order: ['f', 'zi'],
  parameters: [unit('zi', 'probability')],
  dataArguments: [{ name: 'f', kind: 'family', required: true }],
  response: 'inherit',
  hasScale: 'inherit',
  addsZero: true,
};

/** Zero with probability zi, else the family inside (which may give zero as well). */
export const zeroInflated: Family = {
  ...signature,
  bind(binding, base): BoundFamily {
    if (base === null) throw new InternalError('zero_inflated: no family inside');
    const inside = base.layout.variables;
    const zi = probabilityArgument(signature.parameters[0], binding, inside);
    const D = inside + (zi.free ? 1 : 0);
    const layout = jetLayout(D);
    const map = embedding(
      base.layout,
      layout,
      base.predictors.map((_, a) => a),
    );
    // where the derivatives of a function of the zi predictor alone stand
    const own = zi.free ? [0, 1 + inside, layout.pairIndex[inside * D + inside], layout.size - 1] : [0];
    const inner = new Float64Array(base.layout.size);
    const both = new Float64Array(2 * layout.size);
    const ofBase = both.subarray(0, layout.size);
    const ofZero = both.subarray(layout.size);
    const addTail = (jet: Float64Array, tails: Float64Array, at: number, order: Order) => {
      for (let k = 0; k <= order && k < own.length; k++) jet[own[k]] += tails[at + k];
    };
    const baseJet = (into: Float64Array, y: number, row: number, eta: Float64Array, order: Order) => {
      base.jetInto(inner, y, row, eta, order);
      embed(into, inner, map, jetLength(base.layout, order), jetLength(layout, order));
    };
    /** Whether the density of the family inside is one of probabilities, to which that of zero can be added. */
    const zeroInside = base.discrete;
    return {
      layout,
      predictors: zi.free ? [...base.predictors, 'zi'] : base.predictors,
      thresholds: null,
      discrete: base.discrete,
      support: (row) => [Math.min(0, base.support(row)[0]), base.support(row)[1]],
      jetInto(jet, y, row, eta, order) {
        const tails = zi.tails(row, eta, order);
        if (y !== 0) {
          baseJet(jet, y, row, eta, order);
          addTail(jet, tails, 4, order);
          return;
        }
        if (!zeroInside) {
          jet.fill(0, 0, jetLength(layout, order));
          addTail(jet, tails, 0, order);
          return;
        }
        baseJet(ofBase, 0, row, eta, order);
        addTail(ofBase, tails, 4, order);
        ofZero.fill(0);
        addTail(ofZero, tails, 0, order);
        logSumExpInto(jet, both, 2, layout, order);
      },
      mean: (row, eta) => zi.complement(row, eta) * base.mean(row, eta),
      variance(row, eta) {
        const p = zi.complement(row, eta);
        return p * (base.variance(row, eta) + (1 - p) * base.mean(row, eta) ** 2);
      },
      cdf: (y, row, eta) => (y >= 0 ? zi.value(row, eta) : 0) + zi.complement(row, eta) * base.cdf(y, row, eta),
      unitDeviance: () => Number.NaN,
      random: (row, eta, uniform) => (uniform() < zi.value(row, eta) ? 0 : base.random(row, eta, uniform)),
      start() {
        const start = new Float64Array(D);
        start.set(base.start());
        if (!zi.free) return start;
        let zeros = 0;
        for (const y of binding.y) if (y === 0) zeros++;
        // half of the zeros are taken for structural ones
        const p = zeros / binding.rows;
        start[inside] = zi.eta(Math.min(Math.max(zeroInside ? p / 2 : p, 0.02), 0.98));
        return start;
      },
    };
  },
};
