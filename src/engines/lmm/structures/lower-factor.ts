/** A B, n x n, column-major. */
export function product(A: Float64Array, B: Float64Array, n: number): Float64Array {
  const C = new Float64Array(n * n);
  for (let c = 0; c < n; c++)
    for (let k = 0; k < n; k++) {
      const f = B[k + c * n];
      for (let r = 0; r < n; r++) C[r + c * n] += f * A[r + k * n];
    }
  return C;
}

/** Squares below this have lost their digits to underflow. */
const negligible = 1e-290;

/**
 * The lower triangular L with L L' = B B' and a diagonal that is not negative; B may be singular. By Householder reflections from
 * the right, so that small rows keep their digits.
 * @param B  n x n, column-major
 */
export function lowerFactor(B: Float64Array, n: number): Float64Array {
  const L = B.slice();
  const v = new Float64Array(n);
  for (let r = 0; r < n; r++) {
    let square = 0;
    for (let c = r; c < n; c++) {
      v[c] = L[r + c * n];
      square += v[c] * v[c];
    }
    if (!(square > negligible)) {
      for (let c = r; c < n; c++) L[r + c * n] = 0;
      continue;
    }
    const length = Math.sqrt(square);
    const head = v[r] > 0 ? -length : length;
    v[r] -= head;
    let vv = 0;
    for (let c = r; c < n; c++) vv += v[c] * v[c];
    if (vv > 0) {
      for (let k = r; k < n; k++) {
        let t = 0;
        for (let c = r; c < n; c++) t += L[k + c * n] * v[c];
        t *= 2 / vv;
        for (let c = r; c < n; c++) L[k + c * n] -= t * v[c];
      }
    }
    for (let c = r + 1; c < n; c++) L[r + c * n] = 0;
    if (L[r + r * n] < 0) for (let k = r; k < n; k++) L[k + r * n] = -L[k + r * n];
  }
  return L;
}
