import { flopCount } from '../../kernels/block-cholesky.js';
import { hessianFlops } from './exact-hessian.js';
import type { LmmWork } from './lmm-work.js';
import { hasNearbyModel } from './nearby-model.js';

/**
 * How a minimum is looked for: by Newton's steps with the exact Hessian [LMM-17], from minimum to minimum of models of the deviance
 * [LMM-18], or by quasi-Newton steps that begin with the average information [LMM-11].
 */
export interface SearchPlan {
  readonly method: 'newton' | 'model' | 'quasi-newton';
  /** Where the Hessian at the end comes from. */
  readonly hessian: 'exact' | 'forward' | 'central';
  /** An evaluation costs so much that what is left to gain is taken by Newton steps with the Hessian at hand. */
  readonly dear: boolean;
}

/** Evaluations that each takes, as seen on random designs of all sizes; quasi-Newton one more per parameter. */
const newtonSteps = 6;
const modelSteps = 4;
const quasiNewtonSteps = 8;
/** An evaluation of more floating-point operations is dear. */
const costly = 2e8;
/** More parameters have their Hessian by one-sided differences: half the evaluations, and seven digits instead of nine. */
const many = 4;
/** A Hessian of fewer operations costs nothing that anybody notices. */
const nothing = 2e5;

/** What a search is asked that the model does not tell. */
export interface SearchTask {
  /** Something is added to the deviance, of which only the gradient is known. */
  readonly term?: boolean;
  /** The minimum may be looked for from afar. */
  readonly fresh?: boolean;
}

/** Chooses by predicted cost, in floating-point operations. */
export function planSearch(work: LmmWork, { term = false, fresh = false }: SearchTask = {}): SearchPlan {
  const { parameters: n } = work;
  const flops = flopCount(work.chol);
  const gradient = flops.factor + flops.inverse;
  const dear = gradient > costly;
  const differences = dear || n > many ? 'forward' : 'central';
  const byDifferences = (differences === 'forward' ? n : 2 * n) * gradient;
  const own = term ? Number.POSITIVE_INFINITY : hessianFlops(work);
  const exact = own < Math.max(nothing, byDifferences);
  const last = exact ? own : byDifferences;
  const newton = own <= nothing ? 0 : newtonSteps * (gradient + own);
  const model =
    dear && fresh && !term && hasNearbyModel(work) ? modelSteps * gradient + last : Number.POSITIVE_INFINITY;
  const quasiNewton = (quasiNewtonSteps + n) * gradient + byDifferences;
  if (newton <= Math.min(model, quasiNewton)) return { method: 'newton', hessian: 'exact', dear };
  if (model <= quasiNewton) return { method: 'model', hessian: exact ? 'exact' : differences, dear };
  return { method: 'quasi-newton', hessian: differences, dear };
}
