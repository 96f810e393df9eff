import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  chiSquaredCdf,
  chiSquaredQuantile,
  fCdf,
  fQuantile,
  gammaQuantile,
  normalTwoSided,
  studentCdf,
  studentQuantile,
  studentTwoSided,
} from '../../src/kernels/distributions.js';
import { incompleteBeta } from '../../src/kernels/incomplete-beta.js';
import { incompleteGamma } from '../../src/kernels/incomplete-gamma.js';
import { expectClose, special } from './special-reference.js';

/** Tails are exponentials of numbers up to 700, whose last digit is 1e-13. */
const tailTolerance = 2e-13;

describe('tails against 60-digit values', () => {
  test.each(special.incompleteGamma)('gamma($shape) at $x', ({ x, shape, lower, upper }) => {
    expectClose(incompleteGamma(x, shape), lower, tailTolerance);
    expectClose(incompleteGamma(x, shape, 'upper'), upper, tailTolerance);
  });

  // mpmath, 40 digits, by quadrature of the density; the smaller tail
  test.each([
    [1e6, 992000, 'lower', 5.24012281543083e-16],
    [1e6, 998000, 'lower', 0.022696114006736802],
    [1e6, 1e6, 'upper', 0.4998670192391274],
    [1e6, 1006000, 'upper', 1.0597397352843812e-9],
    [3e7, 29956182.195399586, 'lower', 6.030032238053644e-16],
    [3e7, 30005477.225575052, 'upper', 0.15865525258732588],
    [1e12, 999992000000, 'lower', 6.219899681443617e-16],
    [1e12, 1000006000000, 'upper', 9.866585325644634e-10],
  ] as const)('gamma(%d) at %d, %s', (shape, x, tail, value) => {
    expectClose(incompleteGamma(x, shape, tail), value, tailTolerance);
  });

  test('the two ways to a huge shape agree where one takes over from the other', () => {
    for (const z of [-3, -1, 0, 0.5, 2, 4]) {
      const x = (shape: number) => shape + z * Math.sqrt(shape);
      const [below, above] = [999_999, 1_000_001].map((shape) => incompleteGamma(x(shape), shape));
      // the term of the skewness, (1 - z^2) phi(z) / (3 sqrt(shape)) <= 1.4e-4, changes by a millionth
      expectClose(above, below, 2e-10, 1);
    }
  });

  test.each(special.student)('t($df) at $t', ({ t, df, twoSided }) => {
    expectClose(studentTwoSided(t, df), twoSided, tailTolerance);
    expectClose(studentCdf(-t, df), twoSided / 2, tailTolerance);
  });

  test.each(special.f)('F($df1, $df2) at $f', ({ f, df1, df2, lower, upper }) => {
    expectClose(fCdf(f, df1, df2), lower, tailTolerance);
    expectClose(fCdf(f, df1, df2, 'upper'), upper, tailTolerance);
  });
});

describe('relations', () => {
  test('t squared is F with one degree of freedom, also at very many', () => {
    for (const df of [2.5, 40, 1e7]) expectClose(studentTwoSided(2.3, df), fCdf(2.3 ** 2, 1, df, 'upper'), 1e-13);
  });

  test('infinite degrees of freedom are the normal and the chi-squared', () => {
    expect(studentTwoSided(1.7, Number.POSITIVE_INFINITY)).toBe(normalTwoSided(1.7));
    expectClose(studentTwoSided(1.7, 1e12), normalTwoSided(1.7), 1e-11);
    expectClose(fCdf(1.7, 3, Number.POSITIVE_INFINITY, 'upper'), chiSquaredCdf(5.1, 3, 'upper'), 1e-14);
    expectClose(fCdf(1.7, 3, 1e12, 'upper'), chiSquaredCdf(5.1, 3, 'upper'), 1e-10);
    expectClose(fCdf(1.7, Number.POSITIVE_INFINITY, 5), fCdf(1.7, 1e12, 5), 1e-10);
  });

  test('two degrees of freedom have closed forms', () => {
    expectClose(chiSquaredCdf(9, 2, 'upper'), Math.exp(-4.5), 1e-14);
    expectClose(studentCdf(-3, 2), (1 - 3 / Math.sqrt(11)) / 2, 1e-13);
    expectClose(incompleteBeta(0.2, 0.8, 3, 1), 0.008, 1e-14);
  });

  test('the ends and what is outside', () => {
    expect(studentTwoSided(Number.POSITIVE_INFINITY, 3)).toBe(0);
    expect(studentTwoSided(0, 3)).toBe(1);
    expect(studentTwoSided(Number.NaN, 3)).toBeNaN();
    expect(chiSquaredCdf(-1, 3, 'upper')).toBe(1);
    expect(fCdf(Number.POSITIVE_INFINITY, 2, 3)).toBe(1);
    expect(incompleteGamma(Number.POSITIVE_INFINITY, 2)).toBe(1);
    expect(incompleteBeta(0, 1, 2, 3, 'upper')).toBe(1);
    expect(incompleteBeta(0.5, 0.5, -1, 3)).toBeNaN();
  });
});

describe('quantiles invert the tails', () => {
  const probability = fc.double({ min: -60, max: -0.31, noNaN: true }).map((e) => 10 ** e);
  const freedom = fc.double({ min: -0.5, max: 5, noNaN: true }).map((e) => 10 ** e);
  /** Where a tail falls steeply one rounding of the quantile is that many of the probability. */
  const steep = 1e-9;

  test('t', () => {
    fc.assert(
      fc.property(probability, freedom, (p, df) => {
        expectClose(studentCdf(studentQuantile(p, df), df), p, steep);
        expect(studentQuantile(p, df)).toBeLessThan(0);
      }),
    );
    expect(studentQuantile(0.975, 10)).toBeCloseTo(-studentQuantile(0.025, 10), 12);
    expect(studentQuantile(0.5, 3)).toBe(0);
    expect(studentQuantile(1, 3)).toBe(Number.POSITIVE_INFINITY);
    expect(studentQuantile(1.1, 3)).toBeNaN();
    // tan(pi (0.975 - 1/2))
    expectClose(studentQuantile(0.975, 1), Math.tan(Math.PI * 0.475), 1e-12);
  });

  test('chi-squared and gamma, both tails', () => {
    fc.assert(
      fc.property(probability, freedom, (p, df) => {
        expectClose(chiSquaredCdf(chiSquaredQuantile(p, df, 'upper'), df, 'upper'), p, steep);
        const lower = chiSquaredQuantile(p, df);
        if (lower > 1e-300) expectClose(chiSquaredCdf(lower, df), p, steep);
      }),
    );
    expectClose(chiSquaredQuantile(0.05, 2, 'upper'), -2 * Math.log(0.05), 1e-13);
    expectClose(gammaQuantile(0.3, 1), -Math.log(0.7), 1e-13);
  });

  test('F, both tails', () => {
    fc.assert(
      fc.property(probability, freedom, freedom, (p, df1, df2) => {
        for (const tail of ['lower', 'upper'] as const) {
          const f = fQuantile(p, df1, df2, tail);
          if (f > 1e-300 && f < 1e300) expectClose(fCdf(f, df1, df2, tail), p, steep);
        }
      }),
    );
  });
});
