import { cholesky } from '../kernels/dense-cholesky.js';

export interface PositiveDefinite {
  readonly logDet: number;
  readonly inverse: Float64Array; // d x d, column-major, symmetric
}

/** log det A and A^-1 (d x d, column-major); undefined where A is not positive definite. */
export function positiveDefinite(a: Float64Array, d: number): PositiveDefinite | undefined {
  const l = cholesky(a, d);
  if (!l) return undefined;
  let logDet = 0;
  for (let j = 0; j < d; j++) logDet += 2 * Math.log(l[j + j * d]);
  const w = invertLower(l, d);
  return { logDet, inverse: transposedTimes(w, w, d) };
}

/** L^-1 of a lower triangular matrix; infinite or NaN where a diagonal entry is zero. */
export function invertLower(l: Float64Array, d: number): Float64Array {
  const w = new Float64Array(d * d);
  for (let c = 0; c < d; c++)
    for (let i = c; i < d; i++) {
      let t = i === c ? 1 : 0;
      for (let k = c; k < i; k++) t -= l[i + k * d] * w[k + c * d];
      w[i + c * d] = t / l[i + i * d];
    }
  return w;
}

/** A B, all d x d and column-major. */
export function times(a: Float64Array, b: Float64Array, d: number): Float64Array {
  const c = new Float64Array(d * d);
  for (let j = 0; j < d; j++)
    for (let k = 0; k < d; k++) {
      const f = b[k + j * d];
      for (let i = 0; i < d; i++) c[i + j * d] += a[i + k * d] * f;
    }
  return c;
}

/** A' B. */
export function transposedTimes(a: Float64Array, b: Float64Array, d: number): Float64Array {
  const c = new Float64Array(d * d);
  for (let j = 0; j < d; j++)
    for (let i = 0; i < d; i++) {
      let t = 0;
      for (let k = 0; k < d; k++) t += a[k + i * d] * b[k + j * d];
      c[i + j * d] = t;
    }
  return c;
}

/** A B'. */
export function timesTransposed(a: Float64Array, b: Float64Array, d: number): Float64Array {
  const c = new Float64Array(d * d);
  for (let k = 0; k < d; k++)
    for (let j = 0; j < d; j++) {
      const f = b[j + k * d];
      for (let i = 0; i < d; i++) c[i + j * d] += a[i + k * d] * f;
    }
  return c;
}

/** tr(A B) of two symmetric matrices: the sum of products of their entries. */
export function traceOfProduct(a: Float64Array, b: Float64Array): number {
  let t = 0;
  for (let i = 0; i < a.length; i++) t += a[i] * b[i];
  return t;
}
