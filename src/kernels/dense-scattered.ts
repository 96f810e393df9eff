// Work with rows and columns that lie apart in a panel: row i of the operand is row `places[at + i]`, and column `places[at + i]`, of
// the panel. All arrays are views of one memory.

/** C(places[i], places[j]) -= A(i, .) A(j, .)', j < n, i = j .. m, A m x k: up to four columns of A at a time. */
export function subtractSquareScattered(
  m: number,
  n: number,
  k: number,
  x: Float64Array,
  a: number,
  lda: number,
  places: Int32Array,
  at: number,
  c: number,
  ldc: number,
): void {
  for (let p = 0; p < k; ) {
    const from = a + p * lda;
    const columns = k - p >= 4 ? 4 : k - p >= 2 ? 2 : 1;
    for (let j = 0; j < n; j++) {
      const column = c + places[at + j] * ldc;
      if (columns === 4) scatterFour(x, from, lda, j, m, places, at, column);
      else if (columns === 2) scatterTwo(x, from, lda, j, m, places, at, column);
      else scatterOne(x, from, j, m, places, at, column);
    }
    p += columns;
  }
}

function scatterOne(
  x: Float64Array,
  a: number,
  j: number,
  m: number,
  places: Int32Array,
  at: number,
  column: number,
): void {
  const y = x[a + j];
  for (let i = j; i < m; i++) x[column + places[at + i]] -= y * x[a + i];
}

function scatterTwo(
  x: Float64Array,
  a: number,
  lda: number,
  j: number,
  m: number,
  places: Int32Array,
  at: number,
  column: number,
): void {
  const b = a + lda;
  const y = x[a + j];
  const z = x[b + j];
  for (let i = j; i < m; i++) x[column + places[at + i]] -= y * x[a + i] + z * x[b + i];
}

function scatterFour(
  x: Float64Array,
  a: number,
  lda: number,
  j: number,
  m: number,
  places: Int32Array,
  at: number,
  column: number,
): void {
  const b = a + lda;
  const d = b + lda;
  const e = d + lda;
  const y = x[a + j];
  const z = x[b + j];
  const w = x[d + j];
  const v = x[e + j];
  for (let i = j; i < m; i++) {
    x[column + places[at + i]] -= y * x[a + i] + z * x[b + i] + (w * x[d + i] + v * x[e + i]);
  }
}

/** The part of G += Z B, Z symmetric, that columns j < n of its lower triangle give: Z(i, j) = z(places[i], places[j]); B, G m x k. */
export function addGatheredTimes(
  m: number,
  n: number,
  k: number,
  x: Float64Array,
  places: Int32Array,
  at: number,
  z: number,
  ldz: number,
  b: number,
  ldb: number,
  g: number,
  ldg: number,
): void {
  for (let j = 0; j < n; j++) {
    const column = z + places[at + j] * ldz;
    const diagonal = x[column + places[at + j]];
    for (let p = 0; p < k; p++) {
      const from = b + p * ldb;
      const to = g + p * ldg;
      const y = x[from + j];
      let sum = diagonal * y;
      for (let i = j + 1; i < m; i++) {
        const v = x[column + places[at + i]];
        x[to + i] += v * y;
        sum += v * x[from + i];
      }
      x[to + j] += sum;
    }
  }
}

/** C(i, j) = z(places[i], places[j]), j < n, i = j .. m. */
export function gather(
  m: number,
  n: number,
  x: Float64Array,
  places: Int32Array,
  at: number,
  z: number,
  ldz: number,
  c: number,
  ldc: number,
): void {
  for (let j = 0; j < n; j++) {
    const column = z + places[at + j] * ldz;
    const to = c + j * ldc;
    for (let i = j; i < m; i++) x[to + i] = x[column + places[at + i]];
  }
}
