import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { gammaConstantInto, logGamma } from '../../src/kernels/special/gamma.js';
import { logNormalCdf, normalCdf, normalQuantile } from '../../src/kernels/special/normal.js';
import {
  digamma,
  log1mExp,
  log1pExp,
  logAddExp,
  logBeta,
  logMultivariateGamma,
  logRatioMinus,
  logSumExp,
  scaledExpIntegral,
  stirlingError,
  tetragamma,
  trigamma,
} from '../../src/kernels/special-functions.js';
import { expectClose, special } from './special-reference.js';

/** What the likelihoods need; next to a zero of the function the error is that much of 1 instead. */
const rounding = 1e-14;

describe('against 60-digit values', () => {
  test.each(special.gamma)('lgamma and its derivatives at $x', (row) => {
    expectClose(logGamma(row.x), row.lgamma, rounding, 1);
    expectClose(digamma(row.x), row.digamma, rounding, 1);
    expectClose(trigamma(row.x), row.trigamma, rounding);
    expectClose(tetragamma(row.x), row.tetragamma, rounding);
  });

  // mpmath, 80 digits
  test.each([
    [0.01, [-4.655531579901902, 0.9595571527188058, -0.03060496863402549, -0.02092687094101105]],
    [0.7, [-1.2105397072887791, 0.6043440268314416, -0.08434005994891765, 0.045494322337850376]],
    [9.5, [0.19793866596443546, 0.5087622609336834, -0.008743023402504307, 0.008685707309913616]],
    [10, [0.22402344985898723, 0.5083250392732458, -0.008308528895328848, 0.00825930556958939]],
    [1e3, [2.53485577295584, 0.500083333325, -8.333330833335318e-5, 8.333325833343254e-5]],
    [1e8, [8.291401837938176, 0.5000000008333333, -8.333333333333334e-10, 8.333333333333332e-10]],
    [1e13, [14.047864571256616, 0.5000000000000083, -8.333333333333334e-15, 8.333333333333334e-15]],
  ])('a log a - a - log Gamma(a) and its derivatives by log a, at %d', (a, expected) => {
    const found = new Float64Array(4);
    gammaConstantInto(found, Math.log(a), 3);
    // where terms cancel at small a, the error is that much of the largest of them
    expected.forEach((value, k) => {
      expectClose(found[k], value, 10 * rounding, a <= 10 ? 10 : 0);
    });
  });

  test.each(special.scaledExpIntegral)('exp(z) E1(z) at $z', ({ z, value }) => {
    expectClose(scaledExpIntegral(z), value, rounding);
  });

  test.each(special.logBeta)('log B($a, $b)', ({ a, b, value }) => {
    expectClose(logBeta(a, b), value, 1e-14, 1);
  });

  test.each(special.normal)('normal distribution at $x', ({ x, cdf, logCdf }) => {
    expectClose(normalCdf(x), cdf, 1e-14);
    expectClose(logNormalCdf(x), logCdf, 1e-14);
  });
});

describe('identities', () => {
  test('trigamma(x) + trigamma(1 - x) = pi^2 / sin^2(pi x)', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.01, max: 0.99, noNaN: true }), (x) => {
        expectClose(trigamma(x) + trigamma(1 - x), (Math.PI / Math.sin(Math.PI * x)) ** 2, 1e-13);
      }),
    );
  });

  test('the multivariate gamma function of Gamma_2: pi^(1/2) Gamma(x) Gamma(x - 1/2)', () => {
    const x = 3.2;
    expect(logMultivariateGamma(2, x)).toBeCloseTo(Math.log(Math.PI) / 2 + logGamma(x) + logGamma(x - 0.5), 14);
    expect(logMultivariateGamma(1, x)).toBe(logGamma(x));
  });

  test("stirling's error is continuous where the series takes over", () => {
    expect(stirlingError(10)).toBeCloseTo(stirlingError(10 - 1e-12), 12);
  });

  test('log(at / centre) - (at - centre) / centre keeps its digits next to zero', () => {
    // -t^2/2 + t^3/3 for a small t
    const t = 1e-6;
    expectClose(logRatioMinus(1e6 + 1, 1e6), -(t ** 2) / 2 + t ** 3 / 3 - t ** 4 / 4, 1e-14);
    expectClose(logRatioMinus(3, 1), Math.log(3) - 2, 1e-15);
    expectClose(logRatioMinus(1.39999, 1), Math.log(1.39999) - 0.39999, 1e-13);
  });

  test('log1pExp, log1mExp, logAddExp, logSumExp without overflow', () => {
    expect(log1pExp(800)).toBe(800);
    expectClose(log1pExp(-40), Math.exp(-40), 1e-15);
    expectClose(log1mExp(-1e-20), Math.log(1e-20), 1e-15);
    expectClose(log1mExp(-40), -Math.exp(-40), 1e-15);
    expect(logAddExp(Number.NEGATIVE_INFINITY, 3)).toBe(3);
    expect(logAddExp(Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY)).toBe(Number.NEGATIVE_INFINITY);
    expectClose(logAddExp(-1000, -1001), -1000 + Math.log1p(Math.exp(-1)), 1e-15);
    expectClose(logSumExp(Float64Array.of(-1e4, -1e4 + 1, -2e4)), -1e4 + Math.log(1 + Math.E), 1e-15);
    expect(logSumExp(new Float64Array(0))).toBe(Number.NEGATIVE_INFINITY);
    expect(logSumExp(Float64Array.of(1, Number.NaN, 2))).toBeNaN();
    expect(logSumExp(Float64Array.of(9, 1, 1, 9), 1, 3)).toBeCloseTo(1 + Math.LN2, 15);
  });

  test('the normal quantile inverts the distribution function', () => {
    fc.assert(
      fc.property(fc.double({ min: -37, max: 7, noNaN: true }), (x) => {
        // the slope of log p is about -x far out: one rounding of p moves x by 1e-16 / |x|; near 1 - p = 0 by more
        const lost = x > 0 ? 1e-16 / Math.exp((-x * x) / 2) : 0;
        expect(Math.abs(normalQuantile(normalCdf(x)) - x)).toBeLessThan(1e-13 * (1 + Math.abs(x)) + 10 * lost);
      }),
    );
  });
});
