import { solve } from '../../kernels/block-cholesky.js';
import { shiftedCholesky, solveLowerInPlace, solveLowerTransposedInPlace } from '../../optim/cholesky-solve.js';
import { untransformCovariance } from './column-transform.js';
import { derivativesOf, sandwichedTrace, timesDerivative } from './covariance-derivatives.js';
import { residualSd } from './estimates.js';
import type { LmmWork } from './lmm-work.js';

export type KenwardRoger =
  | {
      readonly kind: 'adjusted';
      /** Adjusted covariance of beta in the columns' own units; P x P. */
      readonly covariance: Float64Array;
      readonly df: Float64Array; // P: of each coefficient
    }
  | { readonly kind: 'refused'; readonly reason: string };

/** The method works with dense matrices of the size of the random effects. */
const mostEffects = 1500;

/**
 * Kenward and Roger (1997): the covariance of beta corrected for the uncertainty of the variance parameters, and degrees of
 * freedom to go with it [LMM-14]. Needs REML and covariances that are linear in their parameters.
 * @param plain  the uncorrected covariance in the columns' own units, P x P
 */
export function kenwardRoger(work: LmmWork, plain: Float64Array): KenwardRoger {
  const { q, P, m, settings, layout } = work;
  if (!settings.reml) return refused('they need a REML fit');
  if (work.priors !== null) return refused('they are not defined with priors');
  if (m > 0) return refused('they are not defined here for effects that sum to zero');
  if (q > mostEffects) return refused(`${q} random effects are too many (at most ${mostEffects})`);
  const derivatives = derivativesOf(layout, settings.fixedSigma === null);
  if (derivatives === null) return refused('they need a covariance that is linear in its parameters (us, diag, homcs)');
  if (P === 0) return { kind: 'adjusted', covariance: plain, df: new Float64Array(0) };

  const dense = denseParts(work);
  const r = derivatives.length;
  const C = inverseOfGram(work.RX, P); // (X'V^-1 X)^-1 with sigma = 1
  const EK = derivatives.map((d) => (d.kind === 'residual' ? null : timesDerivative(d, dense.K, q, P)));
  const MEK = EK.map((e) => (e === null ? null : multiply(dense.M, e, q, q, P)));
  // Pi = -dX'V^-1X/dgamma_i with its sign dropped; Q_ij = X'V^-1 G_i V^-1 G_j V^-1 X
  const Pi = derivatives.map((_, i) => {
    const e = EK[i];
    return e === null ? dense.X2 : transposedTimes(dense.K, e, q, P, P);
  });
  const PC = Pi.map((p) => multiply(p, C, P, P, P));
  const information = new Float64Array(r * r);
  const rest: Float64Array[] = []; // Q_ij - P_i C P_j, i >= j
  for (let j = 0; j < r; j++)
    for (let i = j; i < r; i++) {
      const Q = secondOrder(i, j, dense, EK, MEK, q, P);
      const PCP = multiply(PC[i], Pi[j], P, P, P);
      const trace =
        sandwichedTrace(derivatives[i], derivatives[j], dense, q) - 2 * traceOf(Q, C, P) + traceOf(PC[i], PC[j], P);
      information[i + j * r] = trace;
      information[j + i * r] = trace;
      rest.push(Q.map((v, k) => v - PCP[k]));
    }
  const W = invert(information, r);
  if (W === null) return refused('the information about the variance parameters is singular');
  for (let k = 0; k < W.length; k++) W[k] *= 2;

  const U = new Float64Array(P * P);
  let at = 0;
  for (let j = 0; j < r; j++)
    for (let i = j; i < r; i++, at++) {
      const weight = W[i + j * r];
      const term = rest[at];
      for (let c = 0; c < P; c++)
        for (let k = 0; k < P; k++)
          U[k + c * P] += weight * (i === j ? term[k + c * P] : term[k + c * P] + term[c + k * P]);
    }
  const CUC = multiply(multiply(C, U, P, P, P), C, P, P, P);
  const variance = residualSd(work) ** 2;
  const { transform } = work.products;
  const covariance = untransformCovariance(
    transform,
    C.map((v, k) => variance * (v + 2 * CUC[k])),
  );

  // one coefficient: 2 v^2 / sum W_ij v_i v_j with v = l'Cl, v_i = l'C P_i C l
  const parts = PC.map((pc) => untransformCovariance(transform, multiply(C, pc, P, P, P)));
  const base = untransformCovariance(transform, C);
  const df = new Float64Array(P);
  for (let c = 0; c < P; c++) {
    let spread = 0;
    for (let j = 0; j < r; j++)
      for (let i = 0; i < r; i++) spread += W[i + j * r] * parts[i][c + c * P] * parts[j][c + c * P];
    df[c] = (2 * base[c + c * P] ** 2) / spread;
  }
  return { kind: 'adjusted', covariance, df };
}

function refused(reason: string): KenwardRoger {
  return { kind: 'refused', reason };
}

/** With V in units of sigma^2, V^-1 = I - Z B Z' and S = I - B A. */
export interface DenseParts {
  readonly M: Float64Array; // Z'V^-1 Z = A S, q x q
  readonly M2: Float64Array; // Z'V^-2 Z = S'A S
  readonly K: Float64Array; // Z'V^-1 X, q x P
  readonly K2: Float64Array; // Z'V^-2 X = S'K
  readonly X2: Float64Array; // X'V^-2 X, P x P
  readonly X3: Float64Array; // X'V^-3 X
  readonly trace2: number; // tr V^-2
}

function denseParts(work: LmmWork): DenseParts {
  const { q, P, layout, lambda, chol, products, model } = work;
  const { nodes, size, rowStart, columnStart, row, blockStart } = layout.pattern;
  const A = new Float64Array(q * q);
  for (let j = 0; j < nodes; j++)
    for (let e = columnStart[j]; e < columnStart[j + 1]; e++)
      for (let c = 0; c < size[j]; c++)
        for (let k = 0; k < size[row[e]]; k++) {
          const v = products.A[blockStart[e] + c * size[row[e]] + k];
          A[rowStart[row[e]] + k + (rowStart[j] + c) * q] = v;
          A[rowStart[j] + c + (rowStart[row[e]] + k) * q] = v;
        }
  // B = Lambda Omega^-1 Lambda': Lambda' as right-hand sides (its columns are rows here), then Lambda from the left
  const half = new Float64Array(q * q);
  for (let i = 0; i < nodes; i++)
    for (let c = 0; c < size[i]; c++)
      for (let k = 0; k < size[i]; k++)
        half[(rowStart[i] + c) * q + rowStart[i] + k] = lambda[layout.nodeLambda[i] + k + c * size[i]];
  solve(chol, half, q);
  const B = new Float64Array(q * q);
  for (let i = 0; i < nodes; i++)
    for (let r = 0; r < size[i]; r++)
      for (let k = 0; k < size[i]; k++) {
        const f = lambda[layout.nodeLambda[i] + r + k * size[i]];
        if (f === 0) continue;
        const to = (rowStart[i] + r) * q;
        const from = (rowStart[i] + k) * q;
        for (let c = 0; c < q; c++) B[to + c] += f * half[from + c];
      }
  const S = multiply(B, A, q, q, q);
  let trace2 = model.rows - q;
  for (let k = 0; k < S.length; k++) S[k] = -S[k];
  for (let c = 0; c < q; c++) S[c * (q + 1)] += 1;
  for (let c = 0; c < q; c++) for (let k = 0; k < q; k++) trace2 += S[k + c * q] * S[c + k * q];
  const M = multiply(A, S, q, q, q);
  const F = new Float64Array(q * P);
  for (let i = 0; i < q; i++) for (let c = 0; c < P; c++) F[i + c * q] = products.ZX[i * P + c];
  const Y = multiply(B, F, q, q, P);
  const AY = multiply(A, Y, q, q, P);
  const K = F.map((v, k) => v - AY[k]);
  const cross = transposedTimes(F, Y, q, P, P);
  const square = transposedTimes(Y, AY, q, P, P);
  const X2 = products.XX.map((v, k) => v - cross[k] - cross[(k % P) * P + Math.floor(k / P)] + square[k]);
  const KBK = transposedTimes(K, multiply(B, K, q, q, P), q, P, P);
  return {
    M,
    M2: transposedTimes(S, M, q, q, q),
    K,
    K2: transposedTimes(S, K, q, q, P),
    X2,
    X3: X2.map((v, k) => v - KBK[k]),
    trace2,
  };
}

function secondOrder(
  i: number,
  j: number,
  dense: DenseParts,
  EK: readonly (Float64Array | null)[],
  MEK: readonly (Float64Array | null)[],
  q: number,
  P: number,
): Float64Array {
  const ei = EK[i];
  const ej = EK[j];
  const mj = MEK[j];
  if (ei !== null && mj !== null) return transposedTimes(ei, mj, q, P, P);
  if (ei !== null) return transposedTimes(ei, dense.K2, q, P, P);
  if (ej !== null) return transposedTimes(dense.K2, ej, q, P, P);
  return dense.X3;
}

/** (L L')^-1 with L the lower triangle of `factor`. */
function inverseOfGram(factor: Float64Array, n: number): Float64Array {
  const result = new Float64Array(n * n);
  for (let c = 0; c < n; c++) {
    const column = result.subarray(c * n, (c + 1) * n);
    column[c] = 1;
    solveLowerInPlace(factor, n, column);
    solveLowerTransposedInPlace(factor, n, column);
  }
  return result;
}

/** Inverse of a symmetric positive definite matrix in units that make its diagonal one; null where it has none. */
function invert(a: Float64Array, n: number): Float64Array | null {
  const scale = Float64Array.from({ length: n }, (_, i) => 1 / Math.sqrt(a[i + i * n]));
  const L = new Float64Array(n * n);
  const scaled = a.map((v, k) => v * scale[k % n] * scale[Math.floor(k / n)]);
  if (!shiftedCholesky(scaled, n, 0, L)) return null;
  for (let c = 0; c < n; c++) if (!(L[c + c * n] > 1e-7)) return null;
  return inverseOfGram(L, n).map((v, k) => v * scale[k % n] * scale[Math.floor(k / n)]);
}

/** A B, A m x k, B k x n, column-major. */
function multiply(A: Float64Array, B: Float64Array, m: number, k: number, n: number): Float64Array {
  const C = new Float64Array(m * n);
  for (let c = 0; c < n; c++)
    for (let p = 0; p < k; p++) {
      const f = B[p + c * k];
      if (f === 0) continue;
      for (let r = 0, from = p * m, to = c * m; r < m; r++) C[to + r] += f * A[from + r];
    }
  return C;
}

/** A'B, A k x m, B k x n, column-major. */
function transposedTimes(A: Float64Array, B: Float64Array, k: number, m: number, n: number): Float64Array {
  const C = new Float64Array(m * n);
  for (let c = 0; c < n; c++)
    for (let r = 0; r < m; r++) {
      let t = 0;
      for (let p = 0, a = r * k, b = c * k; p < k; p++) t += A[a + p] * B[b + p];
      C[r + c * m] = t;
    }
  return C;
}

/** tr(A B) for two n x n matrices. */
function traceOf(A: Float64Array, B: Float64Array, n: number): number {
  let t = 0;
  for (let c = 0; c < n; c++) for (let r = 0; r < n; r++) t += A[r + c * n] * B[c + r * n];
  return t;
}
