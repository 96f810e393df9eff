import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { symmetricEigen } from '../../src/kernels/dense-eigen.js';
import { uniform } from './dense-reference.js';

const finite = fc.double({ min: -1e3, max: 1e3, noNaN: true });

function randomSymmetric(n: number, seed: number): Float64Array {
  const random = uniform(seed);
  const a = new Float64Array(n * n);
  for (let j = 0; j < n; j++) for (let i = j; i < n; i++) a[j * n + i] = a[i * n + j] = random();
  return a;
}

function check(a: Float64Array, n: number): Float64Array {
  const eigen = symmetricEigen(a, n);
  if (eigen === undefined) throw new Error('no decomposition');
  const { values, vectors } = eigen;
  const scale = Math.max(1e-300, ...a.map(Math.abs));
  let worstResidual = 0;
  let worstProduct = 0;
  for (let j = 0; j < n; j++) {
    if (j > 0) expect(values[j]).toBeGreaterThanOrEqual(values[j - 1]);
    for (let i = 0; i < n; i++) {
      let residual = -values[j] * vectors[j * n + i];
      let product = i === j ? -1 : 0;
      for (let k = 0; k < n; k++) {
        residual += a[k * n + i] * vectors[j * n + k];
        product += vectors[i * n + k] * vectors[j * n + k];
      }
      worstResidual = Math.max(worstResidual, Math.abs(residual) / scale);
      worstProduct = Math.max(worstProduct, Math.abs(product));
    }
  }
  // Backward stable: a small multiple of n roundings.
  expect(worstResidual).toBeLessThan(1e-14 * (n + 1));
  expect(worstProduct).toBeLessThan(1e-14 * (n + 1));
  return values;
}

describe('symmetric eigen-decomposition', () => {
  it('has orthonormal vectors with A v = lambda v', () => {
    for (let n = 0; n <= 30; n++) check(randomSymmetric(n, n), n);
    check(randomSymmetric(80, 5), 80);
  });

  it('knows the eigenvalues of the second difference', () => {
    const n = 25;
    const a = new Float64Array(n * n);
    for (let i = 0; i < n; i++) {
      a[i * n + i] = 2;
      if (i > 0) a[i * n + i - 1] = a[(i - 1) * n + i] = -1;
    }
    const values = check(a, n);
    for (let k = 0; k < n; k++) {
      expect(values[k]).toBeCloseTo(2 - 2 * Math.cos(((k + 1) * Math.PI) / (n + 1)), 13);
    }
  });

  it('copes with repeated, zero, tiny and huge eigenvalues', () => {
    check(Float64Array.of(3, 0, 0, 0, 3, 0, 0, 0, 3), 3);
    check(new Float64Array(16), 4);
    check(
      Float64Array.from({ length: 25 }, () => 1),
      5,
    );
    check(Float64Array.of(1e-200, 5e-201, 5e-201, 2e-200), 2);
    check(Float64Array.of(1e150, 5e149, 5e149, 2e150), 2);
    fc.assert(
      fc.property(finite, finite, finite, (p, q, r) => {
        const values = check(Float64Array.of(p, q, q, r), 2);
        expect(values[0] + values[1]).toBeCloseTo(p + r, 9);
      }),
    );
  });

  it('reads the lower triangle only, and refuses NaN', () => {
    const a = randomSymmetric(4, 1);
    const half = a.slice();
    for (let j = 1; j < 4; j++) half.fill(7, j * 4, j * 4 + j);
    expect(symmetricEigen(half, 4)).toEqual(symmetricEigen(a, 4));
    a[2] = Number.NaN;
    expect(symmetricEigen(a, 4)).toBeUndefined();
    expect(() => symmetricEigen(a, 3)).toThrow('wrong length');
  });
});
