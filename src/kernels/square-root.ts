import { symmetricEigen } from './symmetric-eigen.js';

/**
 * S with S S' = A for a symmetric A that is positive semidefinite but for rounding: eigenvectors times the roots of their
 * eigenvalues, zero where one is not positive.
 * @param a  n x n, column-major
 * @returns  n x n, column-major; NaN throughout where `a` is not finite
 */
export function squareRootOf(a: Float64Array, n: number): Float64Array {
  if (n === 0) return new Float64Array(0);
  if (!a.every(Number.isFinite)) return new Float64Array(n * n).fill(Number.NaN);
  const { values, vectors } = symmetricEigen(a, n);
  for (let k = 0; k < n; k++) {
    const root = values[k] > 0 ? Math.sqrt(values[k]) : 0;
    for (let r = 0; r < n; r++) vectors[r + k * n] *= root;
  }
  return vectors;
}
