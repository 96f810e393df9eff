/**
 * Lower Cholesky factor of A + shift I, for the optimizer's own small dense systems.
 * @param a     n x n, column-major, symmetric; its lower triangle is read
 * @param into  n x n, column-major; its lower triangle is overwritten
 * @returns     false where A + shift I is not numerically positive definite (or holds a NaN)
 */
export function shiftedCholesky(a: Float64Array, n: number, shift: number, into: Float64Array): boolean {
  for (let j = 0; j < n; j++) {
    for (let i = j; i < n; i++) into[i + j * n] = a[i + j * n];
    into[j + j * n] += shift;
  }
  for (let j = 0; j < n; j++) {
    const column = j * n;
    for (let k = 0; k < j; k++) {
      const f = into[j + k * n];
      if (f === 0) continue;
      const other = k * n;
      for (let i = j; i < n; i++) into[i + column] -= f * into[i + other];
    }
    const pivot = into[j + column];
    if (!(pivot > 0)) return false;
    const root = Math.sqrt(pivot);
    for (let i = j; i < n; i++) into[i + column] /= root;
  }
  return true;
}

/** Solves L x = b in place; L lower, n x n, column-major. */
export function solveLowerInPlace(l: Float64Array, n: number, b: Float64Array): void {
  for (let j = 0; j < n; j++) {
    const t = b[j] / l[j + j * n];
    b[j] = t;
    for (let i = j + 1; i < n; i++) b[i] -= t * l[i + j * n];
  }
}

/** Solves L' x = b in place; L lower, n x n, column-major. */
export function solveLowerTransposedInPlace(l: Float64Array, n: number, b: Float64Array): void {
  for (let j = n - 1; j >= 0; j--) {
    let t = b[j];
    for (let i = j + 1; i < n; i++) t -= l[i + j * n] * b[i];
    b[j] = t / l[j + j * n];
  }
}
