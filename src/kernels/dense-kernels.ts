/**
 * Dense linear algebra on one piece of memory. All matrices are column-major and named by offset and leading dimension (in
 * numbers, not bytes); operands do not overlap unless they are the same. Nothing is checked and nothing allocated. Two
 * implementations agree to rounding: `typescriptKernels` and `wasmKernels`.
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
  /** Lower triangle of C -= A A', A n x k. */
  subtractSquare(n: number, k: number, a: number, lda: number, c: number, ldc: number): void;
  /** C -= A B', A m x k, B n x k. */
  subtractTimesTransposed: SubtractProduct;
  /** C -= A B, A m x k, B k x n. */
  subtractTimes: SubtractProduct;
  /** C -= A B, A m x m symmetric, of which the lower triangle is read, B m x n. */
  subtractSymmetricTimes: SubtractSquareProduct;
  /** Lower triangle of C -= A' B where that product is known to be symmetric: A and B are `second` x `first`. */
  subtractSymmetricProduct: SubtractSquareProduct;
  /**
   * C(places[i], places[j]) -= A(i, .) A(j, .)', j < n, i = j .. m, A m x k: a lower trapezoid whose rows and columns lie apart in C
   * [KERNEL-4].
   * Here and below `places` is the offset, in numbers of 64 bits, of a list of m 32-bit integers.
   */
  subtractSquareScattered(
    m: number,
    n: number,
    k: number,
    a: number,
    lda: number,
    places: number,
    c: number,
    ldc: number,
  ): void;
  /**
   * The part of G += Z B, Z symmetric, that columns j < n of its lower triangle give: Z(i, j) = z(places[i], places[j]); B, G m x k
   * [KERNEL-5].
   */
  addGatheredTimes(
    m: number,
    n: number,
    k: number,
    places: number,
    z: number,
    ldz: number,
    b: number,
    ldb: number,
    g: number,
    ldg: number,
  ): void;
  /** C(i, j) = z(places[i], places[j]), j < n, i = j .. m. */
  gather(m: number, n: number, places: number, z: number, ldz: number, c: number, ldc: number): void;
  /** The lower triangle of (L L')^-1 in place of L n x n lower; `scratch` is room for `inverseScratch(n)` numbers. */
  inverseFromFactor(n: number, l: number, ldl: number, scratch: number): void;
}

type SubtractProduct = (
  m: number,
  n: number,
  k: number,
  a: number,
  lda: number,
  b: number,
  ldb: number,
  c: number,
  ldc: number,
) => void;

type SubtractSquareProduct = (
  first: number,
  second: number,
  a: number,
  lda: number,
  b: number,
  ldb: number,
  c: number,
  ldc: number,
) => void;

/** Room for the halves that `inverseFromFactor` sets aside on its way down: n^2 / 4 + n^2 / 16 + ..., and the rounding. */
export function inverseScratch(n: number): number {
  return Math.ceil(((n + 8) * (n + 8)) / 2);
}
