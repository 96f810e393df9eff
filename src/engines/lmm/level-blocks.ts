// Blocks are k x k and column-major. Up to 4 x 4 the innermost loops are written out; every sum keeps its order, so that the results
// are those of the plain loops, bit by bit.

/** into = A[at ..] B[from ..]. */
export function multiply(
  A: Float64Array,
  at: number,
  B: Float64Array,
  from: number,
  k: number,
  into: Float64Array,
): void {
  if (k === 1) into[0] = A[at] * B[from];
  else if (k === 2) multiplyTwo(A, at, B, from, into);
  else if (k === 3) multiplyThree(A, at, B, from, into);
  else if (k === 4) multiplyFour(A, at, B, from, into);
  else multiplyAny(A, at, B, from, k, into);
}

function multiplyTwo(A: Float64Array, at: number, B: Float64Array, from: number, into: Float64Array): void {
  const a00 = A[at];
  const a10 = A[at + 1];
  const a01 = A[at + 2];
  const a11 = A[at + 3];
  for (let j = 0; j < 4; j += 2) {
    const b0 = B[from + j];
    const b1 = B[from + j + 1];
    into[j] = a00 * b0 + a01 * b1;
    into[j + 1] = a10 * b0 + a11 * b1;
  }
}

function multiplyThree(A: Float64Array, at: number, B: Float64Array, from: number, into: Float64Array): void {
  for (let j = 0; j < 9; j += 3) {
    const b0 = B[from + j];
    const b1 = B[from + j + 1];
    const b2 = B[from + j + 2];
    into[j] = A[at] * b0 + A[at + 3] * b1 + A[at + 6] * b2;
    into[j + 1] = A[at + 1] * b0 + A[at + 4] * b1 + A[at + 7] * b2;
    into[j + 2] = A[at + 2] * b0 + A[at + 5] * b1 + A[at + 8] * b2;
  }
}

function multiplyFour(A: Float64Array, at: number, B: Float64Array, from: number, into: Float64Array): void {
  for (let j = 0; j < 16; j += 4) {
    const b0 = B[from + j];
    const b1 = B[from + j + 1];
    const b2 = B[from + j + 2];
    const b3 = B[from + j + 3];
    into[j] = A[at] * b0 + A[at + 4] * b1 + A[at + 8] * b2 + A[at + 12] * b3;
    into[j + 1] = A[at + 1] * b0 + A[at + 5] * b1 + A[at + 9] * b2 + A[at + 13] * b3;
    into[j + 2] = A[at + 2] * b0 + A[at + 6] * b1 + A[at + 10] * b2 + A[at + 14] * b3;
    into[j + 3] = A[at + 3] * b0 + A[at + 7] * b1 + A[at + 11] * b2 + A[at + 15] * b3;
  }
}

function multiplyAny(A: Float64Array, at: number, B: Float64Array, from: number, k: number, into: Float64Array): void {
  for (let j = 0; j < k; j++)
    for (let i = 0; i < k; i++) {
      let t = 0;
      for (let x = 0; x < k; x++) t += A[at + i + x * k] * B[from + x + j * k];
      into[i + j * k] = t;
    }
}

/** The lower factor in place. @returns the product of its diagonal; NaN where a pivot is not positive */
export function factorize(M: Float64Array, k: number): number {
  if (k === 1) {
    const root = M[0] > 0 ? Math.sqrt(M[0]) : Number.NaN;
    M[0] = root;
    return root;
  }
  if (k === 2) {
    const first = Math.sqrt(M[0]);
    const below = M[1] / first;
    const pivot = M[3] - below * below;
    if (!(M[0] > 0 && pivot > 0)) return Number.NaN;
    M[0] = first;
    M[1] = below;
    M[3] = Math.sqrt(pivot);
    return first * M[3];
  }
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
