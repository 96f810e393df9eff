import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { blockArithmetic, largestBlock } from '../../../src/engines/lmm/level-blocks.js';

/** Of sums of a few products, relative to the sum of their sizes. */
const rounding = 1e-15;
/** Of a factor's inverse: times the condition of matrices that are the identity and some products more. */
const throughFactor = 1e-13;

/** A[at ..] B, or with B' in place of B, by its definition; and the same of the absolute values. */
function productOf(A: Float64Array, at: number, B: Float64Array, transposed: boolean, k: number): [number[], number[]] {
  const sums: number[] = [];
  const sizes: number[] = [];
  for (let j = 0; j < k; j++)
    for (let i = 0; i < k; i++) {
      const terms = Array.from({ length: k }, (_, x) => A[at + i + x * k] * (transposed ? B[j + x * k] : B[x + j * k]));
      sums.push(terms.reduce((a, b) => a + b, 0));
      sizes.push(terms.reduce((a, b) => a + Math.abs(b), 0));
    }
  return [sums, sizes];
}

describe.each(Array.from({ length: largestBlock }, (_, i) => i + 1))('blocks of %s x %s', (k) => {
  const blocks = blockArithmetic(k);
  const numbers = (count: number): fc.Arbitrary<Float64Array> =>
    fc
      .array(fc.double({ min: -1e3, max: 1e3, noNaN: true }), { minLength: count, maxLength: count })
      .map((v) => Float64Array.from(v));

  test('products are their sums', () => {
    fc.assert(
      fc.property(numbers(3 * k * k), numbers(2 * k * k), fc.nat(2), fc.nat(1), (A, B, first, second) => {
        const into = new Float64Array(k * k);
        const [at, from] = [first * k * k, second * k * k];
        blocks.multiply(A, at, B, from, into);
        const [sums, sizes] = productOf(A, at, B.subarray(from), false, k);
        into.forEach((v, e) => {
          expect(Math.abs(v - sums[e])).toBeLessThanOrEqual(rounding * sizes[e]);
        });
        blocks.multiplyTransposed(A, B, into);
        const [others, theirs] = productOf(A, 0, B, true, k);
        into.forEach((v, e) => {
          expect(Math.abs(v - others[e])).toBeLessThanOrEqual(rounding * theirs[e]);
        });
      }),
    );
  });

  test("a factor's inverse takes the matrix to the identity, and its determinant is one over the root of the matrix's", () => {
    const small = fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: k * k, maxLength: k * k });
    fc.assert(
      fc.property(small, (values) => {
        const half = Float64Array.from(values);
        const [squares] = productOf(half, 0, half, true, k);
        const M = Float64Array.from(squares, (v, e) => v + (e % (k + 1) === 0 ? 1 : 0));
        const inverse = new Float64Array(k * k).fill(Number.NaN);
        const read = M.slice();
        for (let j = 0; j < k; j++) for (let i = 0; i < j; i++) read[i + j * k] = Number.NaN;
        const root = blocks.invertFactor(read, inverse);
        let determinant = 1;
        for (let j = 0; j < k; j++) {
          determinant *= inverse[j * (k + 1)];
          for (let i = 0; i < j; i++) expect(inverse[i + j * k]).toBe(0);
        }
        expect(Math.abs(root * determinant - 1)).toBeLessThan(throughFactor);
        // L^-1 M L^-T
        const [left] = productOf(inverse, 0, M, false, k);
        const [whole] = productOf(Float64Array.from(left), 0, inverse, true, k);
        whole.forEach((v, e) => {
          expect(Math.abs(v - (e % (k + 1) === 0 ? 1 : 0))).toBeLessThan(throughFactor * (1 + Math.max(...M)));
        });
      }),
    );
  });

  test('a pivot that is not positive is told', () => {
    for (let p = 0; p < k; p++)
      for (const pivot of [0, -1, Number.NaN]) {
        const M = new Float64Array(k * k);
        for (let i = 0; i < k; i++) M[i * (k + 1)] = i === p ? pivot : 1;
        expect(blocks.invertFactor(M, new Float64Array(k * k))).toBeNaN();
      }
  });
});
