/** into = A[at ..] B[from ..], k x k. */
export function multiply(
  A: Float64Array,
  at: number,
  B: Float64Array,
  from: number,
  k: number,
  into: Float64Array,
): void {
  for (let j = 0; j < k; j++)
    for (let i = 0; i < k; i++) {
      let t = 0;
      for (let x = 0; x < k; x++) t += A[at + i + x * k] * B[from + x + j * k];
      into[i + j * k] = t;
    }
}

/** The lower factor in place. @returns the product of its diagonal; NaN where a pivot is not positive */
export function factorize(M: Float64Array, k: number): number {
  let root = 1;
  for (let j = 0; j < k; j++) {
    let pivot = M[j + j * k];
    for (let x = 0; x < j; x++) pivot -= M[j + x * k] * M[j + x * k];
    if (!(pivot > 0)) return Number.NaN;
    const d = Math.sqrt(pivot);
    M[j + j * k] = d;
    root *= d;
    for (let i = j + 1; i < k; i++) {
      let t = M[i + j * k];
      for (let x = 0; x < j; x++) t -= M[i + x * k] * M[j + x * k];
      M[i + j * k] = t / d;
    }
  }
  return root;
}
