import { shiftedCholesky, solveLowerInPlace, solveLowerTransposedInPlace } from '../../optim/cholesky-solve.js';
import { dot } from '../../optim/vectors.js';
import type { LmmWork } from './lmm-work.js';
import type { ReducedResponse } from './reduced-response.js';

/**
 * r^2 within the subspace: [LMM-6] with J effects.
 * @param slopes  its derivatives by theta are written
 */
export function reducedSquares(
  work: LmmWork,
  reduced: ReducedResponse,
  theta: Float64Array,
  slopes: Float64Array,
): number {
  const { P, products } = work;
  const { of, A, ZX, Zy } = reduced;
  const J = of.length;
  const S = new Float64Array(J * J);
  for (let c = 0; c < J; c++)
    for (let r = 0; r < J; r++) S[r + c * J] = theta[of[r]] * A[r + c * J] * theta[of[c]] + (r === c ? 1 : 0);
  if (!shiftedCholesky(S, J, 0, S)) return Number.NaN;
  const half = Array.from({ length: P + 1 }, (_, x) => {
    const column = Float64Array.from(of, (p, j) => theta[p] * (x < P ? ZX[j * P + x] : Zy[j]));
    solveLowerInPlace(S, J, column);
    return column;
  });
  const R = products.XX.map((v, k) => v - dot(half[k % P], half[Math.floor(k / P)]));
  if (!shiftedCholesky(R, P, 0, R)) return Number.NaN;
  const beta = Float64Array.from({ length: P }, (_, c) => products.response.Xy[c] - dot(half[c], half[P]));
  solveLowerInPlace(R, P, beta);
  let squares = products.response.yy - dot(half[P], half[P]);
  for (const b of beta) squares -= b * b;
  solveLowerTransposedInPlace(R, P, beta);
  const u = half[P].map((v, j) => beta.reduce((t, b, c) => t - half[c][j] * b, v));
  solveLowerTransposedInPlace(S, J, u);
  slopes.fill(0);
  for (let j = 0; j < J; j++) {
    let e = Zy[j];
    for (let c = 0; c < P; c++) e -= ZX[j * P + c] * beta[c];
    for (let k = 0; k < J; k++) e -= A[j + k * J] * theta[of[k]] * u[k];
    slopes[of[j]] -= 2 * e * u[j];
  }
  return squares;
}
