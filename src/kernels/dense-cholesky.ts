import { InternalError } from '../diagnostics/internal-error.js';
import { subtractProduct, subtractProductLower } from './dense-multiply.js';
import { solveRightTransposedInPlace } from './dense-triangular.js';

const PANEL = 64;

/**
 * A = L L' for a symmetric positive definite matrix.
 * @param a  n x n, column-major; the lower triangle is read
 * @returns L, with zeros above the diagonal
 * @throws InternalError where the length is wrong; undefined where A is not positive definite
 */
export function cholesky(a: Float64Array, n: number): Float64Array | undefined {
  if (a.length !== n * n) throw new InternalError('cholesky: wrong length', { length: a.length, n });
  const l = a.slice();
  if (choleskyInPlace(l, n, n, 0) !== 0) return undefined;
  for (let j = 1; j < n; j++) l.fill(0, j * n, j * n + j);
  return l;
}

/**
 * L in place of the lower triangle of A; the part above the diagonal is not touched. Right-looking panels of 64 columns.
 * @returns 0, or the 1-based column whose pivot is not positive (NaN is not)
 */
export function choleskyInPlace(a: Float64Array, n: number, lda: number, offset: number): number {
  for (let j = 0; j < n; j += PANEL) {
    const width = Math.min(n - j, PANEL);
    const diagonal = offset + j * lda + j;
    const failed = choleskyPanel(a, width, lda, diagonal);
    if (failed !== 0) return j + failed;
    const rest = n - j - width;
    if (rest === 0) break;
    const below = diagonal + width;
    solveRightTransposedInPlace(rest, width, a, diagonal, lda, a, below, lda);
    subtractProductLower(rest, width, a, below, 1, lda, a, below, lda, 1, a, below + width * lda, lda);
  }
  return 0;
}

/** Panels of 8 columns inside a panel of 64: most of its work goes through 4 x 4 tiles, too. */
function choleskyPanel(a: Float64Array, n: number, lda: number, offset: number): number {
  for (let j = 0; j < n; j += 8) {
    const width = Math.min(n - j, 8);
    const diagonal = offset + j * lda + j;
    if (j > 0) {
      // Left-looking: this block column minus what the columns on its left contribute.
      const left = offset + j;
      subtractProductLower(width, j, a, left, 1, lda, a, left, lda, 1, a, diagonal, lda);
      const rest = n - j - width;
      subtractProduct(rest, width, j, a, left + width, 1, lda, a, left, lda, 1, a, diagonal + width, lda);
    }
    for (let q = 0; q < width; q++) {
      const column = offset + (j + q) * lda;
      for (let p = 0; p < q; p++) {
        const other = offset + (j + p) * lda;
        const x = a[other + j + q];
        for (let i = j + q; i < n; i++) a[column + i] -= x * a[other + i];
      }
      const pivot = a[column + j + q];
      if (!(pivot > 0 && pivot < Number.POSITIVE_INFINITY)) return j + q + 1;
      const root = Math.sqrt(pivot);
      const inverse = 1 / root;
      a[column + j + q] = root;
      for (let i = j + q + 1; i < n; i++) a[column + i] *= inverse;
    }
  }
  return 0;
}
