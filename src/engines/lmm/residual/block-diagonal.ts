/** Two square matrices along the diagonal of one. */
export function blockDiagonal(A: Float64Array, B: Float64Array): Float64Array {
  const m = Math.round(Math.sqrt(A.length));
  const n = Math.round(Math.sqrt(B.length));
  const both = new Float64Array((m + n) ** 2);
  for (let c = 0; c < m; c++) for (let r = 0; r < m; r++) both[r + c * (m + n)] = A[r + c * m];
  for (let c = 0; c < n; c++) for (let r = 0; r < n; r++) both[m + r + (m + c) * (m + n)] = B[r + c * n];
  return both;
}
