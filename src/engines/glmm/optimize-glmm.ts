import { shiftedCholesky, solveLowerTransposedInPlace } from '../../optim/cholesky-solve.js';
import { type CertifiedMinimum, minimizeCertified } from '../../optim/minimize-certified.js';
import type { OptimizerState, SmoothProblem } from '../../optim/problem.js';
import { fixedInformation } from './fixed-information.js';
import type { Objective } from './objective.js';
import { congruent, cutJacobian, looseCurvature } from './start.js';

/** x = start + T z, T block lower triangular: curvatures of the objective in z are of order one. */
export interface Preconditioner {
  readonly start: Float64Array;
  readonly T: Float64Array; // n x n, column-major
}

/** Deviance that may be left at the end. */
const decrementGoal = 1e-8;
/** A search stops nearer: the Hessian there gives the standard errors, and 1e-4 of one away it may be another by as much. */
const searchGoal = 1e-10;
/** Relative error of the gradient: rounding, and what the mode search leaves. */
const gradientNoise = 1e-10;
/** Rows times parameters from which on the Hessian at the end is made of one-sided differences: half the cost, 1e-5 good. */
const costly = 2e4;
/** With more of theta than this the first Hessian is left to the search. */
const mostTheta = 6;
/** Step of the first differences, in preconditioned coordinates: as large as a model of the search's own steps should be. */
const firstStep = 0.1;

/**
 * Minimises an objective over its free parameters; each step can be looked at, saved and resumed.
 * The optimizer works on preconditioned coordinates; the certificate is turned back.
 * @param options  `from`: a saved state, with the same `pre`
 */
export function* optimizeGlmm(
  objective: Objective,
  pre: Preconditioner,
  options: { readonly maxEvaluations?: number; readonly from?: OptimizerState } = {},
): Generator<OptimizerState, CertifiedMinimum> {
  if (objective.dimension === 0) return nothingToEstimate(objective);
  const problem = preconditioned(objective, pre);
  return yield* minimizeCertified(problem, options.from ?? new Float64Array(objective.dimension), {
    tolerance: searchGoal,
    decrement: decrementGoal,
    polishTo: 1e-8,
    initialRadius: 2,
    initialHessian: options.from === undefined ? firstHessian(objective, problem) : 1,
    differences: objective.work.model.rows * objective.dimension > costly ? 'forward' : 'central',
    gradientNoise,
    // differences over a unit of the curvature, however far from the start
    scale: new Float64Array(objective.dimension).fill(1),
    ...(options.maxEvaluations === undefined ? {} : { maxEvaluations: options.maxEvaluations }),
  });
}

/**
 * In the preconditioned coordinates the information of the fixed effects is one; what theta adds, alone and with them, is
 * taken from differences of the gradient: with a true curvature for theta the search needs half as many evaluations.
 */
function firstHessian(objective: Objective, problem: SmoothProblem): Float64Array {
  const n = problem.dimension;
  const H = new Float64Array(n * n);
  for (let k = 0; k < n; k++) H[k * (n + 1)] = 1;
  const { thetas } = objective.work.model.layout;
  const moving = objective.space.free.filter((i) => i < thetas).length;
  if (moving === 0 || moving > mostTheta) return H;
  const z = new Float64Array(n);
  const here = new Float64Array(n);
  const there = new Float64Array(n);
  if (!Number.isFinite(problem.evaluate(z, here))) return H;
  for (let k = 0; k < moving; k++) {
    z[k] = firstStep;
    const found = problem.evaluate(z, there);
    z[k] = 0;
    if (!Number.isFinite(found)) continue;
    for (let j = 0; j < n; j++) {
      const slope = (there[j] - here[j]) / firstStep;
      // two columns of theta see each other twice
      const share = j < moving && j !== k ? 0.5 : 1;
      if (j === k) H[k * (n + 1)] = slope;
      else {
        H[j + k * n] += share * slope;
        H[k + j * n] += share * slope;
      }
    }
  }
  return H;
}

/** The optimum of a problem whose parameters are all held. */
export function nothingToEstimate(objective: SmoothProblem): CertifiedMinimum {
  const none = new Float64Array(0);
  const value = objective.evaluate(none, none);
  const at = { value, gradient: none, hessian: none };
  const common = { evaluations: 1, decrement: 0, eigenvalues: none };
  return {
    state: {
      ...at,
      iteration: 0,
      evaluations: 1,
      x: none,
      radius: 0,
      status: 'converged',
      updates: 0,
      stalls: 0,
      escapes: 0,
      predicted: 0,
    },
    certificate: { ...at, ...common, gradientMax: 0, negativeCurvature: null, flat: 0 },
  };
}

/** From the information at the start: exact for fixed effects given theta; theta by the number of levels. */
export function precondition(objective: Objective): Preconditioner {
  const { work, space } = objective;
  const { layout, coefficients, cuts } = work.model;
  const { free, full } = space;
  const n = free.length;
  const start = Float64Array.from(free, (i) => full[i]);
  const T = new Float64Array(n * n);
  objective.evaluate(start, null);
  const fixed = free.findIndex((i) => i >= layout.thetas);
  const first = fixed < 0 ? n : fixed;
  for (const block of layout.blocks)
    for (let k = 0; k < block.thetaCount; k++) {
      const at = free.indexOf(block.thetaStart + k);
      if (at >= 0) T[at + at * n] = Math.max(Math.abs(start[at]), 0.1) / Math.sqrt(2 * Math.max(block.levels, 1));
    }
  const m = n - first;
  if (m === 0) return { start, T };
  const A = fixedInformation(work, true);
  const J = cutJacobian(coefficients, full.subarray(layout.thetas + coefficients));
  const B = new Float64Array(m * m);
  for (let c = 0; c < m; c++)
    for (let r = 0; r < m; r++)
      B[r + c * m] =
        2 * congruent(A, J, coefficients + cuts, free[first + r] - layout.thetas, free[first + c] - layout.thetas);
  const loose = looseCurvature(work);
  for (let k = 0; k < m; k++) B[k + k * m] += loose[free[first + k] - layout.thetas];
  let largest = 0;
  for (let c = 0; c < m; c++) largest = Math.max(largest, Math.abs(B[c + c * m]));
  const L = new Float64Array(m * m);
  let shift = 0;
  while (!(largest < Number.POSITIVE_INFINITY) || !shiftedCholesky(B, m, shift, L)) {
    if (!(largest > 0 && largest < Number.POSITIVE_INFINITY) || shift > 10 * largest) {
      L.fill(0);
      for (let c = 0; c < m; c++) L[c + c * m] = 1;
      break;
    }
    shift = Math.max(1e-10 * largest, 10 * shift);
  }
  // columns of L^-T
  const column = new Float64Array(m);
  for (let c = 0; c < m; c++) {
    column.fill(0);
    column[c] = 1;
    solveLowerTransposedInPlace(L, m, column);
    for (let r = 0; r < m; r++) T[first + r + (first + c) * n] = column[r];
  }
  return { start, T };
}

export function preconditioned(objective: SmoothProblem, { start, T }: Preconditioner): SmoothProblem {
  const n = objective.dimension;
  const x = new Float64Array(n);
  const gradient = new Float64Array(n);
  return {
    dimension: n,
    evaluate(z, into) {
      pointInto(x, { start, T }, z);
      const value = objective.evaluate(x, into === null ? null : gradient);
      if (into !== null)
        for (let c = 0; c < n; c++) {
          let t = 0;
          for (let r = 0; r < n; r++) t += T[r + c * n] * gradient[r];
          into[c] = t;
        }
      return value;
    },
  };
}

export function pointInto(x: Float64Array, { start, T }: Preconditioner, z: Float64Array): void {
  const n = x.length;
  x.set(start);
  for (let c = 0; c < n; c++) if (z[c] !== 0) for (let r = 0; r < n; r++) x[r] += T[r + c * n] * z[c];
}
