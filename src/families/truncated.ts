import { InternalError } from '../diagnostics/internal-error.js';
import type { Order } from '../kernels/special/order.js';
import type { BoundFamily, FamilyBinding } from './density.js';
import type { Family } from './family.js';
import { intervalByQuadrature } from './interval-quadrature.js';
import { intervalBySum } from './interval-sum.js';
import { addJet, jetLength } from './jet.js';

/** log P(lower <= Y <= upper) as a jet, and moments of Y on the interval. */
export interface Interval {
  jetInto(jet: Float64Array, lower: number, upper: number, row: number, eta: Float64Array, order: Order): void;
  /** E of g(Y) given lower <= Y <= upper. */
  expect(g: (y: number) => number, lower: number, upper: number, row: number, eta: Float64Array): number;
}

function bound(binding: FamilyBinding, name: string, none: number): (row: number) => number {
  const column = binding.data.get(name);
  return column === undefined ? () => none : (row) => column[row];
}

/** The family inside, given that lower <= y <= upper. */
export const truncated: Family = {
  name: 'truncated',
  order: ['f', 'lower', 'upper'],
  parameters: [],
  dataArguments: [
    { name: 'f', kind: 'family', required: true },
    { name: 'lower', kind: 'column', required: false },
    { name: 'upper', kind: 'column', required: false },
  ],
  response: 'inherit',
  hasScale: 'inherit',
  bind(binding, base): BoundFamily {
    if (base === null) throw new InternalError('truncated: no family inside');
    const { layout } = base;
    const lower = bound(binding, 'lower', Number.NEGATIVE_INFINITY);
    const upper = bound(binding, 'upper', Number.POSITIVE_INFINITY);
    const interval = base.discrete ? intervalBySum(base) : intervalByQuadrature(base);
    const normaliser = new Float64Array(layout.size);
    const mean = (row: number, eta: Float64Array) => interval.expect((y) => y, lower(row), upper(row), row, eta);
    return {
      layout,
      predictors: base.predictors,
      thresholds: null,
      discrete: base.discrete,
      support: (row) => [Math.max(lower(row), base.support(row)[0]), Math.min(upper(row), base.support(row)[1])],
      jetInto(jet, y, row, eta, order) {
        if (!(y >= lower(row) && y <= upper(row))) {
          jet.fill(0, 0, jetLength(layout, order));
          jet[0] = Number.NEGATIVE_INFINITY;
          return;
        }
        base.jetInto(jet, y, row, eta, order);
        interval.jetInto(normaliser, lower(row), upper(row), row, eta, order);
        addJet(jet, normaliser, -1, jetLength(layout, order));
        if (!(normaliser[0] > Number.NEGATIVE_INFINITY)) jet[0] = Number.NEGATIVE_INFINITY;
      },
      mean,
      variance(row, eta) {
        const centre = mean(row, eta);
        return interval.expect((y) => (y - centre) ** 2, lower(row), upper(row), row, eta);
      },
      cdf(y, row, eta) {
        if (y < lower(row)) return 0;
        if (y >= upper(row)) return 1;
        interval.jetInto(normaliser, lower(row), upper(row), row, eta, 0);
        const all = normaliser[0];
        interval.jetInto(normaliser, lower(row), y, row, eta, 0);
        return Math.min(1, Math.exp(normaliser[0] - all));
      },
      unitDeviance: () => Number.NaN,
      start: base.start,
      random(row, eta, uniform) {
        for (let tries = 0; tries < 20; tries++) {
          const y = base.random(row, eta, uniform);
          if (y >= lower(row) && y <= upper(row)) return y;
        }
        return invert(uniform(), (y) => this.cdf(y, row, eta), this.support(row), base.discrete);
      },
    };
  },
};

/** A value with P(Y <= y) = u by bisection, for bounds that rejection would hardly ever meet. */
function invert(u: number, cdf: (y: number) => number, support: readonly [number, number], discrete: boolean): number {
  let [low, high] = support;
  if (low === Number.NEGATIVE_INFINITY) for (low = Math.min(high, 0) - 1; cdf(low) > u && low > -1e300; low *= 2);
  if (high === Number.POSITIVE_INFINITY) for (high = Math.max(low, 0) + 1; cdf(high) < u && high < 1e300; high *= 2);
  if (discrete) low -= 1; // cdf(low) < u <= cdf(high) holds from here on
  for (let k = 0; k < 200; k++) {
    const middle = discrete ? Math.floor((low + high) / 2) : (low + high) / 2;
    if (middle === low || middle === high) break;
    if (cdf(middle) >= u) high = middle;
    else low = middle;
  }
  return high;
}
