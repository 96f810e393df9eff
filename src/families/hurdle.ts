import { InternalError } from '../diagnostics/internal-error.js';
import type { BoundFamily } from './density.js';
import type { Family, FamilySignature } from './family.js';
import { addJet, composeInto, embed, embedding, jetLayout, jetLength } from './jet.js';
import { logComplementInto } from './log-sum-exp.js';
import { unit } from './parameter.js';
import { probabilityArgument } from './probability.js';

const signature: FamilySignature = {
  name: 'hurdle',
  order: ['f', 'hu'],
  parameters: [unit('hu', 'probability')],
  dataArguments: [{ name: 'f', kind: 'family', required: true }],
  response: 'inherit',
  hasScale: 'inherit',
  addsZero: true,
};

/** Zero with probability hu, else the family inside given that it is not zero. */
export const hurdle: Family = {
  ...signature,
  bind(binding, base): BoundFamily {
    if (base === null) throw new InternalError('hurdle: no family inside');
    const inside = base.layout.variables;
    const hu = probabilityArgument(signature.parameters[0], binding, inside);
    const D = inside + (hu.free ? 1 : 0);
    const layout = jetLayout(D);
    const map = embedding(
      base.layout,
      layout,
      base.predictors.map((_, a) => a),
    );
    const own = hu.free ? [0, 1 + inside, layout.pairIndex[inside * D + inside], layout.size - 1] : [0];
    const inner = new Float64Array(base.layout.size);
    const atZero = new Float64Array(base.layout.size);
    const phi = new Float64Array(4);
    /** log P(the family inside is zero) */
    const logZero = (row: number, eta: Float64Array) => {
      if (!base.discrete) return Number.NEGATIVE_INFINITY;
      base.jetInto(atZero, 0, row, eta, 0);
      return atZero[0];
    };
    /** 1 - P(the family inside is zero) */
    const positive = (row: number, eta: Float64Array) => -Math.expm1(logZero(row, eta));
    return {
      layout,
      predictors: hu.free ? [...base.predictors, 'hu'] : base.predictors,
      thresholds: null,
      discrete: base.discrete,
      support: (row) => [Math.min(0, base.support(row)[0]), base.support(row)[1]],
      jetInto(jet, y, row, eta, order) {
        const length = jetLength(layout, order);
        const tails = hu.tails(row, eta, order);
        const at = y === 0 ? 0 : 4;
        if (y === 0) jet.fill(0, 0, length);
        else {
          const small = jetLength(base.layout, order);
          base.jetInto(inner, y, row, eta, order);
          if (base.discrete) {
            base.jetInto(atZero, 0, row, eta, order);
            logComplementInto(phi, atZero[0]);
            composeInto(atZero, atZero, base.layout, phi, order);
            addJet(inner, atZero, -1, small);
          }
          embed(jet, inner, map, small, length);
        }
        for (let k = 0; k <= order && k < own.length; k++) jet[own[k]] += tails[at + k];
      },
      mean: (row, eta) => (hu.complement(row, eta) * base.mean(row, eta)) / positive(row, eta),
      variance(row, eta) {
        const p = hu.complement(row, eta) / positive(row, eta);
        const mean = base.mean(row, eta);
        return p * (base.variance(row, eta) + mean * mean) - (p * mean) ** 2;
      },
      cdf(y, row, eta) {
        if (y < 0) return 0;
        const zero = Math.exp(logZero(row, eta));
        return hu.value(row, eta) + (hu.complement(row, eta) * (base.cdf(y, row, eta) - zero)) / positive(row, eta);
      },
      unitDeviance: () => Number.NaN,
      random(row, eta, uniform) {
        if (uniform() < hu.value(row, eta)) return 0;
        for (let tries = 0; tries < 1000; tries++) {
          const y = base.random(row, eta, uniform);
          if (y !== 0) return y;
        }
        return base.discrete ? 1 : 0; // P(not zero) below 1e-3: what is not zero is one
      },
      start() {
        const start = new Float64Array(D);
        start.set(base.start());
        if (!hu.free) return start;
        let zeros = 0;
        for (const y of binding.y) if (y === 0) zeros++;
        start[inside] = hu.eta(Math.min(Math.max(zeros / binding.rows, 0.02), 0.98));
        return start;
      },
    };
  },
};
