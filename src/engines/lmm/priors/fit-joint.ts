import { type CertifiedMinimum, minimizeCertified } from '../../../optim/minimize-certified.js';
import type { OptimizerState } from '../../../optim/problem.js';
import type { EngineOptions } from '../../engine.js';
import type { LmmWork } from '../lmm-work.js';
import { foldRows } from './absolute-rows.js';
import { dimensionOf, type JointSpace, jointProblem, whitenedSpace } from './joint-problem.js';
import { multipliers, normalIn, type Plane, planeOf, spaceInPlanes } from './planes.js';
import type { PriorWork } from './prior-work.js';
import { withMultipliers } from './settle.js';

/** A joint optimum and the coordinates it was found in. */
export interface JointOptimum {
  readonly optimum: CertifiedMinimum;
  readonly space: JointSpace;
}

interface JointRun {
  readonly maxEvaluations?: number;
  readonly onStep?: (state: OptimizerState) => void;
}

/** Objective that may be left at the end, in its own units, and the gradient that the last Newton steps aim for. */
const decrementGoal = 1e-8;
const gradientGoal = 1e-8;
/** Rounds of holding and releasing coefficients at corners. */
const mostRounds = 60;
/** A multiplier may exceed its bound by rounding. */
const slack = 1e-7;
/** A corner is rounded off over this many standard errors at first. */
const roundedOver = 1e-2;
const indifferent = 1e-7;
/** Coefficients that may be in or out of a spike are tried one by one if there are no more than this. */
const mostSpikes = 30;

/**
 * Minimises the whole objective over theta, beta (unless it is integrated out) and log sigma [LMM-PRIOR-7], from the point that `work`
 * holds; `work` ends at the minimum.
 * @param hessian  of the objective in theta at the start, not per row; null: unknown
 */
export function optimizeJoint(
  work: LmmWork,
  withBeta: boolean,
  hessian: Float64Array | null,
  run: JointRun = {},
): JointOptimum {
  const whole = whitenedSpace(work, withBeta);
  const first = finish(work, whole, from(work, whole), hessian, run);
  const { priors } = work;
  if (!withBeta || priors === null) return first;
  const better = tryCentres(work, priors, first, hessian, run);
  return better;
}

function finish(
  work: LmmWork,
  whole: JointSpace,
  start: Float64Array,
  hessian: Float64Array | null,
  run: JointRun,
): JointOptimum {
  const corners = (work.priors?.kinks.length ?? 0) > 0 && whole.beta !== null;
  return corners ? throughCorners(work, whole, start, hessian, run) : minimise(work, whole, start, hessian, run);
}

/**
 * The fit of a model whose priors need the coefficients in the optimizer, from the optimum without those priors that `work` stands
 * at. At the end the rows on the absolute scale are in RX, as after a profiled fit.
 */
export function fitJointly(work: LmmWork, first: CertifiedMinimum, options: EngineOptions): JointOptimum {
  const { rows } = work.model;
  const found = optimizeJoint(
    work,
    true,
    first.certificate.hessian.map((v) => v * rows),
    {
      ...(options.maxEvaluations === undefined ? {} : { maxEvaluations: options.maxEvaluations }),
      onStep({ evaluations, value }) {
        options.signal?.throwIfAborted();
        options.onProgress?.({ stage: 'optimize', evaluations, objective: value * rows });
      },
    },
  );
  const absolute = work.priors?.absolute ?? null;
  if (absolute !== null) foldRows(work, absolute, work.at.sigma);
  const { state } = found.optimum;
  const evaluations = state.evaluations + first.state.evaluations;
  return { ...found, optimum: { ...found.optimum, state: { ...state, evaluations } } };
}

/** Coefficients that ended exactly at the corner of a prior, with their values. */
export function heldAtCorners(priors: PriorWork): Map<number, number> {
  const held = new Map<number, number>();
  for (const { entries, side, rows, corner } of priors.kinks) {
    const P = rows.length / entries;
    for (let i = 0; i < entries; i++) {
      if (side[i] !== 0) continue;
      const own = Array.from({ length: P }, (_, j) => j).filter((j) => rows[i * P + j] !== 0);
      if (own.length === 1) held.set(own[0], corner[i] / rows[i * P + own[0]]);
    }
  }
  return held;
}

/** The point that `work` holds, in a space whose origin is its beta. */
function from(work: LmmWork, space: JointSpace): Float64Array {
  const z = new Float64Array(dimensionOf(space));
  z.set(work.theta);
  if (space.sigma) z[z.length - 1] = Math.log(work.at.sigma);
  return z;
}

function minimise(
  work: LmmWork,
  space: JointSpace,
  start: Float64Array,
  hessian: Float64Array | null,
  run: JointRun,
): JointOptimum {
  return {
    space,
    optimum: withMultipliers(
      work.priors?.multipliers ?? [],
      start,
      (from) => search(work, space, from, hessian, run),
      (found) => found.state.x,
      (found, evaluations) => ({
        ...found,
        state: { ...found.state, evaluations: found.state.evaluations + evaluations },
      }),
    ),
  };
}

function search(
  work: LmmWork,
  space: JointSpace,
  start: Float64Array,
  hessian: Float64Array | null,
  run: JointRun,
): CertifiedMinimum {
  const { rows } = work.model;
  const problem = jointProblem(work, space);
  const iteration = minimizeCertified(problem, start, {
    tolerance: decrementGoal / rows,
    decrement: (10 * decrementGoal) / rows,
    polishTo: gradientGoal / rows,
    initialHessian: firstHessian(work, space, hessian),
    maxEvaluations: run.maxEvaluations ?? 4000,
  });
  for (;;) {
    const next = iteration.next();
    if (next.done) {
      problem.evaluate(next.value.state.x, new Float64Array(problem.dimension));
      return next.value;
    }
    run.onStep?.(next.value);
  }
}

/** In the whitened coordinates the likelihood's curvature is known: 2 for beta, 4 nu for log sigma. */
function firstHessian(work: LmmWork, space: JointSpace, hessian: Float64Array | null): Float64Array {
  const { rows } = work.model;
  const n = dimensionOf(space);
  const H = new Float64Array(n * n);
  const { thetas } = space;
  for (let c = 0; c < thetas; c++)
    for (let r = 0; r < thetas; r++) {
      const v = hessian === null ? (r === c ? 1 : 0) : hessian[r + c * thetas] / rows;
      H[r + c * n] = Number.isFinite(v) ? v : r === c ? 1 : 0;
    }
  for (let k = 0; k < (space.beta?.free ?? 0); k++) H[(thetas + k) * (n + 1)] = 2 / rows;
  if (space.sigma) H[n * n - 1] = (4 * work.nu) / rows;
  return H;
}

/**
 * Corners of Laplace priors [LMM-PRIOR-8]. With the corners rounded off a first optimum tells which coefficients are near them; these
 * are held there, the others follow the branch of their sign, and the smooth problem that is left is solved. A coefficient whose
 * distance changes sign is held; one that is held is let go where its multiplier exceeds the prior's slope.
 */
function throughCorners(
  work: LmmWork,
  whole: JointSpace,
  start: Float64Array,
  hessian: Float64Array | null,
  run: JointRun,
): JointOptimum {
  const kinks = work.priors?.kinks ?? [];
  const P = work.P;
  const entries = kinks.flatMap((kink) =>
    Array.from({ length: kink.entries }, (_, i) => ({ kink, i, row: kink.rows.slice(i * P, (i + 1) * P) })),
  );
  const planes = (): Map<number, Plane> => {
    const found = new Map<number, Plane>();
    entries.forEach(({ kink, i, row }, e) => {
      if (kink.side[i] === 0) found.set(e, planeOf(work, row, kink.corner[i]));
    });
    return found;
  };
  entries.forEach(({ kink, i, row }) => {
    kink.side[i] = null;
    const normal = normalIn(whole, planeOf(work, row, 0));
    kink.width[i] = roundedOver * Math.hypot(...normal);
  });
  let found = minimise(work, whole, start, hessian, run);
  let evaluations = found.optimum.state.evaluations;
  for (const { kink, i } of entries) {
    const r = kink.distance[i];
    kink.side[i] = Math.abs(r) < kink.width[i] ? 0 : r > 0 ? 1 : -1;
  }
  for (let round = 0; round < mostRounds; round++) {
    const held = planes();
    const space = spaceInPlanes(whitenedAt(whole, work), [...held.values()]);
    found = minimise(work, space, from(work, space), hessian, run);
    evaluations += found.optimum.state.evaluations;
    if (!(found.optimum.state.value < Number.POSITIVE_INFINITY)) break;
    let changed = false;
    for (const { kink, i } of entries) {
      const side = kink.side[i];
      if (side === null || side === 0 || side * kink.distance[i] >= 0) continue;
      kink.side[i] = 0;
      changed = true;
    }
    if (!changed) changed = release(work, whole, entries, held);
    if (!changed) break;
  }
  return { ...found, optimum: { ...found.optimum, state: { ...found.optimum.state, evaluations } } };
}

/** The same axes through the beta that `work` holds. */
function whitenedAt(whole: JointSpace, work: LmmWork): JointSpace {
  return whole.beta === null ? whole : { ...whole, beta: { ...whole.beta, origin: work.beta.slice() } };
}

type Entry = { readonly kink: PriorWork['kinks'][number]; readonly i: number };

/** Lets go of the coefficient whose multiplier exceeds its bound the most. */
function release(
  work: LmmWork,
  whole: JointSpace,
  entries: readonly Entry[],
  held: ReadonlyMap<number, Plane>,
): boolean {
  if (held.size === 0) return false;
  const space = whitenedAt(whole, work);
  const z = from(work, space);
  const gradient = new Float64Array(z.length);
  jointProblem(work, space).evaluate(z, gradient);
  const free = space.beta?.free ?? 0;
  const byBeta = gradient.slice(space.thetas, space.thetas + free).map((v) => v * work.model.rows);
  const keys = [...held.keys()];
  const mu = multipliers(
    byBeta,
    [...held.values()].map((plane) => normalIn(space, plane)),
  );
  let worst = -1;
  let excess = slack;
  keys.forEach((e, k) => {
    const { kink, i } = entries[e];
    const over = Math.abs(mu[k]) / kink.slope[i] - 1;
    if (over > excess) {
      excess = over;
      worst = k;
    }
  });
  if (worst < 0) return false;
  const { kink, i } = entries[keys[worst]];
  kink.side[i] = mu[worst] > 0 ? 1 : -1;
  return true;
}

/** Priors that are not log-concave can have several optima: the search begins at their peaks, too. */
function tryCentres(
  work: LmmWork,
  priors: PriorWork,
  first: JointOptimum,
  hessian: Float64Array | null,
  run: JointRun,
): JointOptimum {
  let best = first;
  let evaluations = first.optimum.state.evaluations;
  const attempt = (rows: PriorWork['centres']): boolean => {
    stand(work, best);
    const space = whitenedSpace(work, true);
    const moved = spaceInPlanes(
      space,
      rows.map((c) => planeOf(work, c.row, c.target)),
    );
    if (moved.beta === null || space.beta === null) return false;
    const start = { ...space, beta: { ...space.beta, origin: moved.beta.origin } };
    const found = finish(work, start, from(work, start), hessian, run);
    evaluations += found.optimum.state.evaluations;
    const lower = found.optimum.state.value < best.optimum.state.value - indifferent / work.model.rows;
    if (lower) best = found;
    return lower;
  };
  const { centres } = priors;
  if (centres.length > 0) attempt(centres);
  const spikes = centres.filter((c) => c.spike);
  if (spikes.length <= mostSpikes)
    for (let sweep = 0, found = spikes.length > 1; found && sweep < 4; sweep++)
      found = spikes.map((c) => attempt([c])).some(Boolean);
  stand(work, best);
  return { ...best, optimum: { ...best.optimum, state: { ...best.optimum.state, evaluations } } };
}

/** Puts `work` at an optimum. */
function stand(work: LmmWork, at: JointOptimum): void {
  const problem = jointProblem(work, at.space);
  problem.evaluate(at.optimum.state.x, new Float64Array(problem.dimension));
}
