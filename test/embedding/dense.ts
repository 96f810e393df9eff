import { CholeskyDecomposition, Matrix } from 'ml-matrix';

/** Everything a linear mixed model is made of, written out. */
export interface DenseModel {
  readonly X: Matrix; // N x P
  readonly Z: Matrix; // N x q, block by block, level by level
  readonly Lambda: Matrix; // q x q
  readonly y: readonly number[];
  readonly weights: readonly number[];
  readonly offset: readonly number[];
}

export interface DenseStages {
  readonly Omega: Matrix;
  readonly ZX: Matrix; // Lambda'Z'WX
  readonly Zy: Matrix;
  readonly XX: Matrix;
  readonly Xy: Matrix;
  readonly yy: number;
}

export function denseStages({ X, Z, Lambda, y, weights, offset }: DenseModel): DenseStages {
  const root = Matrix.diag(weights.map(Math.sqrt));
  const ZL = root.mmul(Z).mmul(Lambda);
  const Xw = root.mmul(X);
  const yw = root.mmul(Matrix.columnVector(y.map((v, i) => v - offset[i])));
  return {
    Omega: ZL.transpose().mmul(ZL).add(Matrix.eye(ZL.columns)),
    ZX: ZL.transpose().mmul(Xw),
    Zy: ZL.transpose().mmul(yw),
    XX: Xw.transpose().mmul(Xw),
    Xy: Xw.transpose().mmul(yw),
    yy: yw.transpose().mmul(yw).get(0, 0),
  };
}

/** [u beta] of the augmented least-squares problem with `more` added to X'X, and what is left of y'y. */
export function denseMode(
  s: DenseStages,
  more: Matrix,
): { readonly u: number[]; readonly beta: number[]; readonly r2: number } {
  const q = s.Omega.columns;
  const P = s.XX.columns;
  const whole = Matrix.zeros(q + P, q + P);
  whole.setSubMatrix(s.Omega, 0, 0);
  whole.setSubMatrix(s.ZX, 0, q);
  whole.setSubMatrix(s.ZX.transpose(), q, 0);
  whole.setSubMatrix(Matrix.add(s.XX, more), q, q);
  const right = Matrix.zeros(q + P, 1);
  right.setSubMatrix(s.Zy, 0, 0);
  right.setSubMatrix(s.Xy, q, 0);
  const solution = new CholeskyDecomposition(symmetric(whole)).solve(right).to1DArray();
  const explained = solution.reduce((t, v, i) => t + v * right.get(i, 0), 0);
  return { u: solution.slice(0, q), beta: solution.slice(q), r2: s.yy - explained };
}

/** Rounding makes products that should be symmetric a little less so. */
export function symmetric(A: Matrix): Matrix {
  return Matrix.add(A, A.transpose()).div(2);
}

export function logDeterminant(A: Matrix): number {
  const L = new CholeskyDecomposition(symmetric(A)).lowerTriangularMatrix;
  return L.diagonal().reduce((t, v) => t + 2 * Math.log(v), 0);
}
