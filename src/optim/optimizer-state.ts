import { InternalError } from '../diagnostics/internal-error.js';
import type { OptimizerState, OptimizerStatus } from './problem.js';

/** An `OptimizerState` with its arrays listed; numbers survive JSON exactly, those that are not finite become null. */
export interface SavedOptimizerState {
  readonly format: 'mm.optimizer/1';
  readonly iteration: number;
  readonly evaluations: number;
  readonly x: readonly (number | null)[];
  readonly value: number | null;
  readonly gradient: readonly (number | null)[];
  readonly hessian: readonly (number | null)[];
  readonly radius: number;
  readonly status: OptimizerStatus;
  readonly updates: number;
  readonly stalls: number;
  readonly escapes: number;
  readonly predicted: number | null;
}

export function saveOptimizerState(state: OptimizerState): SavedOptimizerState {
  return {
    format: 'mm.optimizer/1',
    iteration: state.iteration,
    evaluations: state.evaluations,
    x: Array.from(state.x, finiteOrNull),
    value: finiteOrNull(state.value),
    gradient: Array.from(state.gradient, finiteOrNull),
    hessian: Array.from(state.hessian, finiteOrNull),
    radius: state.radius,
    status: state.status,
    updates: state.updates,
    stalls: state.stalls,
    escapes: state.escapes,
    predicted: finiteOrNull(state.predicted),
  };
}

/** The inverse of `saveOptimizerState`; throws where the saved arrays do not fit together. */
export function loadOptimizerState(saved: SavedOptimizerState): OptimizerState {
  const n = saved.x.length;
  if (saved.format !== 'mm.optimizer/1' || saved.gradient.length !== n || saved.hessian.length !== n * n)
    throw new InternalError('loadOptimizerState: not a saved state of this version', saved.format);
  const { format: _, ...rest } = saved;
  return {
    ...rest,
    x: Float64Array.from(saved.x, numberOrNaN),
    value: numberOrNaN(saved.value),
    gradient: Float64Array.from(saved.gradient, numberOrNaN),
    hessian: Float64Array.from(saved.hessian, numberOrNaN),
    predicted: numberOrNaN(saved.predicted),
  };
}

function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

function numberOrNaN(value: number | null): number {
  return value ?? Number.NaN;
}
