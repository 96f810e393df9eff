import { addFixedGradient } from '../glmm/fixed-columns.js';
import { fixedInformation } from '../glmm/fixed-information.js';
import { chainCuts } from '../glmm/parameters.js';
import { congruent, cutJacobian } from '../glmm/start.js';
import type { ClassSums } from './class-integral.js';
import type { EmModel } from './em-model.js';

/**
 * Adds factor times sum_k Z_k'first, the score of the rows averaged over classes and effects, to a gradient by the whole
 * vector: coefficients, thresholds and theta [EM-5].
 */
export function addScore(
  model: EmModel,
  sums: readonly ClassSums[],
  full: Float64Array,
  factor: number,
  into: Float64Array,
): void {
  const { thetas } = model.joint.layout;
  const beta = new Float64Array(model.joint.coefficients);
  model.classes.forEach(({ work, thetaAt, cutsAt }, k) => {
    const { layout, predictors, rows, cuts } = work.model;
    const { first, G } = sums[k];
    const cutGradient = new Float64Array(cuts);
    predictors.forEach(({ fixed }, d) => {
      addFixedGradient(beta, cutGradient, fixed, first, d * rows, rows);
    });
    chainCuts(cutGradient, 0, full.subarray(cutsAt, cutsAt + cuts));
    for (let c = 0; c < cuts; c++) into[cutsAt + c] += factor * cutGradient[c];
    const theta = new Float64Array(layout.thetas);
    for (const block of layout.blocks)
      for (const t of block.templates)
        block.model.gradientInto(theta, block.thetaStart, G, t.start, t.size, work.theta, t.positions);
    for (let i = 0; i < layout.thetas; i++) into[thetaAt[i]] += factor * theta[i];
  });
  for (let c = 0; c < beta.length; c++) into[thetas + c] += factor * beta[c];
}

/**
 * Adds factor times the information that the rows would hold about coefficients and thresholds if classes and effects were
 * known, X'WX with W = -second, to a matrix by the whole vector (size x size).
 */
export function addCompleteInformation(
  model: EmModel,
  sums: readonly ClassSums[],
  full: Float64Array,
  factor: number,
  into: Float64Array,
): void {
  const { size } = model.space;
  const { thetas } = model.joint.layout;
  model.classes.forEach(({ work, cutsAt }, k) => {
    const { coefficients, cuts } = work.model;
    const n = coefficients + cuts;
    const { second } = sums[k];
    const A = fixedInformation({ ...work, derivatives: { ...work.derivatives, second } }, false);
    const J = cutJacobian(coefficients, full.subarray(cutsAt, cutsAt + cuts));
    const place = (j: number) => (j < coefficients ? thetas + j : cutsAt + j - coefficients);
    for (let c = 0; c < n; c++)
      for (let r = 0; r < n; r++) {
        const t = cuts === 0 ? A[r + c * n] : congruent(A, J, n, r, c);
        if (t !== 0) into[place(r) + place(c) * size] += factor * t;
      }
  });
}
