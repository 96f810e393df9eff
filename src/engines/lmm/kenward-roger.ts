import { solve } from '../../kernels/block-cholesky.js';
import { derivativesOf, sandwichedTrace, timesDerivative } from './covariance-derivatives.js';
import { inverseOfGram, multiply, transposedTimes } from './dense-products.js';
import { residualSd } from './estimates.js';
import { adjust, expectedCovariance } from './kenward-roger-adjustment.js';
import type { LmmWork } from './lmm-work.js';
import { residualKenwardRoger } from './residual/residual-kenward-roger.js';

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
 * freedom to go with it [LMM-14, LMM-RES-10]. Needs REML and random effects whose covariances are linear in their parameters.
 * @param plain      the uncorrected covariance in the columns' own units, P x P
 * @param variances  covariance of (theta, log sigma), with residual structure
 */
export function kenwardRoger(work: LmmWork, plain: Float64Array, variances: () => Float64Array): KenwardRoger {
  const { q, P, m, settings, layout } = work;
  if (!settings.reml) return refused('they need a REML fit');
  if (work.priors !== null) return refused('they are not defined with priors');
  if (m > 0) return refused('they are not defined here for effects that sum to zero');
  if (work.residual !== null) return residualKenwardRoger(work, work.residual, variances());
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
  const Q: Float64Array[] = []; // i >= j
  const traces = new Float64Array(r * r);
  for (let j = 0; j < r; j++)
    for (let i = j; i < r; i++) {
      Q.push(secondOrder(i, j, dense, EK, MEK, q, P));
      traces[i + j * r] = sandwichedTrace(derivatives[i], derivatives[j], dense, q);
      traces[j + i * r] = traces[i + j * r];
    }
  const parts = { P, C, first: Pi, second: Q, curvature: null };
  const W = expectedCovariance(parts, traces);
  if (W === null) return refused('the information about the variance parameters is singular');
  const found = adjust(parts, W, work.products.transform);
  const variance = residualSd(work) ** 2;
  return { kind: 'adjusted', covariance: found.covariance.map((v) => variance * v), df: found.df };
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
