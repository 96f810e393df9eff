import { judge } from '../../optim/certify.js';
import { type CertifiedMinimum, endState } from '../../optim/minimize-certified.js';
import { averageInformationParts } from './average-information.js';
import { type BentPoint, bend, learn, newtonStep, setHessian, unbend } from './bent-point.js';
import { addResiduals, devianceGradient, residualColumns } from './deviance-gradient.js';
import type { LmmWork } from './lmm-work.js';
import { isClear, learned, type NearbyModel, nearbyMinimum, nearbyProblem } from './nearby-model.js';
import { deviance, eliminate, jointMode, profiledDeviance, reduce, setTheta } from './profiled-deviance.js';
import { reduceResponse, responseSlopes } from './reduced-response.js';
import { type RefitBase, slopesAt } from './refit-base.js';

/** Deviance that may be left at the end: half of what a converged fit may leave, as the Hessian is no exact one. */
const enough = 5e-7;
/** Steps that have not settled by then converge slowly: the ordinary search takes over. */
const mostSteps = 6;
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
      return { theta, optimum: { certificate, state: endState(theta, certificate, step) } };
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
      return { theta, optimum: { certificate, state: endState(theta, certificate, step) } };
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
