import fc from 'fast-check';
import seedrandom from 'seedrandom';
import { expect, test } from 'vitest';
import { quantiles, residuals, scaledQuantiles } from '../../src/results/residuals.js';
import { residualsOf } from '../../src/results/residuals-of.js';

test('weights and sigma enter where the kind says so', () => {
  const fit = { residuals: Float64Array.of(2, -3), weights: Float64Array.of(4, 9), sigma: 2 };
  expect([...residuals(fit, 'response')]).toEqual([2, -3]);
  expect([...residuals(fit, 'pearson')]).toEqual([4, -9]);
  expect([...residuals(fit, 'scaled')]).toEqual([2, -4.5]);
  expect([...residuals({ residuals: Float64Array.of(1), sigma: null }, 'scaled')]).toEqual([1]);
});

test('a variance of the row comes before sigma, which may be on another scale', () => {
  const fit = { residuals: Float64Array.of(6, 6), sigma: 0.1, variance: Float64Array.of(4, Number.POSITIVE_INFINITY) };
  expect([...residuals(fit, 'scaled')]).toEqual([3, Number.NaN]);
});

test('quantiles interpolate as R does', () => {
  // quantile(c(1, 4, 9, 16, 25, 36)) in R: 1.00 5.25 12.50 22.75 36.00
  expect(quantiles(Float64Array.of(36, 4, 1, 16, 9, 25), [0, 0.25, 0.5, 0.75, 1])).toEqual([1, 5.25, 12.5, 22.75, 36]);
  expect(quantiles(new Float64Array(0), [0.5])).toEqual([Number.NaN]);
});

test('quantiles are those of the sorted numbers', () => {
  const some = fc.array(fc.oneof(fc.double(), fc.integer({ min: -3, max: 3 }), fc.constant(Number.NaN)), {
    maxLength: 60,
  });
  fc.assert(
    fc.property(some, fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 6 }), (list, probabilities) => {
      const sorted = Float64Array.from(list).sort();
      const found = quantiles(Float64Array.from(list), probabilities);
      probabilities.forEach((p, k) => {
        const at = p * (sorted.length - 1);
        const [low, high] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]];
        const between = sorted.length === 0 ? Number.NaN : low + (at - Math.floor(at)) * (high - low);
        expect(found[k] + 0).toBe(between + 0); // -0 and 0 are one number
      });
    }),
    { numRuns: 500 },
  );
});

test('of many numbers, too, whatever their spread; the numbers stay as they are', () => {
  const { quick: uniform } = seedrandom('many');
  const kinds: ((i: number) => number)[] = [
    () => uniform(),
    () => (uniform() - 0.5) ** -3, // one in millions is far out
    () => Math.floor(3 * uniform()),
    (i) => (i % 7 === 0 ? Number.NaN : uniform()),
    (i) => (i === 5 ? Number.POSITIVE_INFINITY : uniform()),
    () => 4,
  ];
  for (const kind of kinds) {
    const list = Float64Array.from({ length: 30_011 }, (_, i) => kind(i));
    const sorted = list.slice().sort();
    const before = list.slice();
    for (const p of [0, 1e-4, 0.25, 0.5, 0.6, 0.75, 1]) {
      const at = p * (list.length - 1);
      const [low, high] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]];
      expect(quantiles(list, [p])).toEqual([low + (at - Math.floor(at)) * (high - low)]);
    }
    expect(list).toEqual(before);
  }
});

test('quantiles of scaled residuals are those of the scaled residuals', () => {
  const some = Float64Array.of(3, -1, 4, 1, -5, 9, 2, -6);
  const p = [0, 0.25, 0.5, 0.75, 1];
  for (const fit of [
    { residuals: some, sigma: 2 },
    { residuals: some, sigma: null },
    { residuals: some, sigma: 2, weights: some.map((v) => v * v) },
    { residuals: some, sigma: 2, variance: some.map((v) => v * v) },
  ])
    expect(scaledQuantiles(fit, p)).toEqual(quantiles(residuals(fit, 'scaled'), p));
});

const never = (): number => {
  throw new Error('a continuous response needs no chance');
};

test('a linear mixed model: Pearson and deviance as lme4 has them, quantiles by its normal', () => {
  const fit = { engine: 'lmm' as const, residuals: Float64Array.of(2, -3), weights: Float64Array.of(4, 9), sigma: 2 };
  expect([...(residualsOf(fit, 'response', never) ?? [])]).toEqual([2, -3]);
  expect([...(residualsOf(fit, 'pearson', never) ?? [])]).toEqual([4, -9]);
  expect([...(residualsOf(fit, 'deviance', never) ?? [])]).toEqual([4, -9]);
  expect([...(residualsOf(fit, 'quantile', never) ?? [])]).toEqual([2, -4.5]);
  // pnorm(c(2, -4.5)) in R
  const pit = residualsOf(fit, 'pit', never) ?? [];
  expect(pit[0]).toBeCloseTo(0.977249868051821, 14);
  expect(pit[1]).toBeCloseTo(3.39767312473006e-6, 18);
});

test('counts: a random place between the two ends of a step', () => {
  const fit = {
    engine: 'glmm' as const,
    residuals: Float64Array.of(1, 1),
    sigma: null,
    variance: Float64Array.of(4, 1),
    devianceResiduals: Float64Array.of(0.5, Number.NaN),
    cdf: { below: Float64Array.of(0.2, 0.5), at: Float64Array.of(0.6, 0.5) },
  };
  const pit = residualsOf(fit, 'pit', seedrandom('pit')) ?? [];
  expect(pit[0]).toBeCloseTo(0.2 + 0.4 * seedrandom('pit')(), 14);
  expect(pit[1]).toBe(0.5);
  expect(residualsOf(fit, 'quantile', seedrandom('q'))?.[1]).toBeCloseTo(0, 14);
  expect([...(residualsOf(fit, 'pearson', never) ?? [])]).toEqual([0.5, 1]);
  expect(residualsOf(fit, 'deviance', never)).toBeNull();
  expect(residualsOf({ ...fit, cdf: { below: fit.cdf.at, at: fit.cdf.at } }, 'quantile', never)).not.toBeNull();
});
