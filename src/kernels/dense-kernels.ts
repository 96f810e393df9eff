/**
 * Dense linear algebra on one piece of memory. All matrices are column-major and named by offset and leading dimension (in
 * numbers, not bytes). Nothing is checked and nothing allocated. Two implementations agree to rounding: `typescriptKernels`
 * and the WebAssembly ones.
 */
export interface DenseKernels {
  readonly name: 'typescript' | 'wasm';
  /** Everything the kernels work on; its identity never changes. */
  readonly memory: Float64Array;
  /** Lower Cholesky factor in place of the lower triangle (the upper one is not touched); 0, or the failing 1-based column. */
  cholesky(n: number, a: number, lda: number): number;
  /** B <- B L^-T, B m x n, L n x n lower. */
  solveRightTransposed(m: number, n: number, l: number, ldl: number, b: number, ldb: number): void;
  /** B <- B L^-1, B m x n, L n x n lower. */
  solveRight(m: number, n: number, l: number, ldl: number, b: number, ldb: number): void;
  /** B <- L^-1 B, B n x m, L n x n lower. */
  solveLeft(n: number, m: number, l: number, ldl: number, b: number, ldb: number): void;
  /** B <- L^-T B, B n x m, L n x n lower. */
  solveLeftTransposed(n: number, m: number, l: number, ldl: number, b: number, ldb: number): void;
  /** Lower triangle of C -= A A', A n x k. */
  subtractSquare(n: number, k: number, a: number, lda: number, c: number, ldc: number): void;
  /** C -= A B', A m x k, B n x k. */
  subtractTimesTransposed(
    m: number,
    n: number,
    k: number,
    a: number,
    lda: number,
    b: number,
    ldb: number,
    c: number,
    ldc: number,
  ): void;
  /** C -= A B, A m x k, B k x n. */
  subtractTimes(
    m: number,
    n: number,
    k: number,
    a: number,
    lda: number,
    b: number,
    ldb: number,
    c: number,
    ldc: number,
  ): void;
  /** C -= A' B, A k x m, B k x n. */
  subtractTransposedTimes(
    m: number,
    n: number,
    k: number,
    a: number,
    lda: number,
    b: number,
    ldb: number,
    c: number,
    ldc: number,
  ): void;
  /** Lower triangle of C -= A' B where that product is known to be symmetric, A and B k x n. */
  subtractSymmetricProduct(
    n: number,
    k: number,
    a: number,
    lda: number,
    b: number,
    ldb: number,
    c: number,
    ldc: number,
  ): void;
  /** L^-1 in place of a lower triangle. */
  invertLower(n: number, l: number, ldl: number): void;
  /** Lower triangle of L' L in place of L. */
  transposedTimesSelf(n: number, l: number, ldl: number): void;
}
