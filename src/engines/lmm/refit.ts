import { flopCount } from '../../kernels/block-cholesky.js';
import { judge } from '../../optim/certify.js';
import type { CertifiedMinimum } from '../../optim/minimize-certified.js';
import { averageInformationParts } from './average-information.js';
import { type BentPoint, bend, learn, newtonStep, setHessian, unbend } from './bent-point.js';
import { type DeterminantModel, determinantModel, widened } from './determinant-model.js';
import { addLogDeterminant, addResiduals, devianceGradient, residualColumns } from './deviance-gradient.js';
import type { LmmWork } from './lmm-work.js';
import {
  columnsAfterGradient,
  determinantSlopes,
  hasNearbyModel,
  isClear,
  learned,
  type NearbyModel,
  nearbyMinimum,
  nearbyProblem,
} from './nearby-model.js';
import { certifyLmm } from './optimize-lmm.js';
import { deviance, eliminate, jointMode, profiledDeviance, reduce, setTheta } from './profiled-deviance.js';
import { emptyReduced, reduceResponse, responseSlopes, scaleOwners } from './reduced-response.js';
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

/** Deviance that may be left at the end: half of what a converged fit may leave, as the Hessian is no exact one. */
const enough = 5e-7;
/** Steps that have not settled by then converge slowly: the ordinary search takes over. */
const mostSteps = 6;
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

/** Where Newton steps from a base have led. */
export interface Refitted {
  readonly theta: Float64Array;
  /** Null where the steps did not settle. `work` stands there otherwise; the Hessian is that of the steps, good to some percent. */
  readonly optimum: CertifiedMinimum | null;
}

/**
 * The optimum for another response with the same Z and X [EMBED-4]: Newton steps from the base's optimum, the first without a
 * factorization.
 * @param onStep  called after each, with the number of evaluations and the deviance
 */
export function refitOptimum(
  work: LmmWork,
  base: RefitBase,
  onStep: (evaluations: number, deviance: number) => void = () => {},
): Refitted {
  const { information, nearby } = base;
  if (nearby !== null) return refitNearby(work, base, nearby, onStep);
  const n = base.theta.length;
  let value = standAtBase(work, base);
  let theta: Float64Array = base.theta.slice();
  let before: BentPoint | null = null;
  let cuts = 0;
  let gradient: Float64Array = baseGradient(work, base);
  for (let step = 1; step <= mostSteps && Number.isFinite(value); step++) {
    onStep(step, value);
    const here = bend(information, theta, gradient);
    // the average information of two points is enough: the last steps are short, and their gradients tell the rest
    if (before === null || step === 2) {
      const hessian = hessianAt(work, base, theta);
      if (hessian === null) break;
      setHessian(here, hessian);
      if (before !== null) learn(here, before, 2);
    } else {
      here.hessian.set(before.hessian);
      learn(here, before, 1);
    }
    before = here;
    const certificate = certificateOf(work, value, gradient, unbend(here));
    const left = certificate.decrement * work.model.rows;
    if (step > 1 && left <= enough && certificate.negativeCurvature === null)
      return { theta, optimum: { certificate, state: stateOf(theta, certificate, step) } };
    const move = newtonStep(information, here);
    if (move === null) break;
    if (move.cut && ++cuts > 2) break;
    const { next } = move;
    const there = profiledDeviance(work, next);
    // a rise beyond rounding means that the model of the steps does not hold
    if (!(there <= value + 1e-9 * Math.abs(value))) break;
    value = there;
    theta = next;
    gradient = new Float64Array(n);
    devianceGradient(work, gradient);
  }
  return { theta, optimum: null };
}

/** From minimum to minimum of models that know ever more points. */
function refitNearby(
  work: LmmWork,
  base: RefitBase,
  { determinant, owner }: NonNullable<RefitBase['nearby']>,
  onStep: (evaluations: number, deviance: number) => void,
): Refitted {
  const n = base.theta.length;
  let theta: Float64Array = base.theta;
  let value = standAtBase(work, base);
  if (!Number.isFinite(value)) return { theta, optimum: null };
  onStep(1, value);
  const { columns } = residualColumns(work, true);
  let model: NearbyModel = {
    determinant,
    response: reduceResponse(work, owner, columns, responseSlopes(work, owner, columns), 2),
    latest: null,
  };
  for (let step = 2; step <= mostSteps; step++) {
    const next = nearbyMinimum(work, model, theta);
    const there = profiledDeviance(work, next);
    // a rise beyond rounding means that the model does not hold
    if (!(there <= value + 1e-9 * Math.abs(value))) break;
    value = there;
    theta = next;
    onStep(step, value);
    const gradient = new Float64Array(n);
    devianceGradient(work, gradient);
    const hessian = new Float64Array(n * n);
    nearbyProblem(work, model).hessian?.(theta, hessian);
    const certificate = certificateOf(work, value, gradient, hessian);
    const left = certificate.decrement * work.model.rows;
    if (left <= enough && isClear(hessian))
      return { theta, optimum: { certificate, state: stateOf(theta, certificate, step) } };
    model = learned(work, model, gradient);
  }
  return { theta, optimum: null };
}

/** The response's own part of the Hessian, exact, and the base's traces where the curve has moved them to. */
function hessianAt(work: LmmWork, base: RefitBase, theta: Float64Array): Float64Array | null {
  const average = averageInformationParts(work, true);
  if (average === null) return null;
  const n = theta.length;
  const slopes = slopesAt(base.information, theta);
  return average.hessian.map(
    (h, k) => h + average.observed[k] - base.traces[k] * slopes[k % n] * slopes[Math.floor(k / n)],
  );
}

/** Per row, as searches have it. */
function certificateOf({ model }: LmmWork, value: number, gradient: Float64Array, hessian: Float64Array) {
  const { rows } = model;
  return judge(
    value / rows,
    gradient.map((g) => g / rows),
    hessian.map((h) => h / rows),
    0,
  );
}

/** The base's point for the response that `work` has. */
function standAtBase(work: LmmWork, base: RefitBase): number {
  setTheta(work, base.theta);
  work.chol.kernels.memory.set(base.factor);
  if (!eliminate(work) || !reduce(work)) return Number.POSITIVE_INFINITY;
  jointMode(work);
  return deviance(work);
}

function baseGradient(work: LmmWork, base: RefitBase): Float64Array {
  const { layout, scratch, theta } = work;
  const gradient = new Float64Array(layout.thetas);
  scratch.G.set(base.byDeterminant);
  addResiduals(work, scratch.G);
  for (const { model, templates, thetaStart } of layout.blocks)
    for (const t of templates) model.gradientInto(gradient, thetaStart, scratch.G, t.start, t.size, theta, t.positions);
  return gradient;
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
function slopesAt(information: Float64Array, theta: Float64Array): Float64Array {
  return theta.map((t, p) => (information[p] === 0 ? 1 : (2 * information[p] * t) / (1 + information[p] * t * t)));
}

function stateOf(
  x: Float64Array,
  { value, gradient, hessian, decrement }: CertifiedMinimum['certificate'],
  step: number,
) {
  return {
    iteration: step,
    evaluations: step,
    x,
    value,
    gradient,
    hessian,
    radius: 0,
    status: 'converged' as const,
    updates: -1,
    stalls: 0,
    escapes: 0,
    predicted: decrement,
  };
}
