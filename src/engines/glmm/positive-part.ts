/** Sweeps of Jacobi's method; small matrices need four or five. */
const mostSweeps = 12;

/**
 * Replaces a small symmetric matrix by its positive part, V max(D, 0) V', by Jacobi rotations; nothing is allocated.
 * @param W        n x n, column-major; overwritten
 * @param vectors  n x n + n, scratch
 * @returns        false where W was positive semidefinite already, and is unchanged but for rounding
 */
export function positivePartInPlace(W: Float64Array, n: number, vectors: Float64Array): boolean {
  if (n === 1) {
    if (W[0] >= 0) return false;
    W[0] = 0;
    return true;
  }
  if (n === 2 && W[0] >= 0 && W[3] >= 0 && W[0] * W[3] >= W[1] * W[1]) return false;
  vectors.fill(0, 0, n * n);
  for (let k = 0; k < n; k++) vectors[k * (n + 1)] = 1;
  for (let sweep = 0; sweep < mostSweeps; sweep++) {
    let off = 0;
    let on = 0;
    for (let c = 0; c < n; c++) {
      on += W[c * (n + 1)] ** 2;
      for (let r = c + 1; r < n; r++) off += W[r + c * n] ** 2;
    }
    if (!(off > 1e-30 * on)) break;
    for (let p = 0; p < n; p++) for (let q = p + 1; q < n; q++) rotate(W, vectors, n, p, q);
  }
  let negative = false;
  for (let k = 0; k < n; k++) if (W[k * (n + 1)] < 0) negative = true;
  // diagonal now: V max(D, 0) V' (or V D V' again, where nothing was negative)
  for (let k = 0; k < n; k++) vectors[n * n + k] = Math.max(W[k * (n + 1)], 0);
  for (let c = 0; c < n; c++)
    for (let r = 0; r < n; r++) {
      let t = 0;
      for (let k = 0; k < n; k++) t += vectors[n * n + k] * vectors[r + k * n] * vectors[c + k * n];
      W[r + c * n] = t;
    }
  return negative;
}

/** One Jacobi rotation that makes W_pq zero. */
function rotate(W: Float64Array, vectors: Float64Array, n: number, p: number, q: number): void {
  const wpq = W[p + q * n];
  if (wpq === 0) return;
  const theta = (W[q + q * n] - W[p + p * n]) / (2 * wpq);
  const t = Math.sign(theta || 1) / (Math.abs(theta) + Math.hypot(1, theta));
  const c = 1 / Math.hypot(1, t);
  const s = t * c;
  for (let k = 0; k < n; k++) {
    const a = W[k + p * n];
    const b = W[k + q * n];
    W[k + p * n] = c * a - s * b;
    W[k + q * n] = s * a + c * b;
  }
  for (let k = 0; k < n; k++) {
    const a = W[p + k * n];
    const b = W[q + k * n];
    W[p + k * n] = c * a - s * b;
    W[q + k * n] = s * a + c * b;
  }
  for (let k = 0; k < n; k++) {
    const a = vectors[k + p * n];
    const b = vectors[k + q * n];
    vectors[k + p * n] = c * a - s * b;
    vectors[k + q * n] = s * a + c * b;
  }
}
