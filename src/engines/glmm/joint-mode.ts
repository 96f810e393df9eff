import { factorize, logDeterminant, solve } from '../../kernels/block-cholesky.js';
import type { Order } from '../../kernels/special/order.js';
import { shiftedCholesky, solveLowerInPlace, solveLowerTransposedInPlace } from '../../optim/cholesky-solve.js';
import type { GlmmWork } from './glmm-work.js';
import { lambdaTimes, penalizedInto } from './lambda-algebra.js';
import { addRandomEffects, crossProductsInto, transposeInto } from './load-products.js';
import { positivePartInPlace } from './positive-part.js';
import { dotProduct, sumInto } from './row-loops.js';

/** Newton steps stop where the next would lower the penalised deviance by less: its square is then below rounding. */
const closeEnough = 1e-10;
/** The step after it must have brought the decrement down to this, else the search goes on. */
const atMode = 1e-13;
/** With more than this left the point is no mode: rounding has taken the digits, and the value would mean nothing. */
const notAtMode = 1e-6;
/** A factor of another point is used for steps whose decrement is below this: farther away it would only mislead. */
const nearby = 1;
/** Where it says that less is left, nothing is: the factor is then made once, at the mode. */
const arrived = 1e-20;
/** Steps with the factor of another point leave about this multiple of the decrement's square, where they are short. */
const quadratic = 10;
const mostSteps = 100;
const mostHalvings = 40;
/** Points looked at in one search: a mode that is worth having is found within some tens. */
const mostPoints = 200;

/**
 * Finds u that minimises -2 log f(y | u) + |u|^2 for the current Lambda and `fixedEta` [GLMM-3]: Newton steps with the
 * observed information, or with its positive part where that is indefinite, halved until the function falls; near the
 * mode with the factor of the latest point, as long as that does. Leaves eta, the row derivatives, C, H, its factor and the
 * numbers of `work.at` at the mode.
 * @param order  derivatives of the rows that the caller needs at the mode
 * @param rough  stop where a Newton step would lower the function by less than this; left out: at the mode
 * @returns      false where no usable point was found
 */
export function jointMode(work: GlmmWork, order: 2 | 3, rough = 0): boolean {
  if (searchMode(work, order, rough)) return true;
  // the start may have been the trouble
  if (work.u.every((v) => v === 0)) return false;
  work.u.fill(0);
  return searchMode(work, order, rough);
}

/** The next search makes a factor of its own: its result must not depend on what was evaluated before. */
export function forgetFactor(work: GlmmWork): void {
  work.chol.factorOf = null;
}

function searchMode(work: GlmmWork, order: 2 | 3, rough: number): boolean {
  const { q, u, at, chol, H, model } = work;
  at.decrement = 0;
  at.logDet = 0;
  at.stuck = false;
  if (q === 0) return Number.isFinite(pointAt(work, u, order));
  // a family with a loop of its own has all derivatives for little more than the first
  const first: Order = model.density.batch === undefined ? 1 : order;
  // Whether the factor is of a point nearby; of this one where `definite` is set. From zero nothing is known.
  let usable = chol.factorOf === H && !u.every((v) => v === 0);
  let known: Order = usable ? first : 2;
  let value = pointAt(work, u, known);
  if (!Number.isFinite(value)) return false;
  let definite = false;
  let nudged = 0;
  let last = false; // whether this is the look at the point after the last step
  let before = Number.POSITIVE_INFINITY; // decrement of the step before, made with the same factor
  const end = at.modeIterations + mostPoints;
  for (let steps = 0; steps < mostSteps && at.modeIterations < end; steps++) {
    const fresh = !usable;
    if (fresh) {
      if (known < (last ? order : 2)) {
        known = order;
        value = pointAt(work, u, order);
      }
      definite = factorAt(work, false);
      if (!definite && last && nudged < 2) {
        // a stationary point that is no minimum: leave it in a fixed direction
        nudged++;
        nudge(work, nudged);
        known = 2;
        value = pointAt(work, u, 2);
        last = false;
        continue;
      }
      if (!definite && !factorAt(work, true)) return false;
      // the positive part is no factor of H
      usable = definite;
      before = Number.POSITIVE_INFINITY;
    }
    const decrement = newtonStep(work);
    if (!fresh) {
      if (decrement >= -arrived && decrement <= Math.max(arrived, rough)) {
        last = true;
        usable = false;
        continue;
      }
      if (!(decrement >= 0 && decrement <= nearby && decrement <= work.worthKeeping * before)) {
        usable = false;
        continue;
      }
    }
    if (!(decrement > -1e-12)) return false; // rounding may leave it just below zero
    if (fresh && definite && (decrement < rough || (last && decrement <= atMode))) {
      if (known < order) pointAt(work, u, order);
      at.decrement = decrement;
      return logDeterminantAt(work);
    }
    const previous = value;
    last = fresh && definite && decrement <= closeEnough;
    before = decrement;
    known = last || quadratic * decrement * decrement <= arrived ? order : fresh ? 2 : first;
    value = search(work, previous, known, decrement, fresh ? mostHalvings : 1);
    if (!Number.isFinite(value)) return false;
    if (work.at.stuck) {
      if (fresh) break;
      // another point's factor may point the wrong way
      work.at.stuck = false;
      usable = false;
      continue;
    }
    // after the last step the factor is made anew
    if (last) usable = false;
    if (fresh && !definite && decrement <= closeEnough) {
      // the positive part says we are there, the information itself disagrees
      if (nudged >= 2) return false;
      nudged++;
      nudge(work, nudged);
      known = 2;
      value = pointAt(work, u, 2);
    }
  }
  // rounding keeps the decrement up, or the function is too rough: what there is, if it is a minimum
  pointAt(work, u, order);
  if (!factorAt(work, false)) return false;
  at.decrement = newtonStep(work);
  return at.decrement < notAtMode && logDeterminantAt(work);
}

/** Evaluates the rows at u; returns the penalised deviance. */
function pointAt(work: GlmmWork, u: Float64Array, order: Order): number {
  const { model, eta, fixedEta, scratch, lambda, derivatives, at } = work;
  at.modeIterations++;
  eta.set(fixedEta);
  at.penalty = 0;
  if (work.q > 0) {
    lambdaTimes(scratch.b, model.layout, lambda, u, false);
    addRandomEffects(model.loads, scratch.b, eta);
    at.penalty = dotProduct(u, 0, u, 0, u.length);
  }
  at.logLikelihood = model.batch(0, model.rows, eta, order, derivatives);
  return -2 * at.logLikelihood + at.penalty;
}

/** C, H and its factor from the row derivatives; `positive`: with the positive part of each row's information. */
function factorAt(work: GlmmWork, positive: boolean): boolean {
  const { model, derivatives, C, H, D, pairAt, lambda, scratch, chol, m } = work;
  let { second } = derivatives;
  if (positive) second = positivePart(work);
  crossProductsInto(C, model.loads, second, pairAt, D);
  penalizedInto(H, model.layout, lambda, C, scratch.block);
  if (factorize(chol, H) !== 0) return false;
  if (m === 0) return true;
  const { K, S, q } = work;
  const { normals } = model;
  K.set(normals);
  solve(chol, K, m);
  S.fill(0);
  for (let i = 0; i < q; i++)
    for (let c = 0; c < m; c++) for (let r = 0; r < m; r++) S[r + c * m] += normals[i * m + r] * K[i * m + c];
  if (shiftedCholesky(S, m, 0, S)) return true;
  forgetFactor(work);
  return false;
}

/** Second derivatives (packed, negative where the information is positive) with each row's indefinite part left out. */
function positivePart(work: GlmmWork): Float64Array {
  const { model, D, pairAt, derivatives } = work;
  const { rows, loads } = model;
  const random = Array.from({ length: D }, (_, d) => d).filter((d) => loads.random[d] === 1);
  const n = random.length;
  const second = derivatives.second.slice();
  const W = new Float64Array(n * n);
  const scratch = new Float64Array(n * n + n);
  for (let i = 0; i < rows; i++) {
    for (let a = 0; a < n; a++)
      for (let b = 0; b < n; b++) W[a + b * n] = -second[pairAt[random[a] * D + random[b]] * rows + i];
    if (!positivePartInPlace(W, n, scratch)) continue;
    for (let a = 0; a < n; a++)
      for (let b = a; b < n; b++) second[pairAt[random[a] * D + random[b]] * rows + i] = -W[a + b * n];
  }
  return second;
}

/** step = H^-1 (Lambda'Z'g - u), inside the constraints; returns the decrement step' H step. */
function newtonStep(work: GlmmWork): number {
  const { model, derivatives, scratch, lambda, u, chol, q } = work;
  const { b, step, gradient } = scratch;
  transposeInto(b, model.loads, derivatives.first);
  lambdaTimes(gradient, model.layout, lambda, b, true);
  sumInto(gradient, gradient, -1, u);
  step.set(gradient);
  solve(chol, step, 1);
  stayInConstraint(work, step);
  // along the normals the gradient is the constraint's own force, which need not vanish
  projectOut(work, gradient);
  return dotProduct(step, 0, gradient, 0, q);
}

/** v - K S^-1 A v: what the constraints leave of v = H^-1 w. */
export function stayInConstraint(work: GlmmWork, v: Float64Array): void {
  const { m, q, model, K, S, scratch } = work;
  if (m === 0) return;
  const { small } = scratch;
  small.fill(0);
  for (let i = 0; i < q; i++) for (let k = 0; k < m; k++) small[k] += model.normals[i * m + k] * v[i];
  solveLowerInPlace(S, m, small);
  solveLowerTransposedInPlace(S, m, small);
  for (let i = 0; i < q; i++) for (let k = 0; k < m; k++) v[i] -= K[i * m + k] * small[k];
}

/** Moves u along the step, halving it until the penalised deviance does not rise; returns the value there. */
function search(work: GlmmWork, from: number, order: Order, decrement: number, most: number): number {
  const { u, scratch } = work;
  const { step, trial } = scratch;
  trial.set(u);
  const rounding = 1e-13 * (1 + Math.abs(from));
  let factor = 1;
  for (let halving = 0; halving < most; halving++) {
    sumInto(u, trial, factor, step);
    const value = pointAt(work, u, order);
    // a fraction of what the slope promises, or nothing lost where rounding hides it
    if (value <= from - 1e-4 * factor * decrement || (value <= from + rounding && decrement < 1e-6)) return value;
    factor /= 2;
  }
  u.set(trial);
  work.at.stuck = true;
  return pointAt(work, u, order);
}

function nudge(work: GlmmWork, times: number): void {
  const { u } = work;
  for (let i = 0; i < u.length; i++) u[i] += 0.1 * times * Math.cos(1 + i);
  projectOut(work, u);
}

/** Takes the part along the constraints' normals, which are orthonormal, off a vector. */
function projectOut({ m, model, q }: GlmmWork, v: Float64Array): void {
  for (let k = 0; k < m; k++) {
    let t = 0;
    for (let i = 0; i < q; i++) t += model.normals[i * m + k] * v[i];
    for (let i = 0; i < q; i++) v[i] -= t * model.normals[i * m + k];
  }
}

/** log|H|, of the constraint's hyperplane only. */
function logDeterminantAt(work: GlmmWork): boolean {
  const { at, chol, m, S } = work;
  at.logDet = logDeterminant(chol);
  for (let k = 0; k < m; k++) at.logDet += 2 * Math.log(S[k + k * m]);
  return Number.isFinite(at.logDet);
}
