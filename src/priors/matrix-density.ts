/**
 * The density of a covariance matrix X (d x d), or of the X = L L' of a lower triangular factor; no Jacobian in either
 * case [PRIOR-3]. Matrices are column-major. A scale of null stands for the improper limit (Wishart: an infinite scale,
 * inverse Wishart: a zero scale), which has no constant.
 */
export interface MatrixDensity {
  /**
   * @param gradient       d x d symmetric, overwritten: d log density = tr(gradient dX)
   * @param scaleGradient  the same for the scale
   * @returns              -Infinity where X is not positive definite
   */
  logDensity(
    X: Float64Array,
    d: number,
    df: number,
    scale: Float64Array | null,
    gradient: Float64Array | null,
    scaleGradient?: Float64Array | null,
  ): number;
  /**
   * The same number at X = L L', finite up to the edge of the cone where the density is.
   * @param L         d x d; its lower triangle is read, signs of its columns do not matter
   * @param gradient  d x d, overwritten: derivatives in the lower triangle of L, zeros above
   */
  logDensityOfFactor(
    L: Float64Array,
    d: number,
    df: number,
    scale: Float64Array | null,
    gradient: Float64Array | null,
    scaleGradient?: Float64Array | null,
  ): number;
}

/** c log |det L|^2, and its derivative on the diagonal of `gradient`; nothing at all where c is zero. */
export function logDetOfFactor(L: Float64Array, d: number, c: number, gradient: Float64Array | null): number {
  if (c === 0) return 0;
  let total = 0;
  for (let j = 0; j < d; j++) {
    total += Math.log(Math.abs(L[j + j * d]));
    if (gradient) gradient[j + j * d] += (2 * c) / L[j + j * d];
  }
  return 2 * c * total;
}

export function lowerTriangle(a: Float64Array, d: number): Float64Array {
  const l = Float64Array.from(a);
  for (let j = 1; j < d; j++) l.fill(0, j * d, j * d + j);
  return l;
}
