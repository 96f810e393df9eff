import { selectedInverse } from '../../kernels/block-cholesky.js';
import { backpropagate } from './backpropagate.js';
import { fixedEtaInto } from './fixed-columns.js';
import type { GlmmWork } from './glmm-work.js';
import { jointMode } from './joint-mode.js';
import { multipleInto } from './row-loops.js';

/**
 * Laplace approximation of the deviance at the parameters in `work` (see `setParameters`):
 *   d = -2 log f(y | u~) + |u~|^2 + log|Lambda'Z'WZ Lambda + I|,   W the observed information.     [GLMM-2]
 * @param gradient  (theta, beta, cuts), overwritten; null: not wanted
 * @returns         -2 log-likelihood with all constants; +Infinity where there is no mode
 */
export function laplaceDeviance(work: GlmmWork, gradient: Float64Array | null): number {
  const { at } = work;
  at.evaluations++;
  at.value = Number.POSITIVE_INFINITY;
  if (!jointMode(work, gradient === null ? 2 : 3)) {
    gradient?.fill(Number.NaN);
    return at.value;
  }
  // half a Newton step's worth is known to be left above the minimum
  at.value = -2 * at.logLikelihood + at.penalty - at.decrement + at.logDet;
  if (gradient !== null) laplaceGradient(work, gradient); // which may find that the value means nothing
  return at.value;
}

function laplaceGradient(work: GlmmWork, gradient: Float64Array): void {
  const { scratch, derivatives, q } = work;
  const { V, G, alpha } = scratch;
  multipleInto(alpha, -2, derivatives.first, 0);
  G.fill(0);
  if (q > 0) {
    selectedInverse(work.chol, V);
    projectInverse(work, V);
    if (isBrokenDown(work, V)) {
      work.at.value = Number.POSITIVE_INFINITY;
      gradient.fill(Number.NaN);
      return;
    }
  }
  backpropagate(work, { V, alpha, u: null, scores: -2 }, gradient);
}

/**
 * A conditional variance this many times the prior's: the density curves up so much that its mode is about to split in
 * two, H is nearly singular and log|H| goes to minus infinity. No approximation by one mode is left of the likelihood there.
 */
const mostVariance = 25;

function isBrokenDown(work: GlmmWork, V: Float64Array): boolean {
  const { nodes, size, columnStart, blockStart } = work.model.layout.pattern;
  for (let j = 0; j < nodes; j++) {
    const at = blockStart[columnStart[j]];
    for (let c = 0; c < size[j]; c++) if (!(V[at + c * (size[j] + 1)] <= mostVariance)) return true;
  }
  return false;
}

/** V - K S^-1 K', the inverse on the constraints' hyperplane, on the pattern [GLMM-6]. */
export function projectInverse(work: GlmmWork, V: Float64Array): void {
  const { m, K, S, model, q } = work;
  if (m === 0) return;
  // K S^-1 K' = Y Y', Y = K L^-T row by row
  const Y = new Float64Array(q * m);
  for (let i = 0; i < q; i++) {
    for (let r = 0; r < m; r++) {
      let t = K[i * m + r];
      for (let k = 0; k < r; k++) t -= S[r + k * m] * Y[i * m + k];
      Y[i * m + r] = t / S[r + r * m];
    }
  }
  const { nodes, size, rowStart, columnStart, row, blockStart } = model.layout.pattern;
  for (let j = 0; j < nodes; j++) {
    for (let e = columnStart[j]; e < columnStart[j + 1]; e++) {
      const i = row[e];
      for (let c = 0; c < size[j]; c++)
        for (let r = 0; r < size[i]; r++) {
          let t = 0;
          for (let k = 0; k < m; k++) t += Y[(rowStart[i] + r) * m + k] * Y[(rowStart[j] + c) * m + k];
          V[blockStart[e] + r + c * size[i]] -= t;
        }
    }
  }
}

/** Writes the parameters' consequences that do not depend on u: Lambda, thresholds, offsets and fixed effects. */
export function setParameters(work: GlmmWork, theta: Float64Array, beta: Float64Array, cuts: Float64Array): void {
  const { model, lambda, fixedEta } = work;
  work.theta.set(theta);
  work.beta.set(beta);
  work.cuts.set(cuts);
  for (const { model: structure, templates, thetaStart } of model.layout.blocks)
    for (const t of templates) structure.factorInto(lambda, t.start, t.size, theta, thetaStart, t.positions);
  model.predictors.forEach((predictor, d) => {
    fixedEtaInto(fixedEta, d * model.rows, model.rows, predictor.fixed, beta, cuts);
  });
}
