import { symmetricEigen } from '../../kernels/symmetric-eigen.js';

/** Directions with less of the largest curvature than this say nothing. */
const flat = 1e-10;

/** A^+ b for a symmetric A that should be positive definite; other directions are left out. */
export function solveSymmetric(A: Float64Array, b: Float64Array): Float64Array {
  const n = b.length;
  const x = new Float64Array(n);
  if (n === 0 || !A.every(Number.isFinite)) return x;
  const scale = Float64Array.from({ length: n }, (_, i) => {
    const d = A[i + i * n];
    return d > 0 ? 1 / Math.sqrt(d) : 0;
  });
  const { values, vectors } = symmetricEigen(
    A.map((v, k) => v * scale[k % n] * scale[Math.floor(k / n)]),
    n,
  );
  for (let k = 0; k < n; k++) {
    if (!(values[k] > flat * values[n - 1])) continue;
    let t = 0;
    for (let i = 0; i < n; i++) t += vectors[i + k * n] * scale[i] * b[i];
    for (let i = 0; i < n; i++) x[i] += (t / values[k]) * vectors[i + k * n] * scale[i];
  }
  return x;
}
