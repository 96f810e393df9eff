import { shiftedCholesky, solveLowerTransposedInPlace } from '../../optim/cholesky-solve.js';
import { type CertifiedMinimum, minimizeCertified } from '../../optim/minimize-certified.js';
import type { OptimizerState } from '../../optim/problem.js';
import { type Preconditioner, pointInto, preconditioned } from '../glmm/optimize-glmm.js';
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
  /** How often points are placed anew at what was found, while that still changes its value. */
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
 * From where EM has come near: quasi-Newton on the objective with points that stay, and its certificate; then the points are
 * placed by what was found, until that changes nothing [EM-7]. The model is left at the optimum.
 * @param full  the whole vector to start from
 * @returns     null where the search was given up
 */
export function finish(objective: EmObjective, full: Float64Array, options: FinishOptions): Finished | null {
  const { eStep } = objective;
  const { model } = eStep;
  const { free } = model.space;
  const n = free.length;
  applyWhole(model, full);
  eStep.adapt();
  const start = Float64Array.from(free, (i) => full[i]);
  const pre = options.from === undefined ? preconditioner(objective, full) : { ...options.from.pre, start };
  const x = new Float64Array(n);
  let z = new Float64Array(n);
  let hessian = options.from?.optimum.certificate.hessian ?? null;
  for (let round = 1; ; round++) {
    const optimum: CertifiedMinimum | null = search(objective, pre, z, hessian, options);
    if (optimum === null) return null;
    z = Float64Array.from(optimum.state.x);
    hessian = optimum.certificate.hessian;
    pointInto(x, pre, z);
    applyWhole(model, objective.expand(x));
    const { value } = optimum.state;
    const last = round >= options.rounds || !Number.isFinite(value);
    if (!last) eStep.adapt();
    const found = objective.evaluate(x, null);
    if (last || Math.abs(found - value) < settled * Math.max(1, Math.abs(value) * 1e-3))
      return { optimum, pre, x, value: found, deviance: objective.deviance() };
  }
}

function search(
  objective: EmObjective,
  pre: Preconditioner,
  start: Float64Array,
  hessian: Float64Array | null,
  options: FinishOptions,
): CertifiedMinimum | null {
  const x = new Float64Array(start.length);
  let value = Number.POSITIVE_INFINITY;
  const known = hessian?.every(Number.isFinite) ? hessian : 1;
  const iteration = minimizeCertified(preconditioned(objective, pre), start, {
    tolerance: decrementGoal,
    decrement: decrementGoal,
    polishTo: 1e-6,
    initialRadius: 2,
    initialHessian: known,
    gradientNoise: 1e-11,
    differences: options.cheapHessian ? 'forward' : 'central',
    maxEvaluations: options.maxEvaluations,
  });
  for (;;) {
    const next = iteration.next();
    if (next.done) return next.value;
    options.onStep?.(next.value);
    if (options.isHopeless === undefined || !(next.value.value < value)) continue;
    value = next.value.value;
    pointInto(x, pre, Float64Array.from(next.value.x));
    applyWhole(objective.eStep.model, objective.expand(x));
    if (options.isHopeless()) return null;
  }
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
