import { symmetricEigen } from '../../kernels/symmetric-eigen.js';
import { differenceHessian } from '../../optim/certify.js';
import type { SmoothProblem } from '../../optim/problem.js';
import { minimize, runToEnd } from '../../optim/quasi-newton.js';
import {
  anchored,
  type DeterminantFacts,
  type DeterminantModel,
  determinantAt,
  determinantModel,
  estimatedSquares,
} from './determinant-model.js';
import { residualColumns } from './deviance-gradient.js';
import type { LmmWork } from './lmm-work.js';
import {
  extendReduced,
  type ReducedResponse,
  reduceResponse,
  residualProducts,
  responseSlopes,
  scaleOwners,
} from './reduced-response.js';
import { reducedSquares } from './reduced-squares.js';

/** A small function that stands for the deviance near points where that was evaluated [LMM-18]. */
export interface NearbyModel {
  readonly determinant: DeterminantModel;
  readonly response: ReducedResponse;
  /** What the latest point has shown; null: nothing that the model does not know. */
  readonly latest: DeterminantFacts | null;
}

/** Whether a model's parameters and its deviance are of the kind that these models are of. */
export function hasNearbyModel({ layout, m, priors, residual }: LmmWork): boolean {
  return layout.thetas > 0 && layout.thetas <= 12 && m === 0 && priors === null && residual === null;
}

/** The deviance up to a constant. Its Hessian is had by differences: an evaluation costs next to nothing. */
export function nearbyProblem(work: LmmWork, { determinant, response }: NearbyModel): SmoothProblem {
  const n = work.layout.thetas;
  const slopes = new Float64Array(n);
  const { nu, at, settings } = work;
  const variance = settings.fixedSigma === null ? null : at.sigma ** 2;
  const plain: SmoothProblem = {
    dimension: n,
    evaluate(theta, gradient) {
      const squares = reducedSquares(work, response, theta, slopes);
      if (!(squares > 0)) return Number.POSITIVE_INFINITY;
      const into = gradient ?? new Float64Array(n);
      into.fill(0);
      const value = determinantAt(determinant, theta, into);
      for (let p = 0; p < n; p++) into[p] += slopes[p] * (variance === null ? nu / squares : 1 / variance);
      return value + (variance === null ? nu * Math.log(squares) : squares / variance);
    },
  };
  return {
    ...plain,
    hessian(theta, into) {
      const gradient = new Float64Array(n);
      plain.evaluate(theta, gradient);
      into.set(
        differenceHessian(plain, theta, gradient, { scale: theta.map((v) => Math.max(Math.abs(v), 0.01)) }).hessian,
      );
    },
  };
}

/** Least eigenvalue of a model's Hessian, scaled to a unit diagonal, that proves a minimum: its error is far smaller. */
const clear = 0.05;

/** Whether the curvature is positive by far more than what a model may be wrong. */
export function isClear(hessian: Float64Array): boolean {
  const n = Math.round(Math.sqrt(hessian.length));
  const diagonal = Float64Array.from({ length: n }, (_, p) => hessian[p * (n + 1)]);
  if (!diagonal.every((h) => h > 0)) return false;
  const scaled = hessian.map((h, k) => h / Math.sqrt(diagonal[k % n] * diagonal[Math.floor(k / n)]));
  return scaled.every(Number.isFinite) && symmetricEigen(scaled, n).values[0] > clear;
}

/** A standard deviation this small, in units of sigma, is tried at zero. */
const small = 1e-3;

/** The model's minimum, standard deviations not negative. */
export function nearbyMinimum(work: LmmWork, model: NearbyModel, from: Float64Array): Float64Array {
  const problem = nearbyProblem(work, model);
  const scale = from.map((v) => Math.max(Math.abs(v), 0.05));
  const { x } = runToEnd(minimize(problem, from, { scale, initialRadius: 0.5, tolerance: 1e-11, maxEvaluations: 100 }));
  const found = x.map(Math.abs);
  for (let p = 0; p < found.length; p++) {
    if (found[p] > small || found[p] === 0) continue;
    const zero = found.slice();
    zero[p] = 0;
    if (problem.evaluate(zero, null) <= problem.evaluate(found, null) + 1e-10) found[p] = 0;
  }
  return found;
}

/** Of the scratch, those of X among them. */
export function columnsAfterGradient(work: LmmWork): number {
  return residualColumns(work, true).columns;
}

/**
 * Derivatives of the determinants by the variances, which is what the response leaves of the gradient; 0 where the standard deviation is.
 * @param gradient  of the deviance, where `work` stands
 */
export function determinantSlopes(
  work: LmmWork,
  rows: readonly Int32Array[],
  columns: number,
  gradient: Float64Array,
): Float64Array {
  const { at, u, theta, scratch } = work;
  const variance = at.sigma * at.sigma;
  return Float64Array.from(rows, (own, p) => {
    let t = 0;
    for (const i of own) t += scratch.product[i * columns] * u[i];
    return Math.abs(theta[p]) > 1e-6 ? (gradient[p] + (2 * t) / variance) / (2 * theta[p]) : 0;
  });
}

/** The model with what the point at which `work` stands has shown. */
export function learned(work: LmmWork, model: NearbyModel, gradient: Float64Array): NearbyModel {
  const { columns } = residualColumns(work, work.settings.reml); // those of the gradient; the first is all that is asked for
  const first = determinantSlopes(work, model.response.rows, columns, gradient);
  const latest = { theta: work.theta.slice(), first };
  return {
    latest,
    determinant: anchored(model.determinant, latest, model.latest),
    response: extendReduced(work, model.response, [residualProducts(work, columns)]),
  };
}

/**
 * A model from one point, the one at which `work` stands, without second derivatives that would cost more evaluations: the response
 * estimates them. Null where there is none.
 * @param gradient  of the deviance there
 */
export function estimatedModel(work: LmmWork, gradient: Float64Array): NearbyModel | null {
  const owner = scaleOwners(work.layout);
  if (owner === null || !hasNearbyModel(work) || work.theta.some((v) => !(Math.abs(v) > 1e-3))) return null;
  const columns = columnsAfterGradient(work);
  const seen = responseSlopes(work, owner, columns);
  const response = reduceResponse(work, owner, columns, seen, 1);
  const first = determinantSlopes(work, response.rows, columns, gradient);
  const squares = estimatedSquares(response, seen, first);
  const determinant = determinantModel(work, response, columns, { theta: work.theta, first, squares });
  return determinant === null ? null : { determinant, response, latest: { theta: work.theta.slice(), first } };
}
