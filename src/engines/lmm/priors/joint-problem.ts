import { solveLowerTransposedInPlace } from '../../../optim/cholesky-solve.js';
import type { SmoothProblem } from '../../../optim/problem.js';
import { transposeUntransform } from '../column-transform.js';
import { likelihoodGradient } from '../deviance-gradient.js';
import { fixedEffects } from '../estimates.js';
import type { LmmWork } from '../lmm-work.js';
import { decompose, effectsGivenBeta, jointMode, setTheta } from '../profiled-deviance.js';
import { absoluteJet } from './absolute-rows.js';
import { addTermGradient, penalisedDeviance, termSlope } from './penalised-deviance.js';
import type { PriorTerm } from './prior-work.js';

/**
 * What the joint optimizer moves besides theta [LMM-PRIOR-7]: beta = origin + basis w, in the coordinates of the decomposition, and
 * log sigma. With REML beta is integrated out and is not among them.
 */
export interface JointSpace {
  readonly thetas: number;
  readonly beta: { readonly origin: Float64Array; readonly basis: Float64Array; readonly free: number } | null; // basis P x free
  readonly sigma: boolean; // false: known
}

export function dimensionOf(space: JointSpace): number {
  return space.thetas + (space.beta?.free ?? 0) + (space.sigma ? 1 : 0);
}

/** Axes for beta in which the likelihood's curvature is that of the identity: sigma RX^-1 at the current point. */
export function whitenedSpace(work: LmmWork, withBeta: boolean): JointSpace {
  const { P, RX, beta, at, settings } = work;
  const sigma = settings.fixedSigma === null;
  if (!withBeta) return { thetas: work.parameters, beta: null, sigma };
  const basis = new Float64Array(P * P);
  for (let c = 0; c < P; c++) {
    const column = basis.subarray(c * P, (c + 1) * P);
    column[c] = at.sigma;
    solveLowerTransposedInPlace(RX, P, column);
  }
  return { thetas: work.parameters, beta: { origin: beta.slice(), basis, free: P }, sigma };
}

/** The whole objective over theta, beta (ML) and log sigma, per row: nothing is profiled. `work` is overwritten. */
export function jointProblem(work: LmmWork, space: JointSpace): SmoothProblem {
  const { rows } = work.model;
  const n = dimensionOf(space);
  const decomposed = new Float64Array(space.thetas).fill(Number.NaN);
  let fresh = false;
  return {
    dimension: n,
    evaluate(z, gradient) {
      const theta = z.subarray(0, space.thetas);
      // a step in beta or sigma alone does not touch the decomposition, unless REML has taken rows into it
      const same = fresh && theta.every((v, i) => v === decomposed[i]);
      if (!same || (space.beta === null && work.priors !== null && work.priors.absolute !== null)) {
        decomposed.set(theta);
        fresh = setTheta(work, theta) && decompose(work);
        if (!fresh) return Number.POSITIVE_INFINITY;
      }
      const value = space.beta === null ? integrated(work, space, z, gradient) : explicit(work, space, z, gradient);
      if (gradient !== null) for (let i = 0; i < n; i++) gradient[i] /= rows;
      return value / rows;
    },
  };
}

function sigmaAt(work: LmmWork, space: JointSpace, z: Float64Array): number {
  const known = work.settings.fixedSigma;
  return space.sigma || known === null ? Math.exp(z[z.length - 1]) : known / work.products.response.length;
}

/** Beta integrated out or, without REML, at its mode for this theta and sigma. */
function integrated(work: LmmWork, space: JointSpace, z: Float64Array, gradient: Float64Array | null): number {
  const { at, priors, settings } = work;
  const sigma = sigmaAt(work, space, z);
  const { length } = work.products.response;
  let slope: number;
  if (priors === null) {
    at.sigma = sigma;
    const logVariance = Math.log(2 * Math.PI * length * length * sigma * sigma);
    at.objective = at.logDetOmega + at.logDetResidual + work.constant + at.r2 / (sigma * sigma) + work.nu * logVariance;
    if (settings.reml) at.objective += at.logDetRX;
    slope = 2 * work.nu - (2 * at.r2) / (sigma * sigma);
  } else {
    at.objective = penalisedDeviance(work, priors, sigma);
    const jet = new Float64Array(3);
    absoluteJet(priors, settings.reml, Math.log(sigma), jet);
    slope = 2 * (work.nu + (priors.common?.counted ?? 0)) - (2 * at.r2) / (sigma * sigma) + jet[1];
  }
  if (gradient === null || !Number.isFinite(at.objective)) return at.objective;
  jointMode(work);
  if (space.sigma)
    gradient[gradient.length - 1] = slope + (priors === null ? 0 : termSlope(priors, length * sigma, 'all').slope);
  likelihoodGradient(work, gradient.subarray(0, space.thetas));
  if (priors !== null) addTermGradient(work, priors, gradient.subarray(0, space.thetas));
  return at.objective;
}

/** Beta is among the coordinates. */
function explicit(work: LmmWork, space: JointSpace, z: Float64Array, gradient: Float64Array | null): number {
  const { P, at, RX, cBeta, beta, products, priors, theta } = work;
  const { length } = products.response;
  const { thetas } = space;
  const sigma = sigmaAt(work, space, z);
  at.sigma = sigma;
  if (space.beta !== null) {
    const { origin, basis, free } = space.beta;
    beta.set(origin);
    for (let k = 0; k < free; k++) for (let j = 0; j < P; j++) beta[j] += basis[j + k * P] * z[thetas + k];
  }
  const gap = new Float64Array(P); // RX beta - c_b
  let square = at.r2;
  for (let c = 0; c < P; c++) {
    let t = -cBeta[c];
    for (let r = c; r < P; r++) t += RX[r + c * P] * beta[r];
    gap[c] = t;
    square += t * t;
  }
  const s2 = sigma * sigma;
  const powers = work.nu + (priors?.common?.counted ?? 0);
  let value =
    at.logDetOmega + at.logDetResidual + work.constant + square / s2 + powers * Math.log(length * length * s2);
  value += work.nu * Math.log(2 * Math.PI) + (priors?.common?.constant ?? 0);
  const byBeta = new Float64Array(P);
  for (let r = 0; r < P; r++) {
    let t = 0;
    for (let c = 0; c <= r; c++) t += RX[r + c * P] * gap[c];
    byBeta[r] = (2 * t) / s2;
  }
  let slope = 2 * powers - (2 * square) / s2;
  if (priors !== null) {
    const { quantities, absolute, values } = priors;
    quantities.setTheta(theta);
    quantities.gradient.fill(0);
    if (absolute !== null) {
      value += absolute.constant;
      for (let i = 0; i < absolute.count; i++) {
        let t = -absolute.target[i];
        for (let j = 0; j < P; j++) t += absolute.x[i * P + j] * beta[j];
        value += t * t;
        for (let j = 0; j < P; j++) byBeta[j] += 2 * t * absolute.x[i * P + j];
      }
    }
    const own = fixedEffects(work);
    const sigmaOwn = length * sigma;
    const add = ({ term, lowered, entries }: PriorTerm): void => {
      const relative = lowered.computation === 'theta';
      quantities.fill(values, relative ? 1 : sigmaOwn, own);
      priors.gradient.fill(0);
      value += term.evaluate(values, priors.gradient);
      if (relative) {
        value += 2 * lowered.degree * entries * Math.log(sigmaOwn);
        slope += 2 * lowered.degree * entries;
      } else slope += quantities.sigmaSlope(priors.gradient, sigmaOwn);
      quantities.addRelative(priors.gradient, relative ? 1 : sigmaOwn);
      const row = priors.gradient.slice(0, P);
      transposeUntransform(products.transform, row);
      for (let j = 0; j < P; j++) byBeta[j] += length * row[j];
    };
    for (const t of priors.terms) add(t);
    for (const t of priors.joint) add(t);
  }
  at.objective = Number.isNaN(value) ? Number.POSITIVE_INFINITY : value;
  if (gradient === null || !Number.isFinite(at.objective)) return at.objective;
  effectsGivenBeta(work);
  likelihoodGradient(work, gradient.subarray(0, thetas));
  if (priors !== null) {
    priors.quantities.pullBack(theta);
    const byTheta = priors.quantities.thetaGradient;
    for (let p = 0; p < byTheta.length; p++) gradient[p] += byTheta[p];
  }
  if (space.beta !== null) {
    const { basis, free } = space.beta;
    for (let k = 0; k < free; k++) {
      let t = 0;
      for (let j = 0; j < P; j++) t += basis[j + k * P] * byBeta[j];
      gradient[thetas + k] = t;
    }
  }
  if (space.sigma) gradient[gradient.length - 1] = slope;
  return at.objective;
}
