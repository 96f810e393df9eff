import { FULL, GENERAL, multiply } from './multiply';
import { perform, theJob } from './team';

/** Up to this many columns are solved four at a time in registers; wider ones are halved, which leaves the rest to `multiply`. */
const LEAF: i32 = 64;

/**
 * B <- B L^-T, B m x n, L n x n lower. L(i, p) stands at l + i lRow + p lColumn, column j of B at b + j bColumn; strides are
 * in bytes. With all strides reversed it is B <- B L^-1: reversing rows and columns of L' gives a lower triangle again.
 */
export function solveTransposed(
  m: i32,
  n: i32,
  l: usize,
  lRow: i32,
  lColumn: i32,
  b: usize,
  bColumn: i32,
): void {
  if (n <= LEAF) {
    const job = theJob();
    job.solve = true;
    job.n = n;
    job.b = l;
    job.bRow = lRow;
    job.bColumn = lColumn;
    job.c = b;
    job.cColumn = bColumn;
    perform(0, m, <f64>m * <f64>n * <f64>n);
    return;
  }
  const half = ((n >> 1) + 3) & ~3;
  solveTransposed(m, half, l, lRow, lColumn, b, bColumn);
  const right = b + half * bColumn;
  multiply(m, n - half, half, b, 8, bColumn, l + half * lRow, lColumn, lRow, right, bColumn, FULL, GENERAL);
  solveTransposed(m, n - half, l + half * (lRow + lColumn), lRow, lColumn, right, bColumn);
}

/** The same without `multiply`. */
export function solveLeaf(m: i32, n: i32, l: usize, lRow: i32, lColumn: i32, b: usize, bColumn: i32): void {
  for (let j = 0; j < n; j += 4) solveColumns(m, j, min(4, n - j), l, lRow, lColumn, b, bColumn);
}

/** Columns j .. j + width, width <= 4, of the solution, those on their left being known. */
export function solveColumns(
  m: i32,
  j: i32,
  width: i32,
  l: usize,
  lRow: i32,
  lColumn: i32,
  b: usize,
  bColumn: i32,
): void {
  let i = 0;
  if (width === 4) {
    for (; i + 4 <= m; i += 4) solveFour(j, l, lRow, lColumn, b + (<usize>i << 3), bColumn);
  }
  for (; i < m; i++) {
    const row = b + (<usize>i << 3);
    for (let q = j; q < j + width; q++) {
      const at = row + q * bColumn;
      const lq = l + q * lRow;
      let x = load<f64>(at);
      for (let p = 0; p < q; p++) x -= load<f64>(row + p * bColumn) * load<f64>(lq + p * lColumn);
      store<f64>(at, x / load<f64>(lq + q * lColumn));
    }
  }
}

/** Four rows, four columns: a 4 x 4 tile minus the product with the columns on the left, then the triangle, in registers. */
function solveFour(j: i32, l: usize, lRow: i32, lColumn: i32, b: usize, bColumn: i32): void {
  const b0 = b + j * bColumn;
  const b1 = b0 + bColumn;
  const b2 = b1 + bColumn;
  const b3 = b2 + bColumn;
  let s00 = v128.load(b0);
  let s01 = v128.load(b0, 16);
  let s10 = v128.load(b1);
  let s11 = v128.load(b1, 16);
  let s20 = v128.load(b2);
  let s21 = v128.load(b2, 16);
  let s30 = v128.load(b3);
  let s31 = v128.load(b3, 16);
  let y = l + j * lRow;
  let x = b;
  for (let p = 0; p < j; p++) {
    const x0 = v128.load(x);
    const x1 = v128.load(x, 16);
    const y0 = v128.load64_splat(y);
    s00 = f64x2.sub(s00, f64x2.mul(x0, y0));
    s01 = f64x2.sub(s01, f64x2.mul(x1, y0));
    const y1 = v128.load64_splat(y + lRow);
    s10 = f64x2.sub(s10, f64x2.mul(x0, y1));
    s11 = f64x2.sub(s11, f64x2.mul(x1, y1));
    const y2 = v128.load64_splat(y + 2 * lRow);
    s20 = f64x2.sub(s20, f64x2.mul(x0, y2));
    s21 = f64x2.sub(s21, f64x2.mul(x1, y2));
    const y3 = v128.load64_splat(y + 3 * lRow);
    s30 = f64x2.sub(s30, f64x2.mul(x0, y3));
    s31 = f64x2.sub(s31, f64x2.mul(x1, y3));
    x += bColumn;
    y += lColumn;
  }
  // y stands at L(j, j) now.
  let d = f64x2.splat(1 / load<f64>(y));
  s00 = f64x2.mul(s00, d);
  s01 = f64x2.mul(s01, d);
  let f = v128.load64_splat(y + lRow);
  s10 = f64x2.sub(s10, f64x2.mul(s00, f));
  s11 = f64x2.sub(s11, f64x2.mul(s01, f));
  f = v128.load64_splat(y + 2 * lRow);
  s20 = f64x2.sub(s20, f64x2.mul(s00, f));
  s21 = f64x2.sub(s21, f64x2.mul(s01, f));
  f = v128.load64_splat(y + 3 * lRow);
  s30 = f64x2.sub(s30, f64x2.mul(s00, f));
  s31 = f64x2.sub(s31, f64x2.mul(s01, f));
  y += lColumn;
  d = f64x2.splat(1 / load<f64>(y + lRow));
  s10 = f64x2.mul(s10, d);
  s11 = f64x2.mul(s11, d);
  f = v128.load64_splat(y + 2 * lRow);
  s20 = f64x2.sub(s20, f64x2.mul(s10, f));
  s21 = f64x2.sub(s21, f64x2.mul(s11, f));
  f = v128.load64_splat(y + 3 * lRow);
  s30 = f64x2.sub(s30, f64x2.mul(s10, f));
  s31 = f64x2.sub(s31, f64x2.mul(s11, f));
  y += lColumn;
  d = f64x2.splat(1 / load<f64>(y + 2 * lRow));
  s20 = f64x2.mul(s20, d);
  s21 = f64x2.mul(s21, d);
  f = v128.load64_splat(y + 3 * lRow);
  s30 = f64x2.sub(s30, f64x2.mul(s20, f));
  s31 = f64x2.sub(s31, f64x2.mul(s21, f));
  y += lColumn;
  d = f64x2.splat(1 / load<f64>(y + 3 * lRow));
  s30 = f64x2.mul(s30, d);
  s31 = f64x2.mul(s31, d);
  v128.store(b0, s00);
  v128.store(b0, s01, 16);
  v128.store(b1, s10);
  v128.store(b1, s11, 16);
  v128.store(b2, s20);
  v128.store(b2, s21, 16);
  v128.store(b3, s30);
  v128.store(b3, s31, 16);
}
