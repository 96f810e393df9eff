import seedrandom from 'seedrandom';
import { describe, expect, test } from 'vitest';
import type { BoundFamily } from '../../src/families/density.js';
import { familyNames } from '../../src/families/family.js';
import { families } from '../../src/families/index.js';
import { gaussLegendre } from '../../src/kernels/special/gauss-legendre.js';
import type { Order } from '../../src/kernels/special/order.js';
import { type FamilyCase, familyCases } from './cases.js';

function jetAt(bound: BoundFamily, y: number, eta: readonly number[], order: Order): Float64Array {
  const jet = new Float64Array(bound.layout.size);
  bound.jetInto(jet, y, 0, Float64Array.from(eta), order);
  return jet;
}

/** Central difference of sixth order of one entry of the jet along one predictor. */
function difference(bound: BoundFamily, y: number, eta: readonly number[], along: number, entry: number): number {
  const h = 2e-3;
  const at = (k: number) =>
    jetAt(
      bound,
      y,
      eta.map((e, a) => (a === along ? e + k * h : e)),
      2,
    )[entry];
  return (45 * (at(1) - at(-1)) - 9 * (at(2) - at(-2)) + (at(3) - at(-3))) / (60 * h);
}

/** Differences of sixth order with this step are good to about 1e-10 for functions of size one. */
const differenceTolerance = 1e-8;

describe.each(familyCases.map((c) => [c.label, c] as const))('%s', (_label, c: FamilyCase) => {
  const { bound } = c;
  const { layout } = bound;
  const D = layout.variables;

  test('derivatives agree with differences of the next lower order', () => {
    for (const eta of c.etas) {
      for (const y of c.responses) {
        const jet = jetAt(bound, y, eta, 3);
        expect(jet.every(Number.isFinite), `finite at y = ${y}, eta = ${eta}`).toBe(true);
        for (let a = 0; a < D; a++) {
          const check = (entry: number, from: number) => {
            const expected = difference(bound, y, eta, a, from);
            const error = Math.abs(jet[entry] - expected) / (1 + Math.abs(expected));
            expect(error, `entry ${entry} along ${a} at y = ${y}, eta = ${eta}`).toBeLessThan(differenceTolerance);
          };
          check(1 + a, 0);
          for (let b = 0; b < D; b++) {
            check(layout.pairIndex[a * D + b], 1 + b);
            for (let d = b; d < D; d++) check(layout.tripleIndex[(a * D + b) * D + d], layout.pairIndex[b * D + d]);
          }
        }
      }
    }
  });

  test('lower orders give the same numbers', () => {
    const eta = c.etas[0] ?? [];
    const y = c.responses[1] ?? 0;
    const all = jetAt(bound, y, eta, 3);
    for (const [order, length] of [
      [0, 1],
      [1, layout.second],
      [2, layout.third],
    ] as const) {
      const jet = jetAt(bound, y, eta, order);
      for (let k = 0; k < length; k++) expect(jet[k]).toBe(all[k]);
    }
  });

  test('the density sums or integrates to one', () => {
    for (const eta of c.etas) expect(total(c, eta)).toBeCloseTo(1, 9);
  });

  test('the distribution function is the sum or integral of the density', () => {
    for (const eta of c.etas) {
      for (const y of c.responses) {
        const cdf = bound.cdf(y, 0, Float64Array.from(eta));
        expect(cdf).toBeCloseTo(total(c, eta, y), 8);
      }
    }
  });

  test('moments agree with simulation', () => {
    const uniform = seedrandom(`moments of ${c.label}`);
    for (const eta of c.etas) {
      const at = Float64Array.from(eta);
      const n = 8_000;
      const mean = bound.mean(0, at);
      const variance = bound.variance(0, at);
      let sum = 0;
      let squares = 0;
      let fourth = 0;
      let below = 0;
      const y0 = c.responses[1] ?? 0;
      for (let i = 0; i < n; i++) {
        const y = bound.random(0, at, uniform);
        if (y <= y0) below++;
        const d = y - mean;
        sum += d;
        squares += d * d;
        fourth += d ** 4;
      }
      // five standard errors: one false alarm in two million
      const p = bound.cdf(y0, 0, at);
      expect(Math.abs(below / n - p)).toBeLessThan(5 * Math.sqrt((p * (1 - p)) / n) + 1e-4);
      if (c.moments > 0) expect(Math.abs(sum / n)).toBeLessThan(5 * Math.sqrt(squares / n / n) + 1e-12);
      if (c.moments > 1) {
        const spread = Math.sqrt(Math.max(fourth / n - (squares / n) ** 2, 0) / n);
        expect(Math.abs(squares / n - variance)).toBeLessThan(6 * spread + 1e-12);
      }
    }
  });

  test('extreme predictors give a number or -Infinity', () => {
    for (const size of [30, 700, 1e4, 1e300]) {
      for (let pattern = 0; pattern < 3 ** D; pattern++) {
        const eta = Array.from({ length: D }, (_, a) => ([-1, 0, 1][Math.floor(pattern / 3 ** a) % 3] ?? 0) * size);
        for (const y of c.responses) {
          const jet = jetAt(bound, y, eta, 0);
          expect(jet[0] < Number.POSITIVE_INFINITY || Number.isNaN(jet[0])).toBe(true);
        }
      }
    }
  });

  test('the unit deviance is zero at the mean and never negative', () => {
    for (const eta of c.etas) {
      const at = Float64Array.from(eta);
      if (Number.isNaN(bound.unitDeviance(c.responses[0] ?? 0, 0, at))) continue;
      for (const y of c.responses) expect(bound.unitDeviance(y, 0, at)).toBeGreaterThanOrEqual(0);
      const mean = bound.mean(0, at);
      if (!bound.discrete && c.chain[0] !== 'lognormal') expect(bound.unitDeviance(mean, 0, at)).toBeCloseTo(0, 12);
    }
  });

  test('starting values are usable', () => {
    const start = bound.start();
    expect(start.length).toBe(D);
    expect(start.every(Number.isFinite)).toBe(true);
  });
});

test('every family has a case', () => {
  const seen = new Set(familyCases.flatMap((c) => c.chain));
  // a point mass has no predictor to try laws on; mixtures test it
  expect(familyNames.filter((name) => !seen.has(name))).toEqual(['dirac']);
  for (const name of familyNames) expect(families[name].name).toBe(name);
});

/** Sum of probabilities, or integral of the density with its atom at zero, up to `last`. */
function total(c: FamilyCase, eta: readonly number[], last = Number.POSITIVE_INFINITY): number {
  const { bound } = c;
  const [low, high] = bound.support(0);
  const f = (y: number) => {
    const value = Math.exp(jetAt(bound, y, c.predictorsAt(y, eta), 0)[0]);
    return Number.isNaN(value) ? 0 : value;
  };
  if (bound.discrete) {
    let sum = 0;
    for (let k = low; k <= Math.min(high, last, 5000); k++) sum += f(k);
    return sum;
  }
  // y = sinh(t) covers both tails; the atom of a hurdle stands apart
  const atom = low === 0 && bound.predictors.includes('hu') ? f(0) : 0;
  const rule = gaussLegendre(16);
  const ends = [Math.max(low, -1e6), Math.min(high, last, 1e6)].map(Math.asinh);
  const [from = 0, to = 0] = ends;
  // short panels where a support ends: densities have infinite slopes there
  const cuts = new Set([from, to]);
  for (let k = 0; k < 45; k++) {
    cuts.add(from + (to - from) * 2 ** -k);
    cuts.add(to - (to - from) * 2 ** -k);
  }
  for (let t = from; t < to; t += 0.4) cuts.add(t);
  const sorted = [...cuts].sort((a, b) => a - b);
  let sum = atom;
  sorted.forEach((right, k) => {
    const left = sorted[k - 1];
    if (left === undefined) return;
    const half = (right - left) / 2;
    rule.nodes.forEach((node, m) => {
      const t = left + half * (1 + node);
      sum += rule.weights[m] * half * f(Math.sinh(t)) * Math.cosh(t);
    });
  });
  return sum;
}
