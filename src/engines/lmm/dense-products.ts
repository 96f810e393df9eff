import { shiftedCholesky, solveLowerInPlace, solveLowerTransposedInPlace } from '../../optim/cholesky-solve.js';

/** (L L')^-1 with L the lower triangle of `factor`. */
export function inverseOfGram(factor: Float64Array, n: number): Float64Array {
  const result = new Float64Array(n * n);
  for (let c = 0; c < n; c++) {
    const column = result.subarray(c * n, (c + 1) * n);
    column[c] = 1;
    solveLowerInPlace(factor, n, column);
    solveLowerTransposedInPlace(factor, n, column);
  }
  return result;
}

/** Inverse of a symmetric positive definite matrix in units that make its diagonal one; null where it has none. */
export function invert(a: Float64Array, n: number): Float64Array | null {
  const scale = Float64Array.from({ length: n }, (_, i) => 1 / Math.sqrt(a[i + i * n]));
  const L = new Float64Array(n * n);
  const scaled = a.map((v, k) => v * scale[k % n] * scale[Math.floor(k / n)]);
  if (!shiftedCholesky(scaled, n, 0, L)) return null;
  for (let c = 0; c < n; c++) if (!(L[c + c * n] > 1e-7)) return null;
  return inverseOfGram(L, n).map((v, k) => v * scale[k % n] * scale[Math.floor(k / n)]);
}

/** A B, A m x k, B k x n, column-major. */
export function multiply(A: Float64Array, B: Float64Array, m: number, k: number, n: number): Float64Array {
  const C = new Float64Array(m * n);
  for (let c = 0; c < n; c++)
    for (let p = 0; p < k; p++) {
      const f = B[p + c * k];
      if (f === 0) continue;
      for (let r = 0, from = p * m, to = c * m; r < m; r++) C[to + r] += f * A[from + r];
    }
  return C;
}

/** A'B, A k x m, B k x n, column-major. */
export function transposedTimes(A: Float64Array, B: Float64Array, k: number, m: number, n: number): Float64Array {
  const C = new Float64Array(m * n);
  for (let c = 0; c < n; c++)
    for (let r = 0; r < m; r++) {
      let t = 0;
      for (let p = 0, a = r * k, b = c * k; p < k; p++) t += A[a + p] * B[b + p];
      C[r + c * m] = t;
    }
  return C;
}

/** tr(A B) for two n x n matrices. */
export function traceOf(A: Float64Array, B: Float64Array, n: number): number {
  let t = 0;
  for (let c = 0; c < n; c++) for (let r = 0; r < n; r++) t += A[r + c * n] * B[c + r * n];
  return t;
}
