import { describe, expect, test } from 'vitest';
import { factorize, multiply } from '../../../src/engines/lmm/level-blocks.js';
import { random } from './shapes.js';

/** Of sums of a few products, relative to numbers of size one. */
const rounding = 1e-14;

describe.each([1, 2, 3, 4, 5])('blocks of %s x %s', (k) => {
  const { normal } = random(`blocks ${k}`);
  const block = (): Float64Array => Float64Array.from({ length: k * k }, normal);

  test('a product is its sums, wherever the blocks stand', () => {
    const A = Float64Array.from({ length: 3 * k * k }, normal);
    const B = Float64Array.from({ length: 2 * k * k }, normal);
    const into = block();
    multiply(A, 2 * k * k, B, k * k, k, into);
    for (let j = 0; j < k; j++)
      for (let i = 0; i < k; i++) {
        let sum = 0;
        for (let x = 0; x < k; x++) sum += A[2 * k * k + i + x * k] * B[k * k + x + j * k];
        expect(into[i + j * k]).toBe(sum);
      }
  });

  test('a factor times its transpose is the matrix, and its root of the determinant the product of the diagonal', () => {
    const half = block();
    const whole = block();
    for (let j = 0; j < k; j++)
      for (let i = 0; i < k; i++) {
        let sum = i === j ? 1 : 0;
        for (let x = 0; x < k; x++) sum += half[i + x * k] * half[j + x * k];
        whole[i + j * k] = sum;
      }
    const L = whole.slice();
    const root = factorize(L, k);
    let product = 1;
    for (let i = 0; i < k; i++) product *= L[i * (k + 1)];
    expect(Math.abs(root / product - 1)).toBeLessThan(rounding);
    for (let j = 0; j < k; j++)
      for (let i = j; i < k; i++) {
        let sum = 0;
        for (let x = 0; x <= j; x++) sum += L[i + x * k] * L[j + x * k];
        expect(Math.abs(sum - whole[i + j * k])).toBeLessThan(rounding * k * 20);
      }
  });

  test('a pivot that is not positive is told', () => {
    for (let p = 0; p < k; p++)
      for (const pivot of [0, -1, Number.NaN]) {
        const M = new Float64Array(k * k);
        for (let i = 0; i < k; i++) M[i * (k + 1)] = i === p ? pivot : 1;
        expect(factorize(M, k)).toBeNaN();
      }
  });
});
