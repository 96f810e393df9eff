/**
 * Orthogonal polynomials of x as R's `poly(x, degree)`: degree columns, orthonormal over the rows and orthogonal to the
 * constant. Learned by the three-term recurrence [DATA-2], which is what R's own prediction uses:
 *   p_{k+1}(x) = (x - alpha_{k+1}) p_k(x) - (norm_{k+1} / norm_k) p_{k-1}(x)
 * @param x  values without missing ones
 * @returns  alpha (degree), then the squared norms of p_0 ... p_degree; undefined where x has no more than `degree`
 *           distinct values
 */
export function learnPolynomials(x: Float64Array, degree: number): number[] | undefined {
  const n = x.length;
  const alpha: number[] = [];
  const norm2: number[] = [n];
  let before = new Float64Array(n);
  let current = new Float64Array(n).fill(1);
  for (let k = 0; k < degree; k++) {
    let moment = 0;
    for (let i = 0; i < n; i++) moment += x[i] * current[i] * current[i];
    alpha.push(moment / norm2[k]);
    // A second look at the mean: x far from zero would lose its first moment's digits.
    let correction = 0;
    for (let i = 0; i < n; i++) correction += (x[i] - alpha[k]) * current[i] * current[i];
    alpha[k] += correction / norm2[k];
    const next = new Float64Array(n);
    const ratio = k === 0 ? 0 : norm2[k] / norm2[k - 1];
    let square = 0;
    let scale = 0;
    for (let i = 0; i < n; i++) {
      next[i] = (x[i] - alpha[k]) * current[i] - ratio * before[i];
      square += next[i] * next[i];
      scale = Math.max(scale, Math.abs((x[i] - alpha[k]) * current[i]), Math.abs(ratio * before[i]));
    }
    // With no more than `degree` distinct values a polynomial is zero at all of them, up to rounding.
    if (!(square > n * (scale * 1e-9) ** 2)) return undefined;
    norm2.push(square);
    before = current;
    current = next;
  }
  return [...alpha, ...norm2];
}

/** The columns for any x, from what `learnPolynomials` found. Missing values stay missing. */
export function polynomialColumns(x: Float64Array, degree: number, learned: readonly number[]): Float64Array[] {
  const n = x.length;
  const norm2 = learned.slice(degree);
  const columns: Float64Array[] = [];
  let before = new Float64Array(n);
  let current = new Float64Array(n).fill(1);
  for (let k = 0; k < degree; k++) {
    const next = new Float64Array(n);
    const ratio = k === 0 ? 0 : norm2[k] / norm2[k - 1];
    for (let i = 0; i < n; i++) next[i] = (x[i] - learned[k]) * current[i] - ratio * before[i];
    const length = Math.sqrt(norm2[k + 1]);
    columns.push(next.map((v) => v / length));
    before = current;
    current = next;
  }
  return columns;
}

/** Powers x, x^2, ...: `poly(x, k, raw = true)`. */
export function powerColumns(x: Float64Array, degree: number): Float64Array[] {
  return Array.from({ length: degree }, (_, k) => x.map((v) => v ** (k + 1)));
}
