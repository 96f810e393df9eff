import type { PenaltyTerm } from '../glmm/objective.js';
import type { EStep } from './e-step.js';
import { applyWhole } from './em-model.js';
import { mStep } from './m-step.js';
import { watchDraws } from './sampling-quality.js';

export interface EmRun {
  /** The whole vector with the lowest objective, and that objective. */
  readonly full: Float64Array;
  readonly value: number;
  /** Class probabilities of the groups there: groups x K. */
  readonly p: Float64Array;
  readonly iterations: number;
  readonly trace: readonly number[];
  /** Whether it is among the runs that went on after the first rounds. */
  readonly wentOn: boolean;
}

export interface EmLoopOptions {
  readonly iterations: number;
  /** Stop where a round lowers the objective by less. */
  readonly tolerance: number;
  /** Place the points anew before every E-step; else they stay where they are. */
  readonly adaptive: boolean;
  /** Stop where what is gained cannot be told from the error of the draws [EM-8]. */
  readonly untilNoise?: boolean;
  /** @param effective  fewest effective draws of a group and class; null where nothing is sampled */
  onIteration?(iteration: number, value: number, effective: number | null): void;
}

/** Normal quantile of a one-sided confidence of 95 %. */
const confident = 1.645;
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
  const p = new Float64Array(eStep.p.length);
  let value = Number.POSITIVE_INFINITY;
  const trace: number[] = [];
  let halvings = 0;
  let halves: Float64Array | null = null;
  let iterations = 0;
  while (iterations < options.iterations) {
    iterations++;
    applyWhole(model, at);
    if (options.adaptive) eStep.adapt();
    const watch = options.onIteration === undefined ? null : watchDraws(eStep);
    let found = -2 * eStep.run(2, watch?.visit);
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
    const noise = options.untilNoise ? 2 * noiseOfGain(halves, eStep.halves) : 0;
    halves = eStep.halves.slice();
    best.set(at);
    p.set(eStep.p);
    value = Math.min(found, value);
    trace.push(found);
    options.onIteration?.(trace.length, found, watch?.least() ?? null);
    if (gain < options.tolerance || gain < confident * noise) break;
    mStep(eStep, penalties, at);
  }
  return { full: best, value, p, iterations, trace, wentOn: false };
}

/** Standard error of a gain in log-likelihood, from the two halves of each group's draws. */
function noiseOfGain(before: Float64Array | null, after: Float64Array): number {
  if (before === null) return 0;
  let square = 0;
  for (let g = 0; g < after.length; g += 2) {
    const difference = (after[g] - before[g] - (after[g + 1] - before[g + 1])) / 2;
    if (Number.isFinite(difference)) square += difference * difference;
  }
  return Math.sqrt(square);
}
