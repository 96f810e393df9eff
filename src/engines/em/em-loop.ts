import type { PenaltyTerm } from '../glmm/objective.js';
import type { EStep } from './e-step.js';
import { applyWhole } from './em-model.js';
import { mStep } from './m-step.js';

export interface EmRun {
  /** The whole vector with the lowest objective, and that objective. */
  readonly full: Float64Array;
  readonly value: number;
  readonly iterations: number;
  readonly trace: readonly number[];
}

export interface EmLoopOptions {
  readonly iterations: number;
  /** Stop where a round lowers the objective by less. */
  readonly tolerance: number;
  /** Place the points anew before every E-step; else they stay where they are. */
  readonly adaptive: boolean;
  onIteration?(iteration: number, value: number): void;
}

const mostHalvings = 6;
/** Points that are placed anew change the value of the same parameters by as much. */
const adaptiveSlack = 1e-2;

/**
 * EM rounds, each an E-step and an M-step [EM-6]; a step after which the objective is higher is halved, so that with points
 * that stay the objective never rises.
 */
export function emLoop(
  eStep: EStep,
  penalties: readonly PenaltyTerm[],
  start: Float64Array,
  options: EmLoopOptions,
): EmRun {
  const { model } = eStep;
  const at = start.slice();
  const best = start.slice();
  let value = Number.POSITIVE_INFINITY;
  const trace: number[] = [];
  let halvings = 0;
  let iterations = 0;
  while (iterations < options.iterations) {
    iterations++;
    applyWhole(model, at);
    if (options.adaptive) eStep.adapt();
    let found = -2 * eStep.run(2);
    for (const term of penalties) found += term.evaluate(at, null);
    const slack = options.adaptive ? adaptiveSlack : 1e-10 * (1 + Math.abs(value));
    if (!(found <= value + (trace.length > 0 ? slack : 0))) {
      if (trace.length === 0 || halvings >= mostHalvings) break;
      halvings++;
      for (let i = 0; i < at.length; i++) at[i] = (at[i] + best[i]) / 2;
      continue;
    }
    halvings = 0;
    const gain = value - found;
    best.set(at);
    value = Math.min(found, value);
    trace.push(found);
    options.onIteration?.(trace.length, found);
    if (gain < options.tolerance) break;
    mStep(eStep, penalties, at);
  }
  return { full: best, value, iterations, trace };
}
