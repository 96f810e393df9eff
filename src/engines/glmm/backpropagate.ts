import { solve } from '../../kernels/block-cholesky.js';
import { addFixedGradient } from './fixed-columns.js';
import type { GlmmWork } from './glmm-work.js';
import { stayInConstraint } from './joint-mode.js';
import { addOuterProducts, addTraceDerivative, lambdaTimes, sandwichInto } from './lambda-algebra.js';
import { addRandomEffects, leveragesInto, transposeInto } from './load-products.js';
import { addProducts, sumInto } from './row-loops.js';

/**
 * What the objective says of its pieces, before the mode's own dependence on the parameters is counted.
 * With it `backpropagate` gives the exact gradient [GLMM-7].
 */
export interface Adjoints {
  /** Derivative of the objective by H, symmetric, in the pattern's layout with full diagonal blocks. */
  readonly V: Float64Array;
  /** Derivative by eta at fixed u and H, D x rows. */
  readonly alpha: Float64Array;
  /** Derivative by u at fixed H; null: zero, as at the mode of the Laplace approximation. */
  readonly u: Float64Array | null;
  /** What the objective pairs Z'g u' with at fixed u and H, where that is not in G already: -2 of the Laplace approximation. */
  readonly scores: number;
}

/**
 * Gradient of the objective in (theta, beta, cuts) by implicit differentiation through the mode:
 *   t_c = -sum_de l_cde h_de,  h = z' Lambda V Lambda' z,   p = H^-1 (Lambda'Z't + u-adjoint),
 *   a = alpha + t + l'' Z Lambda p,
 *   d beta = X'a,   d Lambda_i = (Z't + Z' l'' Z Lambda p)_i u_i' + (Z'g)_i p_i' + 2 [C Lambda V]_ii  + (explicit part).
 * The explicit part of Lambda pairs alpha with the points it was taken at: quadrature has put it into G already.
 * Row derivatives to third order must stand in `work.derivatives`, C and the factor of H at the mode.
 */
export function backpropagate(work: GlmmWork, adjoints: Adjoints, gradient: Float64Array): void {
  const { model, q, scratch, derivatives, lambda } = work;
  const { rows, loads, layout } = model;
  const { t, a, b, step, G, gradient: paired } = scratch;
  const { V, alpha, scores } = adjoints;
  if (q > 0) {
    sandwichInto(scratch.M, layout, lambda, V, scratch.block, false);
    leveragesInto(scratch.leverage, loads, scratch.M, work.pairAt, work.D);
    thirdTimesLeverage(work);
    transposeInto(b, loads, t);
    lambdaTimes(step, layout, lambda, b, true);
    if (adjoints.u !== null) sumInto(step, step, 1, adjoints.u);
    solve(work.chol, step, 1);
    stayInConstraint(work, step); // p
    lambdaTimes(b, layout, lambda, step, false);
    scratch.zp.fill(0);
    addRandomEffects(loads, b, scratch.zp);
    addSecondTimes(work, t, scratch.zp);
    transposeInto(b, loads, t);
    addOuterProducts(G, layout, b, work.u);
    transposeInto(b, loads, derivatives.first);
    sumInto(paired, step, scores, work.u);
    addOuterProducts(G, layout, b, paired);
    addTraceDerivative(G, layout, lambda, work.C, V, scratch.block);
    sumInto(a, alpha, 1, t);
  } else a.set(alpha);

  gradient.fill(0);
  for (const { model: structure, templates, thetaStart } of layout.blocks)
    for (const p of templates)
      structure.gradientInto(gradient, thetaStart, G, p.start, p.size, work.theta, p.positions);
  const { betaGradient, cutGradient } = scratch;
  betaGradient.fill(0);
  cutGradient.fill(0);
  model.predictors.forEach((predictor, d) => {
    addFixedGradient(betaGradient, cutGradient, predictor.fixed, a, d * rows, rows);
  });
  gradient.set(betaGradient, layout.thetas);
  gradient.set(cutGradient, layout.thetas + model.coefficients);
}

/** t_c = -sum_de l_cde h_de, row by row. */
function thirdTimesLeverage(work: GlmmWork): void {
  const { model, D, scratch, derivatives } = work;
  const { rows, loads, density } = model;
  const { layout: jet } = density;
  const { t, leverage } = scratch;
  const { third } = derivatives;
  t.fill(0);
  for (let c = 0; c < D; c++) {
    for (let d = 0; d < D; d++) {
      if (loads.random[d] === 0) continue;
      for (let e = d; e < D; e++) {
        if (loads.random[e] === 0) continue;
        const times = d === e ? -1 : -2;
        const from = (jet.tripleIndex[(c * D + d) * D + e] - jet.third) * rows;
        const h = work.pairAt[d * D + e] * rows;
        addProducts(t, c * rows, times, third, from, leverage, h, rows);
      }
    }
  }
}

/** t_c += sum_e l_ce v_e. */
function addSecondTimes(work: GlmmWork, t: Float64Array, v: Float64Array): void {
  const { model, D, pairAt, derivatives } = work;
  const { rows, loads } = model;
  const { second } = derivatives;
  for (let c = 0; c < D; c++) {
    for (let e = 0; e < D; e++) {
      if (loads.random[e] === 0) continue;
      addProducts(t, c * rows, 1, second, pairAt[c * D + e] * rows, v, e * rows, rows);
    }
  }
}
