import { flopCount } from '../../kernels/block-cholesky.js';
import { judge } from '../../optim/certify.js';
import { shiftedCholesky, solveLowerInPlace, solveLowerTransposedInPlace } from '../../optim/cholesky-solve.js';
import type { CertifiedMinimum } from '../../optim/minimize-certified.js';
import { averageInformationParts } from './average-information.js';
import { addLogDeterminant, addResiduals, devianceGradient } from './deviance-gradient.js';
import type { LmmWork } from './lmm-work.js';
import { deviance, eliminate, jointMode, profiledDeviance, reduce, setTheta } from './profiled-deviance.js';

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
}

/** Deviance that may be left at the end: half of what a converged fit may leave, as the Hessian is no exact one. */
const enough = 5e-7;
/** Steps that have not settled by then converge slowly: the ordinary search takes over. */
const mostSteps = 4;
/** Where an evaluation costs fewer floating-point operations the ordinary search is quick enough, and looks at more. */
const cheap = 2e6;

/** @param hessian  of the deviance at theta, exact; null is returned where refits take the ordinary way */
export function refitBase(work: LmmWork, theta: Float64Array, hessian: Float64Array): RefitBase | null {
  const { layout, chol } = work;
  const n = layout.thetas;
  const flops = flopCount(chol);
  if (n === 0 || flops.factor + flops.inverse < cheap || !hessian.every(Number.isFinite)) return null;
  if (work.priors !== null || work.residual !== null) return null;
  if (!Number.isFinite(profiledDeviance(work, theta))) return null;
  devianceGradient(work, new Float64Array(n));
  const average = averageInformationParts(work);
  if (average === null) return null;
  const byDeterminant = new Float64Array(layout.lambdas);
  addLogDeterminant(work, byDeterminant);
  const information = informationOf(work, theta, byDeterminant);
  const slopes = slopesAt(information, theta);
  const traces = hessian.map((h, k) => {
    const share = slopes[k % n] * slopes[Math.floor(k / n)];
    return (average.hessian[k] + average.observed[k] - h) / share;
  });
  const factor = chol.kernels.memory.slice(0, chol.inverseStart);
  return traces.every(Number.isFinite) ? { theta: theta.slice(), factor, byDeterminant, traces, information } : null;
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
  const n = base.theta.length;
  let theta: Float64Array = base.theta.slice();
  let value = standAtBase(work, base);
  let gradient: Float64Array = baseGradient(work, base);
  for (let step = 1; step <= mostSteps && Number.isFinite(value); step++) {
    onStep(step, value);
    const hessian = hessianAt(work, base, theta);
    if (hessian === null) break;
    const certificate = certificateOf(work, value, gradient, hessian);
    const left = certificate.decrement * work.model.rows;
    if (step > 1 && left <= enough && certificate.negativeCurvature === null)
      return { theta, optimum: { certificate, state: stateOf(theta, certificate, step) } };
    const next = newtonStep(base.information, theta, gradient, hessian);
    if (next === null) break;
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

/** The response's own part of the Hessian, exact, and the base's traces where the curve has moved them to. */
function hessianAt(work: LmmWork, base: RefitBase, theta: Float64Array): Float64Array | null {
  const average = averageInformationParts(work);
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

/**
 * A Newton step in w = (1 + m theta^2)^(-1/3), in which the deviance of a variance component is nearly quadratic (it is that of a
 * chi-square variable with mean 1 + m theta^2; Wilson and Hilferty 1931).
 * @returns null where the Hessian is not positive definite
 */
function newtonStep(
  information: Float64Array,
  theta: Float64Array,
  gradient: Float64Array,
  hessian: Float64Array,
): Float64Array | null {
  const n = theta.length;
  const g = gradient.slice();
  const H = hessian.slice();
  const first = new Float64Array(n).fill(1); // dw / dtheta
  for (let p = 0; p < n; p++) {
    const m = information[p];
    if (m === 0) continue;
    const x = 1 + m * theta[p] ** 2;
    first[p] = (-2 / 3) * m * theta[p] * x ** (-4 / 3);
    const second = (-2 / 3) * m * x ** (-4 / 3) + (16 / 9) * (m * theta[p]) ** 2 * x ** (-7 / 3);
    g[p] /= first[p];
    H[p * (n + 1)] -= g[p] * second;
  }
  for (let k = 0; k < H.length; k++) H[k] /= first[k % n] * first[Math.floor(k / n)];
  const L = new Float64Array(n * n);
  if (!shiftedCholesky(H, n, 0, L)) return null;
  solveLowerInPlace(L, n, g);
  solveLowerTransposedInPlace(L, n, g);
  const next = new Float64Array(n);
  for (let p = 0; p < n; p++) {
    const m = information[p];
    if (m === 0) next[p] = theta[p] - g[p];
    else {
      const w = (1 + m * theta[p] ** 2) ** (-1 / 3) - g[p];
      // beyond these ends there is no theta; the ordinary search finds zero
      if (!(w > 0 && w < 1)) return null;
      next[p] = Math.sign(theta[p]) * Math.sqrt((w ** -3 - 1) / m);
    }
  }
  return next;
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
