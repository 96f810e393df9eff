import { columnMap, transposeUntransform, untransformBeta } from '../engines/lmm/column-transform.js';
import type { LmmWork } from '../engines/lmm/lmm-work.js';
import { effectsGivenBeta } from '../engines/lmm/profiled-deviance.js';
import { lowerFactor } from '../engines/lmm/structures/lower-factor.js';
import { backwardSolve } from '../kernels/block-cholesky.js';
import { solveLowerInPlace, solveLowerTransposedInPlace } from '../optim/cholesky-solve.js';

/** RX of the columns as the design has them, upper triangular, P x P, column-major [EMBED-1]. */
export function publicRX(work: LmmWork): Float64Array {
  const { P, RX, products } = work;
  const B = columnMap(products.transform);
  const BL = new Float64Array(P * P); // B' RXt'
  for (let c = 0; c < P; c++)
    for (let r = 0; r < P; r++) {
      let t = 0;
      for (let k = c; k < P; k++) t += B[k + r * P] * RX[k + c * P];
      BL[r + c * P] = t;
    }
  return transposed(lowerFactor(BL, P), P);
}

/** RZX of the columns as the design has them, q x P, column-major. */
export function publicRZX(work: LmmWork): Float64Array {
  const { q, P, m, C, products } = work;
  const wide = P + 1 + m;
  const B = columnMap(products.transform);
  const RZX = new Float64Array(q * P);
  for (let c = 0; c < P; c++)
    for (let i = 0; i < q; i++) {
      let t = 0;
      for (let k = 0; k < P; k++) t += C[i * wide + k] * B[k + c * P];
      RZX[i + c * q] = t;
    }
  return RZX;
}

function transposed(A: Float64Array, n: number): Float64Array {
  return Float64Array.from(A, (_, k) => A[Math.floor(k / n) + (k % n) * n]);
}

/** What a joint mode is made from, in the units of the data. */
export interface EditedMatrices {
  readonly RX: Float64Array; // P x P, upper, column-major
  /** As the decomposition gave it. */
  readonly originalRX: Float64Array;
  /** q x P, column-major; null: as `work` has it, and L too. */
  readonly RZX: Float64Array | null;
}

/**
 * Solves for beta and u from matrices that were edited [EMBED-3] and leaves them, r^2 and the edited RX in `work`, as if its own
 * decomposition had given them. L and c_u are those that `work` holds.
 * @returns false where RX has no positive diagonal
 */
export function solveEdited(work: LmmWork, { RX, originalRX, RZX }: EditedMatrices): boolean {
  const { P, products } = work;
  for (let c = 0; c < P; c++) if (!(Math.abs(RX[c * (P + 1)]) > 0)) return false;
  const lower = transposed(RX, P);
  const beta = RZX === null ? afterRX(work, lower, originalRX) : afterAll(work, lower, RZX);
  // into the coordinates of the engine
  const { start, length } = products.response;
  const B = columnMap(products.transform);
  const delta = new Float64Array(P);
  for (let r = 0; r < P; r++) {
    let t = 0;
    for (let c = 0; c < P; c++) t += B[r + c * P] * beta[c];
    delta[r] = (t - start[r]) / length;
  }
  installRX(work, lower);
  work.at.residualsOf = -1;
  work.beta.set(delta);
  for (let r = 0; r < P; r++) {
    let t = 0;
    for (let c = r; c < P; c++) t += work.RX[c + r * P] * delta[c];
    work.cBeta[r] = t;
  }
  if (RZX === null) effectsGivenBeta(work);
  return true;
}

/** Only RX differs from what L and RZX would give. */
function afterRX(work: LmmWork, lower: Float64Array, originalRX: Float64Array): Float64Array {
  const { P, products, at, cBeta } = work;
  const { start, length } = products.response;
  const origin = start.slice();
  untransformBeta(products.transform, origin);
  const change = gram(lower, P);
  const before = gram(transposed(originalRX, P), P);
  for (let k = 0; k < change.length; k++) change[k] -= before[k];
  let centred = at.r2;
  for (let c = 0; c < P; c++) centred += cBeta[c] * cBeta[c];
  // B' RXt' c_b, the right-hand side for the response less its least-squares fit
  const d = intoColumns(work, lowerTimes(work.RX, cBeta, P)).map((v) => v * length);
  let added = 0;
  for (let r = 0; r < P; r++) {
    let t = 0;
    for (let c = 0; c < P; c++) t += change[r + c * P] * origin[c];
    d[r] -= t;
    added += origin[r] * t;
  }
  solveLowerInPlace(lower, P, d);
  let explained = 0;
  for (const v of d) explained += v * v;
  at.r2 = centred + (added - explained) / (length * length);
  solveLowerTransposedInPlace(lower, P, d);
  return d.map((v, j) => v + origin[j]);
}

/** Everything as written, in the units of the data. */
function afterAll(work: LmmWork, lower: Float64Array, RZX: Float64Array): Float64Array {
  const { P, q, m, C, products, at, priors, chol } = work;
  const { start, length, Xy, yy } = products.response;
  const rows = priors?.commonProducts ?? null;
  const wide = P + 1 + m;
  const cu = new Float64Array(q);
  for (let i = 0; i < q; i++) {
    let t = length * C[i * wide + P];
    for (let c = 0; c < P; c++) t += C[i * wide + c] * start[c];
    cu[i] = t;
  }
  const byColumn = new Float64Array(P); // Xt'y
  let square = length * length * (yy + (rows?.yy ?? 0));
  for (let r = 0; r < P; r++) {
    let fitted = 0;
    for (let c = 0; c < P; c++) fitted += (products.XX[r + c * P] + (rows?.XX[r + c * P] ?? 0)) * start[c];
    const own = length * (Xy[r] + (rows?.Xy[r] ?? 0));
    byColumn[r] = own + fitted;
    square += start[r] * (2 * own + fitted);
  }
  const right = intoColumns(work, byColumn);
  for (let c = 0; c < P; c++) for (let i = 0; i < q; i++) right[c] -= RZX[i + c * q] * cu[i];
  solveLowerInPlace(lower, P, right);
  for (const v of right) square -= v * v;
  for (const v of cu) square -= v * v;
  solveLowerTransposedInPlace(lower, P, right);
  for (let i = 0; i < q; i++) {
    let t = cu[i];
    for (let c = 0; c < P; c++) t -= RZX[i + c * q] * right[c];
    work.u[i] = t / length;
  }
  backwardSolve(chol, work.u, 1);
  at.r2 = square / (length * length);
  return right;
}

/** RXt' = lower factor of B^-T RX', and its log determinant. */
function installRX(work: LmmWork, lower: Float64Array): void {
  const { P, products, RX, at } = work;
  const moved = lower.slice();
  for (let c = 0; c < P; c++) transposeUntransform(products.transform, moved.subarray(c * P, (c + 1) * P));
  RX.set(lowerFactor(moved, P));
  let logDet = 0;
  for (let c = 0; c < P; c++) logDet += Math.log(RX[c * (P + 1)]);
  at.logDetRX = 2 * logDet;
}

/** B'v. */
function intoColumns(work: LmmWork, v: Float64Array): Float64Array {
  const { P, products } = work;
  const B = columnMap(products.transform);
  return Float64Array.from({ length: P }, (_, c) => {
    let t = 0;
    for (let r = 0; r < P; r++) t += B[r + c * P] * v[r];
    return t;
  });
}

/** A v for lower triangular A. */
function lowerTimes(A: Float64Array, v: Float64Array, n: number): Float64Array {
  return Float64Array.from({ length: n }, (_, r) => {
    let t = 0;
    for (let c = 0; c <= r; c++) t += A[r + c * n] * v[c];
    return t;
  });
}

/** A A' for lower triangular A. */
function gram(A: Float64Array, n: number): Float64Array {
  const G = new Float64Array(n * n);
  for (let c = 0; c < n; c++)
    for (let r = 0; r < n; r++) {
      let t = 0;
      for (let k = 0; k <= Math.min(r, c); k++) t += A[r + k * n] * A[c + k * n];
      G[r + c * n] = t;
    }
  return G;
}
