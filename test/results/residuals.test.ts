import { expect, test } from 'vitest';
import { quantiles, residuals } from '../../src/results/residuals.js';

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
