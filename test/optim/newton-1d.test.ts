import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findRoot, minimizeScalar } from '../../src/optim/newton-1d.js';

describe('minimizeScalar', () => {
  test('nu log s2 + A/s2 has its minimum at A/nu, from any start', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.01, max: 1e6, noNaN: true }),
        fc.double({ min: 0.01, max: 1e6, noNaN: true }),
        fc.double({ min: 1e-6, max: 1e8, noNaN: true }),
        (nu, A, start) => {
          const found = minimizeScalar(
            (v) => [nu * Math.log(v) + A / v, nu / v - A / v ** 2, -nu / v ** 2 + (2 * A) / v ** 3],
            start,
            { lower: 0 },
          );
          expect(found.converged).toBe(true);
          expect(Math.abs(found.x / (A / nu) - 1)).toBeLessThan(1e-10);
        },
      ),
    );
  });

  test('walks down from a region of negative curvature', () => {
    const found = minimizeScalar((x) => [-Math.cos(x), Math.sin(x), Math.cos(x)], 3);
    expect(found.converged).toBe(true);
    expect(found.x / (2 * Math.PI)).toBeCloseTo(Math.round(found.x / (2 * Math.PI)), 10);
  });

  test('stays inside a domain that ends where the function is not finite', () => {
    const found = minimizeScalar(
      (x) =>
        x < 1
          ? [x - 2 * Math.log(1 - x) * -1, 1 - 2 / (1 - x), -2 / (1 - x) ** 2]
          : [Number.NaN, Number.NaN, Number.NaN],
      0.5,
      { maxEvaluations: 100 },
    );
    // x + 2 log(1 - x) falls without bound towards 1: no minimum, but also no step beyond
    expect(found.x).toBeLessThan(1);
  });

  test('a start outside the domain is not converged', () => {
    expect(minimizeScalar(() => [Number.NaN, 0, 0], 1).converged).toBe(false);
  });
});

describe('findRoot', () => {
  test('cube roots over thirty orders of magnitude', () => {
    fc.assert(
      fc.property(fc.double({ min: -20, max: 9, noNaN: true }), fc.boolean(), (exponent, negative) => {
        const c = (negative ? -1 : 1) * 10 ** exponent;
        const found = findRoot((x) => [x ** 3 - c, 3 * x * x], -2000, 2000);
        expect(found.converged).toBe(true);
        expect(Math.abs(found.x / Math.cbrt(c) - 1)).toBeLessThan(1e-12);
      }),
    );
  });

  test('works without a slope, by bisection', () => {
    const found = findRoot((x) => [Math.exp(x) - 5, Number.NaN], 0, 10);
    expect(found.x).toBeCloseTo(Math.log(5), 14);
  });

  test('equal signs at both ends are refused', () => {
    expect(findRoot((x) => [x * x + 1, 2 * x], -1, 1).converged).toBe(false);
  });
});
