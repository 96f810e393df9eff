import { subtractProduct, subtractProductLower } from './dense-multiply.js';

// All matrices are column-major, given by array, offset and leading dimension; L is lower triangular, what stands above its
// diagonal is never read. Blocks of 8 columns leave most of the work to the 4 x 4 tiles of the product.
const BLOCK = 8;

/** B <- B L^-T, B m x n, L n x n. */
export function solveRightTransposedInPlace(
  m: number,
  n: number,
  l: Float64Array,
  lStart: number,
  ldl: number,
  b: Float64Array,
  bStart: number,
  ldb: number,
): void {
  for (let j = 0; j < n; j += BLOCK) {
    const width = Math.min(n - j, BLOCK);
    if (j > 0) subtractProduct(m, width, j, b, bStart, 1, ldb, l, lStart + j, ldl, 1, b, bStart + j * ldb, ldb);
    for (let q = j; q < j + width; q++) {
      const column = bStart + q * ldb;
      for (let p = j; p < q; p++) {
        const x = l[lStart + p * ldl + q];
        const other = bStart + p * ldb;
        for (let i = 0; i < m; i++) b[column + i] -= x * b[other + i];
      }
      const inverse = 1 / l[lStart + q * ldl + q];
      for (let i = 0; i < m; i++) b[column + i] *= inverse;
    }
  }
}

/** B <- B L^-1, B m x n, L n x n. */
export function solveRightInPlace(
  m: number,
  n: number,
  l: Float64Array,
  lStart: number,
  ldl: number,
  b: Float64Array,
  bStart: number,
  ldb: number,
): void {
  for (let end = n; end > 0; ) {
    const j = (end - 1) & ~(BLOCK - 1);
    const rest = n - end;
    if (rest > 0) {
      const right = bStart + end * ldb;
      subtractProduct(m, end - j, rest, b, right, 1, ldb, l, lStart + j * ldl + end, 1, ldl, b, bStart + j * ldb, ldb);
    }
    for (let q = end - 1; q >= j; q--) {
      const column = bStart + q * ldb;
      for (let p = q + 1; p < end; p++) {
        const x = l[lStart + q * ldl + p];
        const other = bStart + p * ldb;
        for (let i = 0; i < m; i++) b[column + i] -= x * b[other + i];
      }
      const inverse = 1 / l[lStart + q * ldl + q];
      for (let i = 0; i < m; i++) b[column + i] *= inverse;
    }
    end = j;
  }
}

/** B <- L^-1 B, B n x m, L n x n. */
export function solveLeftInPlace(
  n: number,
  m: number,
  l: Float64Array,
  lStart: number,
  ldl: number,
  b: Float64Array,
  bStart: number,
  ldb: number,
): void {
  for (let j = 0; j < n; j += BLOCK) {
    const width = Math.min(n - j, BLOCK);
    if (j > 0) subtractProduct(width, m, j, l, lStart + j, 1, ldl, b, bStart, 1, ldb, b, bStart + j, ldb);
    for (let c = 0; c < m; c++) {
      const column = bStart + c * ldb;
      for (let q = j; q < j + width; q++) {
        const x = b[column + q] / l[lStart + q * ldl + q];
        b[column + q] = x;
        for (let i = q + 1; i < j + width; i++) b[column + i] -= x * l[lStart + q * ldl + i];
      }
    }
  }
}

/** B <- L^-T B, B n x m, L n x n. */
export function solveLeftTransposedInPlace(
  n: number,
  m: number,
  l: Float64Array,
  lStart: number,
  ldl: number,
  b: Float64Array,
  bStart: number,
  ldb: number,
): void {
  for (let end = n; end > 0; ) {
    const j = (end - 1) & ~(BLOCK - 1);
    const rest = n - end;
    if (rest > 0) {
      subtractProduct(end - j, m, rest, l, lStart + j * ldl + end, ldl, 1, b, bStart + end, 1, ldb, b, bStart + j, ldb);
    }
    for (let c = 0; c < m; c++) {
      const column = bStart + c * ldb;
      for (let q = end - 1; q >= j; q--) {
        let sum = b[column + q];
        for (let i = q + 1; i < end; i++) sum -= l[lStart + q * ldl + i] * b[column + i];
        b[column + q] = sum / l[lStart + q * ldl + q];
      }
    }
    end = j;
  }
}

/** L^-1 in place of L, from the last block column to the first. */
export function invertLowerInPlace(n: number, l: Float64Array, lStart: number, ldl: number): void {
  if (n <= BLOCK) {
    invertSmall(n, l, lStart, ldl);
    return;
  }
  // [A 0; B C]^-1 = [A^-1 0; -C^-1 B A^-1, C^-1]: two triangular solves, then the halves.
  const half = ((n >> 1) + 3) & ~3;
  const rest = n - half;
  const corner = lStart + half * ldl + half;
  const below = lStart + half;
  solveRightInPlace(rest, half, l, lStart, ldl, l, below, ldl);
  solveLeftInPlace(rest, half, l, corner, ldl, l, below, ldl);
  for (let j = 0; j < half; j++) for (let i = 0; i < rest; i++) l[below + j * ldl + i] = -l[below + j * ldl + i];
  invertLowerInPlace(half, l, lStart, ldl);
  invertLowerInPlace(rest, l, corner, ldl);
}

function invertSmall(n: number, l: Float64Array, lStart: number, ldl: number): void {
  for (let j = n - 1; j >= 0; j--) {
    const column = lStart + j * ldl;
    const inverse = 1 / l[column + j];
    // Column j below the diagonal becomes -L22^-1 l21 / l_jj, with L22^-1 already in place.
    for (let i = n - 1; i > j; i--) {
      let sum = 0;
      for (let p = j + 1; p <= i; p++) sum += l[lStart + p * ldl + i] * l[column + p];
      l[column + i] = -sum * inverse;
    }
    l[column + j] = inverse;
  }
}

/** The lower triangle of L'L in place of L. */
export function transposedTimesSelfInPlace(n: number, l: Float64Array, lStart: number, ldl: number): void {
  for (let j = 0; j < n; j += BLOCK) {
    const width = Math.min(n - j, BLOCK);
    const end = j + width;
    const rest = n - end;
    const diagonal = lStart + j * ldl + j;
    // Rows j .. end of the result need column block j and the columns on its left, none of which is final yet on the right:
    // first the columns on the left, whose rows j .. end are replaced by L(j:, j:end)' L(j:, left).
    if (j > 0) {
      for (let c = 0; c < j; c++) {
        const column = lStart + c * ldl + j;
        for (let q = 0; q < width; q++) {
          let sum = 0;
          for (let i = q; i < width; i++) sum += l[diagonal + q * ldl + i] * l[column + i];
          l[column + q] = sum;
        }
      }
      if (rest > 0) addProduct(width, j, rest, l, diagonal + width, ldl, lStart + end, lStart + j);
    }
    for (let c = 0; c < width; c++) {
      for (let q = c; q < width; q++) {
        let sum = 0;
        for (let i = q; i < width; i++) sum += l[diagonal + q * ldl + i] * l[diagonal + c * ldl + i];
        l[diagonal + c * ldl + q] = sum;
      }
    }
    if (rest > 0) {
      negateLower(width, l, diagonal, ldl);
      const below = diagonal + width;
      subtractProductLower(width, rest, l, below, ldl, 1, l, below, 1, ldl, l, diagonal, ldl);
      negateLower(width, l, diagonal, ldl);
    }
  }
}

/** C += A' B within one array and one leading dimension; the tiles only subtract, so C is negated around it. */
function addProduct(
  m: number,
  n: number,
  k: number,
  l: Float64Array,
  a: number,
  ldl: number,
  b: number,
  c: number,
): void {
  for (let j = 0; j < n; j++) for (let i = 0; i < m; i++) l[c + j * ldl + i] = -l[c + j * ldl + i];
  subtractProduct(m, n, k, l, a, ldl, 1, l, b, 1, ldl, l, c, ldl);
  for (let j = 0; j < n; j++) for (let i = 0; i < m; i++) l[c + j * ldl + i] = -l[c + j * ldl + i];
}

function negateLower(n: number, l: Float64Array, start: number, ldl: number): void {
  for (let j = 0; j < n; j++) for (let i = j; i < n; i++) l[start + j * ldl + i] = -l[start + j * ldl + i];
}
