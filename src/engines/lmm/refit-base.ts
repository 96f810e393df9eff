import { flopCount } from '../../kernels/block-cholesky.js';
import { averageInformationParts } from './average-information.js';
import { type DeterminantModel, determinantModel, widened } from './determinant-model.js';
import { addLogDeterminant, devianceGradient } from './deviance-gradient.js';
import type { LmmWork } from './lmm-work.js';
import { columnsAfterGradient, determinantSlopes, hasNearbyModel } from './nearby-model.js';
import { certifyLmm } from './optimize-lmm.js';
import { profiledDeviance, setTheta } from './profiled-deviance.js';
import { emptyReduced, scaleOwners } from './reduced-response.js';
import { startTheta } from './start-theta.js';

/**
 * What one fit leaves for the next response [EMBED-4]: at its optimum the factor, the part of the gradient in which the response
 * has no share, and the part of the Hessian that the next response's own average information lacks.
 */
export interface RefitBase {
  readonly theta: Float64Array;
  /** The numbers of the factor. */
  readonly factor: Float64Array;
  /** log|L|^2's derivatives by the templates. */
  readonly byDeterminant: Float64Array; // as `lambda`
  /** tr(P V_p P V_q) over the slopes of `curve`, n x n, column-major. */
  readonly traces: Float64Array;
  /** What a level says of its effect, in units of 1 / sigma^2, where a parameter is a standard deviation; 0 where it is not. */
  readonly information: Float64Array; // n
  /** Where all parameters are standard deviations: the determinants as a function of theta, and which effects are whose. */
  readonly nearby: { readonly determinant: DeterminantModel; readonly owner: Int32Array } | null;
}

/** Where an evaluation costs fewer floating-point operations the ordinary search is quick enough, and looks at more. */
const cheap = 2e6;

/** @param hessian  of the deviance at theta, exact; null is returned where refits take the ordinary way */
export function refitBase(work: LmmWork, theta: Float64Array, hessian: Float64Array): RefitBase | null {
  const { layout, chol } = work;
  const flops = flopCount(chol);
  if (layout.thetas === 0 || flops.factor + flops.inverse < cheap) return null;
  if (work.priors !== null || work.residual !== null) return null;
  const from = warmStart(work, theta);
  if (from.every((v, p) => v === theta[p])) return baseAt(work, theta, hessian);
  // a model of the deviance can be made anywhere but where a parameter tells nothing
  if (scaleOwners(layout) === null || !hasNearbyModel(work)) return null;
  return baseAt(
    work,
    from,
    certifyLmm(work, from).hessian.map((h) => h * work.model.rows),
  );
}

/** Standard deviations below this, in units of sigma, are no place to begin: at zero the deviance of any response is stationary. */
const tooSmall = 0.02;

/** Where a search for another response begins: at the optimum of one before, but for blocks that were singular there. */
export function warmStart(work: LmmWork, theta: Float64Array): Float64Array {
  const { layout, lambda } = work;
  const start = theta.slice();
  let moments: Float64Array | null = null;
  setTheta(work, theta);
  for (const { templates, thetaStart, thetaCount } of layout.blocks) {
    const small = templates.some(({ start: at, size: k }) => {
      for (let c = 0; c < k; c++) if (!(Math.abs(lambda[at + c * (k + 1)]) > tooSmall)) return true;
      return false;
    });
    if (!small) continue;
    moments ??= startTheta(work);
    for (let p = thetaStart; p < thetaStart + thetaCount; p++) start[p] = moments[p];
  }
  return start;
}

function baseAt(work: LmmWork, theta: Float64Array, hessian: Float64Array): RefitBase | null {
  const { layout, chol } = work;
  const n = layout.thetas;
  if (!hessian.every(Number.isFinite)) return null;
  if (!Number.isFinite(profiledDeviance(work, theta))) return null;
  const gradient = new Float64Array(n);
  devianceGradient(work, gradient);
  const average = averageInformationParts(work, true);
  if (average === null) return null;
  const nearby = nearbyOf(
    work,
    gradient,
    hessian.map((h, k) => average.hessian[k] + average.observed[k] - h),
  );
  const byDeterminant = new Float64Array(layout.lambdas);
  addLogDeterminant(work, byDeterminant);
  const information = informationOf(work, theta, byDeterminant);
  const slopes = slopesAt(information, theta);
  const traces = hessian.map((h, k) => {
    const share = slopes[k % n] * slopes[Math.floor(k / n)];
    return (average.hessian[k] + average.observed[k] - h) / share;
  });
  const factor = chol.kernels.memory.slice(0, chol.inverseStart);
  return traces.every(Number.isFinite)
    ? { theta: theta.slice(), factor, byDeterminant, traces, information, nearby }
    : null;
}

/** @param traces  tr(P V_p P V_q) by theta */
function nearbyOf(work: LmmWork, gradient: Float64Array, traces: Float64Array): RefitBase['nearby'] {
  const { layout, theta } = work;
  const owner = scaleOwners(layout);
  if (owner === null || !hasNearbyModel(work)) return null;
  const columns = columnsAfterGradient(work);
  const empty = emptyReduced(layout, owner);
  const first = determinantSlopes(work, empty.rows, columns, gradient);
  const n = theta.length;
  const squares = traces.map((t, k) => t / (4 * theta[k % n] * theta[Math.floor(k / n)]));
  const determinant = determinantModel(work, empty, columns, { theta, first, squares });
  if (determinant === null) return null;
  const here = theta.slice();
  const exact = widened(determinant, (at) => {
    profiledDeviance(work, at);
    devianceGradient(work, gradient);
    return determinantSlopes(work, empty.rows, columnsAfterGradient(work), gradient);
  });
  profiledDeviance(work, here);
  devianceGradient(work, gradient);
  return { determinant: exact, owner };
}

/**
 * m of every standard deviation: were all levels alike, log|L|^2 would be levels * log(1 + m theta^2). What other effects take from a
 * level's rows is in its derivative, and so in m.
 */
function informationOf({ layout }: LmmWork, theta: Float64Array, byDeterminant: Float64Array): Float64Array {
  const slopes = new Float64Array(theta.length);
  for (const { model, templates, thetaStart } of layout.blocks)
    for (const t of templates)
      model.gradientInto(slopes, thetaStart, byDeterminant, t.start, t.size, theta, t.positions);
  const information = new Float64Array(theta.length);
  for (const { model, size, thetaStart, levels } of layout.blocks) {
    if (model.name !== 'diag' && (model.name !== 'us' || size > 1)) continue;
    for (let p = thetaStart; p < thetaStart + size; p++) {
      const share = (slopes[p] * theta[p]) / (2 * levels); // m theta^2 / (1 + m theta^2)
      if (share > 0 && share < 1) information[p] = share / (1 - share) / theta[p] ** 2;
    }
  }
  return information;
}

/**
 * d curve / d theta, curve = log(1 + m theta^2) for a standard deviation of levels with information m: what the traces are nearly
 * constant in. 1 for other parameters.
 */
export function slopesAt(information: Float64Array, theta: Float64Array): Float64Array {
  return theta.map((t, p) => (information[p] === 0 ? 1 : (2 * information[p] * t) / (1 + information[p] * t * t)));
}
