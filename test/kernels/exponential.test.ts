import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { exponential, logOnePlus } from '../../src/kernels/special/exponential.js';

/** Two units in the last place, and one of the reference's. */
const relative = 3 * 2 ** -52;

describe('exponential', () => {
  test('agrees with Math.exp', () => {
    fc.assert(
      fc.property(fc.double({ min: -700, max: 709.7, noNaN: true }), (x) => {
        expect(Math.abs(exponential(x) / Math.exp(x) - 1)).toBeLessThanOrEqual(relative);
      }),
      { numRuns: 5000 },
    );
  });
  test('is exact at zero, and goes under and over as Math.exp does', () => {
    expect(exponential(0)).toBe(1);
    expect(exponential(-0)).toBe(1);
    for (const x of [-1e308, Number.NEGATIVE_INFINITY, -746, -744.5, 710, 1e9, Number.POSITIVE_INFINITY, Number.NaN])
      expect(exponential(x)).toBe(Math.exp(x));
    // the last digits of what is nearly zero are few
    for (const x of [-743, -730, -709]) expect(Math.abs(exponential(x) - Math.exp(x))).toBeLessThanOrEqual(5e-324);
  });
});

describe('logOnePlus', () => {
  test('agrees with Math.log1p from the smallest numbers to one', () => {
    fc.assert(
      fc.property(fc.double({ min: -320, max: 0, noNaN: true }), (digits) => {
        const e = 10 ** digits;
        expect(Math.abs(logOnePlus(e) - Math.log1p(e))).toBeLessThanOrEqual(relative * Math.log1p(e));
      }),
      { numRuns: 5000 },
    );
    for (let j = 0; j <= 256; j++)
      expect(Math.abs(logOnePlus(j / 256) - Math.log1p(j / 256))).toBeLessThanOrEqual(relative * Math.log1p(j / 256));
  });
  test('keeps zero and NaN', () => {
    expect(logOnePlus(0)).toBe(0);
    expect(logOnePlus(Number.NaN)).toBeNaN();
  });
});
