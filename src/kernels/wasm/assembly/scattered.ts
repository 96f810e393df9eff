// Work with rows and columns that lie apart in a panel: `places` begins a list of 32-bit row numbers, row i of the operand being row
// places[i], and column places[i], of the panel.
import { GENERAL, LOWER, multiply } from './multiply';

/** From this many columns on, tiles in registers cost less than loops. */
const WIDE: i32 = 5;

/** C(places[i], places[j]) -= A(i, .) A(j, .)', j < n, i = j .. m, A m x k; lda and ldc in bytes. */
export function subtractSquareScattered(m: i32, n: i32, k: i32, a: usize, lda: i32, places: usize, c: usize, ldc: i32): void {
  if (k >= WIDE) {
    multiply(m, n, k, a, 8, lda, a, lda, 8, c, ldc, LOWER, GENERAL, places);
    return;
  }
  const rowEnd = places + (<usize>m << 2);
  for (let left = k; left > 0; ) {
    const width = atOnce(left);
    for (let j = 0; j < n; j++) {
      const top = a + (<usize>j << 3);
      const row = places + (<usize>j << 2);
      const column = c + load<i32>(row) * ldc;
      if (width === 4) scatterFour(top, lda, row, rowEnd, column);
      else if (width === 2) scatterTwo(top, lda, row, rowEnd, column);
      else scatterOne(top, row, rowEnd, column);
    }
    left -= width;
    a += width * lda;
  }
}

/** How many of so many columns are gone through at once. */
function atOnce(columns: i32): i32 {
  return columns >= 4 ? 4 : columns >= 2 ? 2 : 1;
}

function scatterOne(a: usize, row: usize, end: usize, column: usize): void {
  const y = load<f64>(a);
  for (; row < end; row += 4, a += 8) {
    const at = column + (<usize>load<i32>(row) << 3);
    store<f64>(at, load<f64>(at) - y * load<f64>(a));
  }
}

function scatterTwo(a: usize, lda: i32, row: usize, end: usize, column: usize): void {
  let b = a + lda;
  const y = load<f64>(a);
  const z = load<f64>(b);
  for (; row < end; row += 4, a += 8, b += 8) {
    const at = column + (<usize>load<i32>(row) << 3);
    store<f64>(at, load<f64>(at) - (y * load<f64>(a) + z * load<f64>(b)));
  }
}

function scatterFour(a: usize, lda: i32, row: usize, end: usize, column: usize): void {
  let b = a + lda;
  let d = b + lda;
  let e = d + lda;
  const y = load<f64>(a);
  const z = load<f64>(b);
  const w = load<f64>(d);
  const v = load<f64>(e);
  for (; row < end; row += 4, a += 8, b += 8, d += 8, e += 8) {
    const at = column + (<usize>load<i32>(row) << 3);
    store<f64>(at, load<f64>(at) - (y * load<f64>(a) + z * load<f64>(b) + (w * load<f64>(d) + v * load<f64>(e))));
  }
}

/**
 * Rows of G += Z B for the part of a symmetric Z that columns j < n of its lower triangle hold: Z(i, j) = z(places[i], places[j]),
 * i = j .. m; B and G m x k.
 */
export function addGatheredTimes(
  m: i32,
  n: i32,
  k: i32,
  places: usize,
  z: usize,
  ldz: i32,
  b: usize,
  ldb: i32,
  g: usize,
  ldg: i32,
): void {
  const rowEnd = places + (<usize>m << 2);
  for (let left = k; left > 0; ) {
    const width = atOnce(left);
    for (let j = 0; j < n; j++) {
      const row = places + (<usize>j << 2);
      const column = z + load<i32>(row) * ldz;
      const from = b + (<usize>j << 3);
      const to = g + (<usize>j << 3);
      if (width === 4) timesFour(row, rowEnd, column, from, ldb, to, ldg);
      else if (width === 2) timesTwo(row, rowEnd, column, from, ldb, to, ldg);
      else timesOne(row, rowEnd, column, from, to);
    }
    left -= width;
    b += width * ldb;
    g += width * ldg;
  }
}

function timesOne(row: usize, end: usize, column: usize, b: usize, g: usize): void {
  const y = load<f64>(b);
  let sum = load<f64>(column + (<usize>load<i32>(row) << 3)) * y;
  const top = g;
  for (row += 4; row < end; row += 4) {
    b += 8;
    g += 8;
    const v = load<f64>(column + (<usize>load<i32>(row) << 3));
    add(g, v * y);
    sum += v * load<f64>(b);
  }
  add(top, sum);
}

function timesTwo(row: usize, end: usize, column: usize, b: usize, ldb: i32, g: usize, ldg: i32): void {
  const y = load<f64>(b);
  const z = load<f64>(b + ldb);
  const diagonal = load<f64>(column + (<usize>load<i32>(row) << 3));
  let sum0 = diagonal * y;
  let sum1 = diagonal * z;
  const top = g;
  for (row += 4; row < end; row += 4) {
    b += 8;
    g += 8;
    const v = load<f64>(column + (<usize>load<i32>(row) << 3));
    add(g, v * y);
    add(g + ldg, v * z);
    sum0 += v * load<f64>(b);
    sum1 += v * load<f64>(b + ldb);
  }
  add(top, sum0);
  add(top + ldg, sum1);
}

function timesFour(row: usize, end: usize, column: usize, b: usize, ldb: i32, g: usize, ldg: i32): void {
  const y = load<f64>(b);
  const z = load<f64>(b + ldb);
  const w = load<f64>(b + 2 * ldb);
  const u = load<f64>(b + 3 * ldb);
  const diagonal = load<f64>(column + (<usize>load<i32>(row) << 3));
  let sum0 = diagonal * y;
  let sum1 = diagonal * z;
  let sum2 = diagonal * w;
  let sum3 = diagonal * u;
  const top = g;
  for (row += 4; row < end; row += 4) {
    b += 8;
    g += 8;
    const v = load<f64>(column + (<usize>load<i32>(row) << 3));
    add(g, v * y);
    add(g + ldg, v * z);
    add(g + 2 * ldg, v * w);
    add(g + 3 * ldg, v * u);
    sum0 += v * load<f64>(b);
    sum1 += v * load<f64>(b + ldb);
    sum2 += v * load<f64>(b + 2 * ldb);
    sum3 += v * load<f64>(b + 3 * ldb);
  }
  add(top, sum0);
  add(top + ldg, sum1);
  add(top + 2 * ldg, sum2);
  add(top + 3 * ldg, sum3);
}

function add(at: usize, x: f64): void {
  store<f64>(at, load<f64>(at) + x);
}

/** C(i, j) = z(places[i], places[j]), j < n, i = j .. m. */
export function gather(m: i32, n: i32, places: usize, z: usize, ldz: i32, c: usize, ldc: i32): void {
  const rowEnd = places + (<usize>m << 2);
  for (let j = 0; j < n; j++) {
    let row = places + (<usize>j << 2);
    const column = z + load<i32>(row) * ldz;
    for (let to = c + (<usize>j << 3) + j * ldc; row < rowEnd; row += 4, to += 8) {
      store<f64>(to, load<f64>(column + (<usize>load<i32>(row) << 3)));
    }
  }
}
