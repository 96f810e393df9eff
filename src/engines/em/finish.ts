import { shiftedCholesky, solveLowerTransposedInPlace } from '../../optim/cholesky-solve.js';
import { type CertifiedMinimum, minimizeCertified } from '../../optim/minimize-certified.js';
import type { OptimizerState } from '../../optim/problem.js';
import { minimize } from '../../optim/quasi-newton.js';
import { nothingToEstimate, type Preconditioner, pointInto, preconditioned } from '../glmm/optimize-glmm.js';
import { applyWhole } from './em-model.js';
import type { EmObjective } from './em-objective.js';
import { completeInformation } from './m-step.js';

/** Deviance that may be left at the end of a search. */
const decrementGoal = 1e-8;
/** Points placed anew at the optimum that change its value by less leave the optimum where it is. */
const settled = 1e-9;

export interface Finished {
  readonly optimum: CertifiedMinimum;
  readonly pre: Preconditioner;
  readonly x: Float64Array; // free parameters
  readonly value: number;
  readonly deviance: number;
}

export interface FinishOptions {
  /** How often points are placed anew at what was found, while that still changes its value; 0: they stay where the start puts them. */
  readonly rounds: number;
  /** An earlier search by other points: its units, and its Hessian as the first. */
  readonly from?: Finished;
  /** One-sided differences for the Hessian, at half the cost: for points that are many. */
  readonly cheapHessian?: boolean;
  readonly maxEvaluations: number;
  onStep?(state: OptimizerState): void;
  /** Asked at every accepted point, at which the model stands; the search is given up where it says so. */
  isHopeless?(): boolean;
}

/**
 * From where EM has come near: quasi-Newton on the objective with points that stay, which are then placed by what was found until
 * that changes nothing; and the certificate [EM-7]. The model is left at the optimum.
 * @param full  the whole vector to start from
 * @returns     null where the search was given up
 */
export function finish(objective: EmObjective, full: Float64Array, options: FinishOptions): Finished | null {
  const { eStep } = objective;
  const { model } = eStep;
  const { free } = model.space;
  applyWhole(model, full);
  eStep.adapt();
  const start = Float64Array.from(free, (i) => full[i]);
  const pre = options.from === undefined ? preconditioner(objective, full) : { ...options.from.pre, start };
  const x = start.slice();
  if (free.length === 0) {
    const optimum = nothingToEstimate(objective);
    return { optimum, pre, x, value: optimum.state.value, deviance: objective.deviance() };
  }
  const problem = preconditioned(objective, pre);
  let z: Float64Array = new Float64Array(free.length);
  let hessian = usable(options.from?.optimum.certificate.hessian);
  for (let round = 0; round < options.rounds; round++) {
    const common = { ...searchOptions(options), initialHessian: hessian };
    const state = follow(objective, pre, minimize(problem, z, common), options);
    if (state === null) return null;
    z = Float64Array.from(state.x);
    hessian = usable(state.hessian);
    pointInto(x, pre, z);
    applyWhole(model, objective.expand(x));
    if (!Number.isFinite(state.value)) break;
    eStep.adapt();
    const found = objective.evaluate(x, null);
    if (Math.abs(found - state.value) < settled * Math.max(1, Math.abs(found) * 1e-3)) break;
  }
  const search = minimizeCertified(problem, z, {
    ...searchOptions(options),
    initialHessian: hessian,
    decrement: decrementGoal,
    polishTo: 1e-6,
    gradientNoise: 1e-11,
    differences: options.cheapHessian ? 'forward' : 'central',
  });
  const optimum = follow(objective, pre, search, options);
  if (optimum === null) return null;
  pointInto(x, pre, Float64Array.from(optimum.state.x));
  const value = objective.evaluate(x, null);
  return { optimum, pre, x, value, deviance: objective.deviance() };
}

function searchOptions({ maxEvaluations }: FinishOptions) {
  return { tolerance: decrementGoal, initialRadius: 2, maxEvaluations };
}

function usable(hessian: Float64Array | undefined): Float64Array | number {
  return hessian?.every(Number.isFinite) ? hessian : 1;
}

/** Runs a search to its end; null where it is hopeless. */
function follow<R>(
  objective: EmObjective,
  pre: Preconditioner,
  search: Iterator<OptimizerState, R>,
  options: Pick<FinishOptions, 'onStep' | 'isHopeless'>,
): R | null {
  const x = new Float64Array(objective.dimension);
  let value = Number.POSITIVE_INFINITY;
  for (;;) {
    const next = search.next();
    if (next.done) return next.value;
    options.onStep?.(next.value);
    if (options.isHopeless === undefined || !(next.value.value < value)) continue;
    value = next.value.value;
    pointInto(x, pre, Float64Array.from(next.value.x));
    applyWhole(objective.eStep.model, objective.expand(x));
    if (options.isHopeless()) return null;
  }
}

/** Deviance that may be left where runs are only compared. */
const comparable = 1e-2;

/** Quasi-Newton from a run's end, as far as comparing it with others needs; the whole vector and its objective. */
export function approach(
  objective: EmObjective,
  full: Float64Array,
  options: Omit<FinishOptions, 'rounds'>,
): { readonly full: Float64Array; readonly value: number } | null {
  const { model } = objective.eStep;
  applyWhole(model, full);
  objective.eStep.adapt();
  const pre = preconditioner(objective, full);
  const n = objective.dimension;
  if (n === 0) return { full, value: objective.evaluate(new Float64Array(0), null) };
  const search = minimize(preconditioned(objective, pre), new Float64Array(n), {
    tolerance: comparable,
    initialRadius: 2,
    maxEvaluations: options.maxEvaluations,
  });
  const state = follow(objective, pre, search, options);
  if (state === null) return null;
  const x = new Float64Array(n);
  pointInto(x, pre, Float64Array.from(state.x));
  return { full: objective.expand(x).slice(), value: state.value };
}

/** Units in which the curvature of the complete data is one; theta by the number of levels. */
function preconditioner({ eStep, penalties }: EmObjective, full: Float64Array): Preconditioner {
  const { model } = eStep;
  const { free, size } = model.space;
  const n = free.length;
  eStep.run(2);
  const A = completeInformation(eStep, penalties, full);
  const { thetas, blocks } = model.joint.layout;
  for (const block of blocks)
    for (let k = block.thetaStart; k < block.thetaStart + block.thetaCount; k++) {
      for (let j = 0; j < size; j++) {
        A[k + j * size] = 0;
        A[j + k * size] = 0;
      }
      A[k + k * size] = (4 * Math.max(block.levels, 1)) / Math.max(Math.abs(full[k]), 0.1) ** 2;
    }
  const B = new Float64Array(n * n);
  let largest = 0;
  free.forEach((j, c) => {
    free.forEach((i, r) => {
      B[r + c * n] = A[i + j * size];
    });
    if (j >= thetas) largest = Math.max(largest, Math.abs(B[c * (n + 1)]));
  });
  const L = new Float64Array(n * n);
  const T = new Float64Array(n * n);
  const start = Float64Array.from(free, (i) => full[i]);
  let shift = 1e-8 * largest;
  while (!shiftedCholesky(B, n, shift, L)) {
    if (!(shift > 0 && shift < 10 * largest)) {
      for (let c = 0; c < n; c++) T[c * (n + 1)] = 1;
      return { start, T };
    }
    shift *= 10;
  }
  const column = new Float64Array(n);
  for (let c = 0; c < n; c++) {
    column.fill(0);
    column[c] = 1;
    solveLowerTransposedInPlace(L, n, column);
    T.set(column, c * n);
  }
  return { start, T };
}
