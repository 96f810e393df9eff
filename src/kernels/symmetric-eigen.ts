import { EigenvalueDecomposition, Matrix } from 'ml-matrix';

export interface SymmetricEigen {
  readonly values: Float64Array; // n, ascending
  readonly vectors: Float64Array; // n x n, column-major: column k belongs to values[k]
}

/**
 * Eigen-decomposition of a symmetric matrix.
 * @param a  n x n, column-major, finite; only its symmetric part counts
 */
export function symmetricEigen(a: Float64Array, n: number): SymmetricEigen {
  const matrix = new Matrix(n, n);
  for (let j = 0; j < n; j++) for (let i = 0; i < n; i++) matrix.set(i, j, (a[i + j * n] + a[j + i * n]) / 2);
  const found = new EigenvalueDecomposition(matrix, { assumeSymmetric: true });
  const values = found.realEigenvalues;
  const order = Array.from(values.keys()).sort((p, q) => values[p] - values[q]);
  const vectors = new Float64Array(n * n);
  const V = found.eigenvectorMatrix;
  for (let k = 0; k < n; k++) for (let i = 0; i < n; i++) vectors[i + k * n] = V.get(i, order[k]);
  return { values: Float64Array.from(order, (k) => values[k]), vectors };
}
