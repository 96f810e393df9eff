import { InternalError } from '../../diagnostics/internal-error.js';
import { normalQuantile } from '../../kernels/special/normal.js';
import type { ConfidenceInterval, ConfidenceIntervals } from '../../results/profile.js';
import type { EngineOptions } from '../engine.js';
import type { ConstrainedProblem, ProfiledParameter } from './profile-problem.js';
import type { ProfileSet } from './profile-set.js';
import { type Traced, traceProfile } from './trace-profile.js';

export interface ProfileOptions extends Pick<EngineOptions, 'onProgress' | 'signal'> {
  readonly level?: number; // default 0.95
  /** Only the parameters of these names. */
  readonly only?: readonly string[];
  /** Points of each profile between the estimate and a limit that a plot should have at least. Default 0. */
  readonly between?: number;
}

/** Profile likelihood intervals of a set's parameters [PROF-1]. */
export function profileIntervals(set: ProfileSet, options: ProfileOptions = {}): ConfidenceIntervals {
  const level = options.level ?? 0.95;
  if (!(level > 0 && level < 1)) throw new InternalError('a confidence level lies between 0 and 1', level);
  const cutoff = normalQuantile((1 + level) / 2);
  const intervals: ConfidenceInterval[] = [];
  let evaluations = 0;
  let lowest = set.deviance;
  for (const { parameter, problem } of set.parameters) {
    if (options.only !== undefined && !options.only.includes(parameter.name)) continue;
    const held = problem();
    if (held === null) {
      intervals.push(undetermined(parameter));
      continue;
    }
    const before = evaluations;
    const traced = traceProfile(held, set.deviance, {
      cutoff,
      between: options.between ?? 0,
      onEvaluation(count, deviance) {
        options.signal?.throwIfAborted();
        const stage = `profile of ${parameter.name}`;
        options.onProgress?.({ stage, evaluations: before + count, objective: deviance });
      },
    });
    evaluations += traced.evaluations;
    lowest = Math.min(lowest, traced.lowest);
    intervals.push(shown(held, traced));
  }
  return {
    method: 'profile',
    level,
    criterion: set.criterion,
    penalised: set.penalised,
    deviance: set.deviance,
    intervals,
    evaluations,
    shortfall: set.deviance - lowest,
  };
}

/** Turns the working scale into the user's, which may run the other way. */
function shown(problem: ConstrainedProblem, traced: Traced): ConfidenceInterval {
  const { display, parameter } = problem;
  const points = traced.points.map(({ value, zeta }) => ({ value: display(value), zeta }));
  const forward = {
    lower: display(traced.lower),
    upper: display(traced.upper),
    lowerStatus: traced.lowerStatus,
    upperStatus: traced.upperStatus,
  };
  // what the search leaves of a standard deviation that is zero
  const atEnd = (end: number): boolean => Math.abs(problem.estimate - end) < 1e-6 * problem.typical;
  const estimate = [problem.lower, problem.upper].find(atEnd) ?? problem.estimate;
  const common = { ...parameter, estimate: display(estimate) };
  const first = points[0];
  const last = points[points.length - 1];
  if (first.value <= last.value) return { ...common, ...forward, points };
  return {
    ...common,
    lower: forward.upper,
    upper: forward.lower,
    lowerStatus: forward.upperStatus,
    upperStatus: forward.lowerStatus,
    points: points.map(({ value, zeta }) => ({ value, zeta: -zeta })).reverse(),
  };
}

/** The likelihood says nothing of it: every value will do. */
function undetermined(parameter: ProfiledParameter): ConfidenceInterval {
  return {
    ...parameter,
    estimate: Number.NaN,
    lower: -1,
    upper: 1,
    lowerStatus: 'boundary',
    upperStatus: 'boundary',
    points: [],
  };
}
