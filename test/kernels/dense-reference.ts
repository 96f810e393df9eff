// Textbook loops to check the kernels against; row-major arrays of arrays, no blocking, no tricks.
export type Matrix = number[][];

export function zeros(rows: number, columns: number): Matrix {
  return Array.from({ length: rows }, () => new Array<number>(columns).fill(0));
}

export function multiply(a: Matrix, b: Matrix): Matrix {
  return a.map((row) => (b[0] ?? []).map((_, j) => row.reduce((sum, x, p) => sum + x * b[p][j], 0)));
}

export function transpose(a: Matrix): Matrix {
  return (a[0] ?? []).map((_, j) => a.map((row) => row[j]));
}

/** Inverse and log|determinant| by Gauss-Jordan elimination with partial pivoting. */
export function invert(a: Matrix): { readonly inverse: Matrix; readonly logDeterminant: number } {
  const n = a.length;
  const work = a.map((row, i) => [...row, ...row.map((_, j) => (i === j ? 1 : 0))]);
  let logDeterminant = 0;
  for (let j = 0; j < n; j++) {
    let best = j;
    for (let i = j; i < n; i++) if (Math.abs(work[i][j]) > Math.abs(work[best][j])) best = i;
    [work[j], work[best]] = [work[best], work[j]];
    const pivot = work[j][j];
    logDeterminant += Math.log(Math.abs(pivot));
    work[j] = work[j].map((x) => x / pivot);
    for (let i = 0; i < n; i++) {
      if (i === j) continue;
      const factor = work[i][j];
      if (factor !== 0) work[i] = work[i].map((x, c) => x - factor * work[j][c]);
    }
  }
  return { inverse: work.map((row) => row.slice(n)), logDeterminant };
}

/** A small generator for test matrices, uniform on [-1, 1): the figures must be the same in every run. */
export function uniform(seed: number): () => number {
  let state = (seed ^ 0x9e3779b9) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2147483648 - 1;
  };
}
