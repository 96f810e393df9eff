import { choleskyInPlace } from './dense-cholesky.js';
import type { DenseKernels } from './dense-kernels.js';
import { subtractProduct, subtractProductLower, subtractSymmetricProduct } from './dense-multiply.js';
import { addGatheredTimes, gather, subtractSquareScattered } from './dense-scattered.js';
import {
  invertLowerInPlace,
  solveRightInPlace,
  solveRightTransposedInPlace,
  transposedTimesSelfInPlace,
} from './dense-triangular.js';

/** The dense kernels in plain TypeScript on memory of their own. */
export function typescriptKernels(length: number): DenseKernels {
  const x = new Float64Array(length);
  const places = new Int32Array(x.buffer);
  return {
    name: 'typescript',
    memory: x,
    cholesky: (n, a, lda) => choleskyInPlace(x, n, lda, a),
    solveRightTransposed: (m, n, l, ldl, b, ldb) => solveRightTransposedInPlace(m, n, x, l, ldl, x, b, ldb),
    solveRight: (m, n, l, ldl, b, ldb) => solveRightInPlace(m, n, x, l, ldl, x, b, ldb),
    subtractSquare: (n, k, a, lda, c, ldc) => subtractProductLower(n, k, x, a, 1, lda, x, a, lda, 1, x, c, ldc),
    subtractTimesTransposed: (m, n, k, a, lda, b, ldb, c, ldc) =>
      subtractProduct(m, n, k, x, a, 1, lda, x, b, ldb, 1, x, c, ldc),
    subtractTimes: (m, n, k, a, lda, b, ldb, c, ldc) => subtractProduct(m, n, k, x, a, 1, lda, x, b, 1, ldb, x, c, ldc),
    subtractSymmetricTimes: (m, n, a, lda, b, ldb, c, ldc) =>
      subtractSymmetricProduct(m, n, x, a, lda, x, b, ldb, x, c, ldc),
    subtractSymmetricProduct: (n, k, a, lda, b, ldb, c, ldc) =>
      subtractProductLower(n, k, x, a, lda, 1, x, b, 1, ldb, x, c, ldc),
    subtractSquareScattered: (m, n, k, a, lda, at, c, ldc) =>
      subtractSquareScattered(m, n, k, x, a, lda, places, 2 * at, c, ldc),
    addGatheredTimes: (m, n, k, at, z, ldz, b, ldb, g, ldg) =>
      addGatheredTimes(m, n, k, x, places, 2 * at, z, ldz, b, ldb, g, ldg),
    gather: (m, n, at, z, ldz, c, ldc) => gather(m, n, x, places, 2 * at, z, ldz, c, ldc),
    inverseFromFactor: (n, l, ldl) => {
      invertLowerInPlace(n, x, l, ldl);
      transposedTimesSelfInPlace(n, x, l, ldl);
    },
  };
}
