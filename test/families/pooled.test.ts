import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { repeatedRows } from '../../src/families/batch.js';
import { bindFamily, type FamilyChain } from '../../src/families/bind-family.js';
import { type BatchLoop, type BoundFamily, rowDerivatives } from '../../src/families/density.js';
import type { LinkName } from '../../src/links/link.js';

/** Relative to the sum of the terms' sizes: sums in another order, and exponentials that are good to some units. */
const tolerance = 1e-12;

const sums = 3;

interface Rows {
  readonly of: number[];
  readonly size: number[];
  readonly share: number[];
  readonly eta: number[];
}

const someRows = fc.integer({ min: 1, max: 12 }).chain((n) => {
  const each = <T>(one: fc.Arbitrary<T>) => fc.array(one, { minLength: n, maxLength: n });
  const eta = fc.oneof(fc.double({ min: -3, max: 3, noNaN: true }), fc.constantFrom(-40, -12, 0, 6));
  return fc.record({
    of: each(fc.integer({ min: 0, max: sums - 1 })),
    size: each(fc.integer({ min: 1, max: 20 })),
    share: each(fc.double({ min: 0, max: 1, noNaN: true })),
    eta: fc.array(eta, { minLength: sums, maxLength: sums }),
  });
});

function bound(
  chain: FamilyChain,
  link: LinkName,
  parameter: string,
  rows: Rows,
): { y: Float64Array; of: BoundFamily } {
  const size = chain[0] === 'bernoulli' ? rows.size.map(() => 1) : rows.size;
  const y = Float64Array.from(size, (n, i) => Math.round(n * (rows.share[i] ?? 0)));
  const family = bindFamily(chain, {
    rows: y.length,
    y,
    data: new Map([['size', Float64Array.from(size)]]),
    links: new Map([[parameter, link]]),
    weights: null,
    link: null,
    categories: 0,
  });
  return { y, of: family };
}

const cases: readonly (readonly [FamilyChain, LinkName, string])[] = [
  [['bernoulli'], 'logit', 'p'],
  [['bernoulli'], 'probit', 'p'],
  [['bernoulli'], 'cloglog', 'p'],
  [['binomial'], 'logit', 'p'],
  [['binomial'], 'cauchit', 'p'],
  [['poisson'], 'log', 'lambda'],
];

describe('sums of rows at the same predictor', () => {
  test.each(cases)('%s, %s: the sums of their jets', (chain, link, parameter) => {
    fc.assert(
      fc.property(someRows, (rows) => {
        const { y, of } = bound(chain, link, parameter, rows);
        const loop = of.pooled?.(Int32Array.from(rows.of), sums);
        const out = rowDerivatives(sums, of.layout);
        const total = loop?.(0, sums, Float64Array.from(rows.eta), 3, out);
        const jet = new Float64Array(of.layout.size);
        const expected = new Float64Array(4 * sums);
        const scale = new Float64Array(4 * sums).fill(1);
        y.forEach((v, i) => {
          const at = rows.of[i] ?? 0;
          of.jetInto(jet, v, i, Float64Array.of(rows.eta[at] ?? 0), 3);
          jet.forEach((d, k) => {
            expected[4 * at + k] = (expected[4 * at + k] ?? 0) + d;
            scale[4 * at + k] = (scale[4 * at + k] ?? 0) + Math.abs(d) + (rows.size[i] ?? 1);
          });
        });
        for (let s = 0; s < sums; s++)
          [out.value, out.first, out.second, out.third].forEach((found, k) => {
            const error = Math.abs((found[s] ?? Number.NaN) - (expected[4 * s + k] ?? 0));
            expect(error).toBeLessThan(tolerance * (scale[4 * s + k] ?? 1));
          });
        expect(total).toBeCloseTo(
          out.value.reduce((a, b) => a + b, 0),
          9,
        );
      }),
    );
  });

  test('only where a sum of responses is enough', () => {
    const rows = { of: [0, 0], size: [3, 4], share: [0.5, 1], eta: [0, 0, 0] };
    expect(bound(['poisson'], 'sqrt', 'lambda', rows).of.pooled).toBeUndefined();
    expect(bound(['truncated', 'poisson'], 'log', 'lambda', rows).of.pooled).toBeUndefined();
  });
});

test('rows that occur several times: value and derivatives that often', () => {
  const rows: Rows = { of: [0, 1, 2], size: [3, 7, 20], share: [0.3, 0, 1], eta: [0.2, -1, 2] };
  const { of } = bound(['binomial'], 'logit', 'p', rows);
  const loop: BatchLoop = of.batch ?? (() => Number.NaN);
  const once = rowDerivatives(3, of.layout);
  const often = rowDerivatives(3, of.layout);
  const eta = Float64Array.from(rows.eta);
  loop(0, 3, eta, 3, once);
  const times = Float64Array.of(1, 4, 9);
  const sum = repeatedRows(loop, times)(0, 3, eta, 3, often);
  const scaled = (values: Float64Array) => values.map((v, i) => v * (times[i] ?? 0));
  expect(often.value).toEqual(scaled(once.value));
  expect(often.first).toEqual(scaled(once.first));
  expect(often.second).toEqual(scaled(once.second));
  expect(often.third).toEqual(scaled(once.third));
  expect(sum).toBeCloseTo(
    often.value.reduce((a, b) => a + b, 0),
    12,
  );
});
