import { InternalError } from '../diagnostics/internal-error.js';

/**
 * A = V diag(values) V' for a symmetric matrix.
 * @param a  n x n, column-major; the lower triangle is read
 * @returns values ascending, V column-major with orthonormal columns; undefined where A holds NaN or infinity
 */
export function symmetricEigen(
  a: Float64Array,
  n: number,
): { readonly values: Float64Array; readonly vectors: Float64Array } | undefined {
  if (a.length !== n * n) throw new InternalError('symmetricEigen: wrong length', { length: a.length, n });
  const vectors = a.slice();
  const values = new Float64Array(n);
  return symmetricEigenInPlace(vectors, n, values, new Float64Array(n)) === 0 ? { values, vectors } : undefined;
}

/** Sweeps of the QL iteration per eigenvalue; two is usual, so that only NaN comes this far. */
const MOST_SWEEPS = 60;

/**
 * Householder tridiagonalization, then implicit QL [KERNEL-6] (Golub and Van Loan, Matrix Computations, 4th ed., 8.3), sorted.
 * @param a         n x n, column-major, the lower triangle is read; overwritten by the eigenvectors
 * @param values    n, overwritten by the eigenvalues, ascending
 * @param scratch   n
 * @returns 0, or the 1-based eigenvalue that was not found
 */
export function symmetricEigenInPlace(a: Float64Array, n: number, values: Float64Array, scratch: Float64Array): number {
  let largest = 0;
  for (let j = 0; j < n; j++) {
    for (let i = j; i < n; i++) {
      const x = Math.abs(a[j * n + i]);
      if (!(x < Number.POSITIVE_INFINITY)) return j + 1;
      if (x > largest) largest = x;
    }
  }
  // Products of entries must neither overflow nor vanish; a power of two costs no digit.
  const scale = largest > 0 ? 2 ** Math.floor(Math.log2(largest)) : 1;
  for (let j = 0; j < n; j++) {
    for (let i = j; i < n; i++) {
      const x = a[j * n + i] / scale;
      a[j * n + i] = x;
      a[i * n + j] = x;
    }
  }
  tridiagonalize(a, n, values, scratch);
  const failed = implicitQl(a, n, values, scratch);
  for (let j = 0; j < n; j++) values[j] *= scale;
  if (failed === 0) sortAscending(a, n, values);
  return failed;
}

/** d becomes the diagonal, e[1 ..] what stands below it, A the orthogonal Q of A = Q T Q'. */
function tridiagonalize(a: Float64Array, n: number, d: Float64Array, e: Float64Array): void {
  // From the last row up: a reflector from row i's first i entries leaves only entry i - 1. It is kept in column i's top.
  for (let i = n - 1; i > 0; i--) {
    let scale = 0;
    for (let k = 0; k < i; k++) scale = Math.max(scale, Math.abs(a[i * n + k]));
    d[i] = 0; // half the squared length of the reflector, 0 for none
    if (i === 1 || scale === 0) {
      e[i] = a[i * n + i - 1];
      continue;
    }
    const u = i * n; // column i, rows 0 .. i - 1: by symmetry row i
    let norm2 = 0;
    for (let k = 0; k < i; k++) {
      a[u + k] /= scale;
      norm2 += a[u + k] * a[u + k];
    }
    const head = a[u + i - 1];
    const alpha = head > 0 ? -Math.sqrt(norm2) : Math.sqrt(norm2);
    e[i] = scale * alpha;
    const half = norm2 - head * alpha; // u'u / 2
    a[u + i - 1] = head - alpha;
    d[i] = half;
    // p = A u / half, K = u'p / (2 half), q = p - K u, A -= q u' + u q' on the leading i x i part.
    let dot = 0;
    for (let j = 0; j < i; j++) {
      let sum = 0;
      for (let k = 0; k < i; k++) sum += a[j * n + k] * a[u + k];
      e[j] = sum / half;
      dot += e[j] * a[u + j];
    }
    const K = dot / (2 * half);
    for (let j = 0; j < i; j++) e[j] -= K * a[u + j];
    for (let j = 0; j < i; j++) {
      const uj = a[u + j];
      const qj = e[j];
      for (let k = 0; k < i; k++) a[j * n + k] -= qj * a[u + k] + uj * e[k];
    }
  }
  // Accumulate Q from the smallest reflector to the largest; the diagonal of T is what is left on A's.
  for (let i = 0; i < n; i++) {
    const u = i * n;
    const half = i > 1 ? d[i] : 0;
    if (half > 0) {
      for (let j = 0; j < i; j++) {
        let sum = 0;
        for (let k = 0; k < i; k++) sum += a[u + k] * a[j * n + k];
        sum /= half;
        for (let k = 0; k < i; k++) a[j * n + k] -= sum * a[u + k];
      }
    }
    d[i] = a[u + i];
    for (let k = 0; k < i; k++) {
      a[u + k] = 0;
      a[k * n + i] = 0;
    }
    a[u + i] = 1;
  }
  e[0] = 0;
}

function implicitQl(v: Float64Array, n: number, d: Float64Array, e: Float64Array): number {
  for (let i = 1; i < n; i++) e[i - 1] = e[i];
  if (n > 0) e[n - 1] = 0;
  for (let l = 0; l < n; l++) {
    for (let sweep = 0; ; sweep++) {
      let m = l;
      for (; m < n - 1; m++) {
        const near = Math.abs(d[m]) + Math.abs(d[m + 1]);
        if (Math.abs(e[m]) <= Number.EPSILON * near) break;
      }
      if (m === l) break;
      if (sweep === MOST_SWEEPS) return l + 1;
      // Wilkinson's shift, from the leading 2 x 2.
      let g = (d[l + 1] - d[l]) / (2 * e[l]);
      let r = Math.hypot(g, 1);
      g = d[m] - d[l] + e[l] / (g + (g >= 0 ? r : -r));
      let s = 1;
      let c = 1;
      let p = 0;
      let i = m - 1;
      for (; i >= l; i--) {
        const f = s * e[i];
        const b = c * e[i];
        r = Math.hypot(f, g);
        e[i + 1] = r;
        if (r === 0) {
          // The matrix falls apart here: start again on the part that is left.
          d[i + 1] -= p;
          e[m] = 0;
          break;
        }
        s = f / r;
        c = g / r;
        g = d[i + 1] - p;
        r = (d[i] - g) * s + 2 * c * b;
        p = s * r;
        d[i + 1] = g + p;
        g = c * r - b;
        const left = i * n;
        const right = left + n;
        for (let k = 0; k < n; k++) {
          const x = v[right + k];
          v[right + k] = s * v[left + k] + c * x;
          v[left + k] = c * v[left + k] - s * x;
        }
      }
      if (r === 0 && i >= l) continue;
      d[l] -= p;
      e[l] = g;
      e[m] = 0;
    }
  }
  return 0;
}

function sortAscending(v: Float64Array, n: number, d: Float64Array): void {
  for (let i = 0; i < n - 1; i++) {
    let least = i;
    for (let j = i + 1; j < n; j++) if (d[j] < d[least]) least = j;
    if (least === i) continue;
    [d[i], d[least]] = [d[least], d[i]];
    for (let k = 0; k < n; k++) {
      const x = v[i * n + k];
      v[i * n + k] = v[least * n + k];
      v[least * n + k] = x;
    }
  }
}
