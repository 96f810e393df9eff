import { columnMap } from '../engines/lmm/column-transform.js';
import { fixedEffects, residualSd } from '../engines/lmm/estimates.js';
import type { LmmWork } from '../engines/lmm/lmm-work.js';
import { type JointSpace, jointProblem, whitenedSpace } from '../engines/lmm/priors/joint-problem.js';
import { jointMode, profiledDeviance } from '../engines/lmm/profiled-deviance.js';
import { publicThetaGradient } from '../engines/lmm/public-gradient.js';
import { startTheta } from '../engines/lmm/start-theta.js';
import type { CertifiedMinimum } from '../optim/minimize-certified.js';
import { minimizeCertified } from '../optim/minimize-certified.js';
import type { OptimizerState, SmoothProblem } from '../optim/problem.js';
import { internalPoint, publicPoint } from './lmm-desk.js';
import { profiledAt } from './lmm-penalty.js';
import { isInside, type Parameter, parameter } from './parameter.js';
import { differenceNoise, type Penalty, PenaltyView, penaltiesInto, type ViewAt } from './penalty.js';
import type { SavedSearch } from './search.js';

/** Deviance that may be left at the end. */
const decrementGoal = 1e-8;

/** What joins theta where nothing is profiled: beta, unless REML integrates it out, and log sigma, unless it is known. */
export function jointParameters(
  { settings }: LmmWork,
  coefficients: readonly string[],
  predictor: string,
): Parameter[] {
  return [
    ...(settings.reml ? [] : coefficients.map((name) => parameter(`${predictor}[${name}]`, 'coefficient'))),
    ...(settings.fixedSigma === null ? [parameter('log(sigma)', 'scale')] : []),
  ];
}

/** The engine's own axes for beta, without turning. */
function plainSpace(work: LmmWork): JointSpace {
  const { P, parameters, settings } = work;
  const basis = new Float64Array(P * P);
  for (let c = 0; c < P; c++) basis[c * (P + 1)] = 1;
  const beta = settings.reml ? null : { origin: new Float64Array(P), basis, free: P };
  return { thetas: parameters, beta, sigma: settings.fixedSigma === null };
}

/** Whole objective at a point of theta, beta and log sigma in the user's units. @param gradient  overwritten; null: not wanted */
export function jointValue(
  work: LmmWork,
  parameters: readonly Parameter[],
  point: Float64Array,
  gradient: Float64Array | null,
): number {
  gradient?.fill(Number.NaN);
  if (!isInside(parameters, point)) return Number.POSITIVE_INFINITY;
  const { P, layout, products } = work;
  const { start, length } = products.response;
  const space = plainSpace(work);
  const { thetas } = space;
  const z = point.slice();
  z.set(internalPoint(work, point.subarray(0, thetas)));
  const B = columnMap(products.transform);
  // corners of priors as they are, not as a search for them left them
  for (const { side, width } of work.priors?.kinks ?? []) {
    side.fill(null);
    width.fill(0);
  }
  if (space.beta !== null)
    for (let r = 0; r < P; r++) {
      let t = -start[r];
      for (let c = 0; c < P; c++) t += B[r + c * P] * point[thetas + c];
      z[thetas + r] = t / length;
    }
  if (space.sigma) z[z.length - 1] -= Math.log(length);
  const g = gradient === null ? null : new Float64Array(z.length);
  const value = jointProblem(work, space).evaluate(z, g) * work.model.rows;
  if (!Number.isFinite(value)) return Number.POSITIVE_INFINITY;
  if (gradient === null || g === null) return value;
  for (let i = 0; i < g.length; i++) gradient[i] = g[i] * work.model.rows;
  const byTheta = gradient.slice(0, layout.thetas);
  const none = new Float64Array(layout.lambdas);
  const own = point.subarray(0, layout.thetas);
  publicThetaGradient(layout, z.subarray(0, thetas), own, none, byTheta, gradient.subarray(0, layout.thetas));
  if (space.beta !== null) {
    const byBeta = gradient.slice(thetas, thetas + P);
    for (let c = 0; c < P; c++) {
      let t = 0;
      for (let r = 0; r < P; r++) t += B[r + c * P] * byBeta[r];
      gradient[thetas + c] = t / length;
    }
  }
  return value;
}

/** The same with penalties, whose beta and sigma are those of the point. @param thetas  what penalties are told of the point by name */
export function penalisedJointValue(
  work: LmmWork,
  parameters: readonly Parameter[],
  thetas: readonly Parameter[],
  penalties: readonly Penalty[],
  point: Float64Array,
  gradient: Float64Array | null,
): number {
  const value = jointValue(work, parameters, point, gradient);
  if (penalties.length === 0 || !Number.isFinite(value)) return value;
  const { reml, fixedSigma } = work.settings;
  const viewAt: ViewAt = (at, profiled) => {
    if (profiled || reml) {
      jointValue(work, parameters, at, null);
      jointMode(work);
    }
    return new PenaltyView(thetas, at.slice(0, thetas.length), {
      beta: () => (reml ? fixedEffects(work) : at.slice(thetas.length, thetas.length + work.P)),
      sigma: () => fixedSigma ?? Math.exp(at[at.length - 1]),
    });
  };
  const own = gradient === null ? null : new Float64Array(point.length);
  const { value: added } = penaltiesInto(penalties, viewAt, point, own);
  if (gradient !== null && own !== null) for (let k = 0; k < own.length; k++) gradient[k] += own[k];
  return value + added;
}

/** The point that `work` stands at. */
export function jointPointOf(work: LmmWork): Float64Array {
  const { settings, theta } = work;
  return Float64Array.from([
    ...publicPoint(work, theta),
    ...(settings.reml ? [] : fixedEffects(work)),
    ...(settings.fixedSigma === null ? [Math.log(residualSd(work))] : []),
  ]);
}

/** Where `work` stands in a space whose origin is its beta. */
export function jointStart(work: LmmWork, space: JointSpace): Float64Array {
  const z = new Float64Array(space.thetas + (space.beta?.free ?? 0) + (space.sigma ? 1 : 0));
  z.set(work.theta);
  if (space.sigma) z[z.length - 1] = Math.log(work.at.sigma);
  return z;
}

/** Axes in which the likelihood at the start is round; `work` stands at the start then. */
export function startingSpace(work: LmmWork): JointSpace {
  profiledDeviance(work, startTheta(work));
  return whitenedSpace(work, !work.settings.reml);
}

/**
 * The joint objective and penalties at the theta, beta and sigma that it is tried at, per row. What others do with `work` between
 * two evaluations changes nothing.
 */
export function penalisedJoint(
  work: LmmWork,
  parameters: readonly Parameter[],
  penalties: readonly Penalty[],
  space: JointSpace,
): SmoothProblem {
  const { rows } = work.model;
  const { dimension } = jointProblem(work, space);
  const stand = (z: Float64Array, gradient: Float64Array | null): number => {
    const value = jointProblem(work, space).evaluate(z, gradient);
    if (space.beta === null && Number.isFinite(value)) jointMode(work);
    return value;
  };
  const viewAt: ViewAt = (z, profiled) => {
    if (profiled) stand(z, null);
    const internal = work.theta.slice();
    internal.set(z.subarray(0, space.thetas));
    return new PenaltyView(parameters, publicPoint(work, internal), profiledAt(work));
  };
  const own = new Float64Array(dimension);
  return {
    dimension,
    evaluate(z, gradient) {
      const value = stand(z, gradient);
      if (!Number.isFinite(value) || penalties.length === 0) return value;
      const { value: added, moved } = penaltiesInto(penalties, viewAt, z, gradient === null ? null : own);
      if (moved) stand(z, null);
      if (gradient !== null) for (let i = 0; i < own.length; i++) gradient[i] += own[i] / rows;
      return value + added / rows;
    },
  };
}

/** Steps of the joint search from a start or a saved state. */
export function* searchJoint(
  work: LmmWork,
  problem: SmoothProblem,
  from: Float64Array | OptimizerState,
  maxEvaluations: number | undefined,
): Generator<OptimizerState, CertifiedMinimum> {
  const { rows } = work.model;
  return yield* minimizeCertified(problem, from, {
    tolerance: decrementGoal / rows,
    decrement: (10 * decrementGoal) / rows,
    polishTo: decrementGoal / rows,
    gradientNoise: differenceNoise,
    maxEvaluations: maxEvaluations ?? 4000,
  });
}

/** Axes about a point of the user's; `work` stands there then. */
export function spaceAt(work: LmmWork, point: Float64Array): JointSpace {
  const { P, products, settings, parameters } = work;
  const { start, length } = products.response;
  profiledDeviance(work, internalPoint(work, point.subarray(0, parameters)));
  const space = whitenedSpace(work, !settings.reml);
  if (settings.fixedSigma === null) work.at.sigma = Math.exp(point[point.length - 1]) / length;
  if (space.beta === null) return space;
  const B = columnMap(products.transform);
  const origin = Float64Array.from({ length: P }, (_, r) => {
    let t = -start[r];
    for (let c = 0; c < P; c++) t += B[r + c * P] * point[parameters + c];
    return t / length;
  });
  return { ...space, beta: { ...space.beta, origin } };
}

export function saveSpace({ beta }: JointSpace): SavedSearch['memory'] {
  return beta === null ? {} : { origin: [...beta.origin], basis: [...beta.basis] };
}

export function loadSpace(work: LmmWork, memory: SavedSearch['memory']): JointSpace {
  const space = plainSpace(work);
  if (space.beta === null) return space;
  const read = (name: string) => Float64Array.from(memory[name] ?? [], (v) => v ?? Number.NaN);
  const beta = { ...space.beta, origin: read('origin'), basis: read('basis') };
  if (beta.origin.length !== work.P || beta.basis.length !== work.P ** 2)
    throw new RangeError('the saved search lacks its axes');
  return { ...space, beta };
}
