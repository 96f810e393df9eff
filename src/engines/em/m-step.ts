import { shiftedCholesky, solveLowerInPlace, solveLowerTransposedInPlace } from '../../optim/cholesky-solve.js';
import type { PenaltyTerm } from '../glmm/objective.js';
import { addCompleteInformation } from './complete-data.js';
import { updateCovariances } from './covariance-step.js';
import type { EStep } from './e-step.js';

/**
 * One M-step from the sums of an E-step of order 2 [EM-6]: covariances by the moments of their effects, class probabilities and
 * coefficients by a Newton step on the expected log density of classes, effects and rows, all with their priors.
 * @param full  the whole vector at which the E-step was run; overwritten
 */
export function mStep(eStep: EStep, penalties: readonly PenaltyTerm[], full: Float64Array): void {
  const before = full.slice();
  newtonStep(eStep, penalties, full);
  if (penalties.length === 0) eStep.model.gates.maximize(eStep.p, full);
  updateCovariances(eStep, penalties, before, full);
}

/** Information of the complete data about everything but theta, priors included; the deviance's units. size x size. */
export function completeInformation(eStep: EStep, penalties: readonly PenaltyTerm[], full: Float64Array): Float64Array {
  const { model, sums } = eStep;
  const { size } = model.space;
  const A = new Float64Array(size * size);
  addCompleteInformation(model, sums, full, 2, A);
  model.gates.addInformation(A, size, 2);
  addPenaltyCurvature(penalties, full, A);
  return A;
}

/** Second derivatives of the penalties, by differences of their gradients. */
function addPenaltyCurvature(penalties: readonly PenaltyTerm[], full: Float64Array, A: Float64Array): void {
  if (penalties.length === 0) return;
  const n = full.length;
  const at = full.slice();
  const up = new Float64Array(n);
  const down = new Float64Array(n);
  for (let j = 0; j < n; j++) {
    const h = 1e-5 * Math.max(1, Math.abs(full[j]));
    up.fill(0);
    down.fill(0);
    at[j] = full[j] + h;
    for (const term of penalties) term.evaluate(at, up);
    at[j] = full[j] - h;
    for (const term of penalties) term.evaluate(at, down);
    at[j] = full[j];
    for (let i = 0; i < n; i++) {
      const slope = (up[i] - down[i]) / (4 * h);
      if (!Number.isFinite(slope)) continue;
      A[i + j * n] += slope;
      A[j + i * n] += slope;
    }
  }
}

function newtonStep(eStep: EStep, penalties: readonly PenaltyTerm[], full: Float64Array): void {
  const { model } = eStep;
  const { size, free } = model.space;
  const { thetas } = model.joint.layout;
  const gradient = new Float64Array(size);
  eStep.addGradient(full, -2, gradient);
  for (const term of penalties) term.evaluate(full, gradient);
  const A = completeInformation(eStep, penalties, full);
  const moved = free.filter((i) => i >= thetas);
  const n = moved.length;
  if (n === 0) return;
  const H = new Float64Array(n * n);
  const step = new Float64Array(n);
  let largest = 0;
  moved.forEach((j, c) => {
    moved.forEach((i, r) => {
      H[r + c * n] = A[i + j * size];
    });
    largest = Math.max(largest, Math.abs(H[c * (n + 1)]));
    step[c] = -gradient[j];
  });
  const L = new Float64Array(n * n);
  let shift = 1e-10 * largest;
  while (!shiftedCholesky(H, n, shift, L)) {
    if (!(shift > 0 && shift < 10 * largest)) return;
    shift *= 10;
  }
  solveLowerInPlace(L, n, step);
  solveLowerTransposedInPlace(L, n, step);
  moved.forEach((i, k) => {
    full[i] += step[k];
  });
}
