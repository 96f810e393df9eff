import { FULL, GENERAL, LOWER, multiply, SYMMETRIC } from './multiply';
import { solveColumns, solveTransposed } from './triangular';

const LEAF: i32 = 64;
const INVERSE_LEAF: i32 = 16;

/** The lower Cholesky factor in place, by halves; 0, or the failing 1-based column. `lda` in bytes. */
export function factor(n: i32, a: usize, lda: i32): i32 {
  if (n <= LEAF) return factorLeaf(n, a, lda);
  const half = ((n >> 1) + 3) & ~3;
  const failed = factor(half, a, lda);
  if (failed !== 0) return failed;
  const rest = n - half;
  const below = a + (<usize>half << 3);
  solveTransposed(rest, half, a, 8, lda, below, lda);
  const corner = below + half * lda;
  multiply(rest, rest, half, below, 8, lda, below, lda, 8, corner, lda, LOWER, GENERAL);
  const later = factor(rest, corner, lda);
  return later === 0 ? 0 : later + half;
}

/** Four columns at a time: their square by plain loops, the rows below in registers. */
function factorLeaf(n: i32, a: usize, lda: i32): i32 {
  for (let j = 0; j < n; j += 4) {
    const width = min(4, n - j);
    for (let q = j; q < j + width; q++) {
      for (let i = q; i < j + width; i++) {
        let sum = load<f64>(a + (<usize>i << 3) + q * lda);
        for (let p = 0; p < q; p++) {
          sum -= load<f64>(a + (<usize>i << 3) + p * lda) * load<f64>(a + (<usize>q << 3) + p * lda);
        }
        if (i === q) {
          if (!(sum > 0 && sum < Infinity)) return q + 1;
          store<f64>(a + (<usize>q << 3) + q * lda, sqrt(sum));
        } else {
          store<f64>(a + (<usize>i << 3) + q * lda, sum / load<f64>(a + (<usize>q << 3) + q * lda));
        }
      }
    }
    const below = j + width;
    if (below < n) solveColumns(n - below, j, width, a, 8, lda, a + (<usize>below << 3), lda);
  }
  return 0;
}

/**
 * The lower triangle of (L L')^-1 in place of L. By halves, L = [A 0; B C]: Z22 = (C C')^-1, Y = B A^-1, Z21 = -Z22 Y,
 * Z11 = (A A')^-1 - Y' Z21.
 * @param scratch  room for n^2 / 3 numbers and a little more, as inverseScratch says
 */
export function inverseFromFactor(n: i32, l: usize, ldl: i32, scratch: usize): void {
  if (n <= INVERSE_LEAF) {
    inverseLeaf(n, l, ldl);
    return;
  }
  const half = ((n >> 1) + 3) & ~3;
  const rest = n - half;
  const below = l + (<usize>half << 3);
  const corner = below + half * ldl;
  inverseFromFactor(rest, corner, ldl, scratch);
  solveRight(rest, half, l, ldl, below, ldl);
  const column = rest << 3;
  for (let j = 0; j < half; j++) {
    memory.copy(scratch + j * column, below + j * ldl, column);
    memory.fill(below + j * ldl, 0, column);
  }
  multiply(rest, half, rest, corner, 8, ldl, scratch, 8, column, below, ldl, FULL, SYMMETRIC);
  const inner = scratch + (<usize>(rest * half) << 3);
  inverseFromFactor(half, l, ldl, inner);
  multiply(half, half, rest, scratch, column, 8, below, 8, ldl, l, ldl, LOWER, GENERAL);
}

function inverseLeaf(n: i32, l: usize, ldl: i32): void {
  // L^-1 in place: column j below the diagonal becomes -L22^-1 l21 / l_jj.
  for (let j = n - 1; j >= 0; j--) {
    const column = l + j * ldl;
    const inverse: f64 = 1 / load<f64>(column + (<usize>j << 3));
    for (let i = n - 1; i > j; i--) {
      let sum: f64 = 0;
      for (let p = j + 1; p <= i; p++) {
        sum += load<f64>(l + (<usize>i << 3) + p * ldl) * load<f64>(column + (<usize>p << 3));
      }
      store<f64>(column + (<usize>i << 3), -sum * inverse);
    }
    store<f64>(column + (<usize>j << 3), inverse);
  }
  // Then L^-T L^-1 in place: entry (i, j) needs rows i and below only.
  for (let j = 0; j < n; j++) {
    const column = l + j * ldl;
    for (let i = j; i < n; i++) {
      let sum: f64 = 0;
      for (let p = i; p < n; p++) {
        sum += load<f64>(l + (<usize>p << 3) + i * ldl) * load<f64>(column + (<usize>p << 3));
      }
      store<f64>(column + (<usize>i << 3), sum);
    }
  }
}

/** B <- B L^-1, B m x n, L n x n lower. */
export function solveRight(m: i32, n: i32, l: usize, ldl: i32, b: usize, ldb: i32): void {
  const last = n - 1;
  solveTransposed(m, n, l + last * (ldl + 8), -ldl, -8, b + last * ldb, -ldb);
}
