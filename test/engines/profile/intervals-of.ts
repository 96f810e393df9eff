import type { ProfileOptions } from '../../../src/engines/profile/profile-intervals.js';
import { profileIntervals } from '../../../src/engines/profile/profile-intervals.js';
import { profileSetOf } from '../../../src/engines/profile/profile-set-of.js';
import type { ConfidenceInterval, ConfidenceIntervals } from '../../../src/results/profile.js';
import type { Bound } from '../glmm/bind.js';

/** Profile intervals of a bound model, by the engine that is named. */
export function intervalsOf(
  { graph, design }: Bound,
  engine: 'lmm' | 'glmm',
  options: ProfileOptions = {},
): ConfidenceIntervals {
  const set = profileSetOf(graph, design, engine);
  if ('reason' in set) throw new Error(set.reason);
  return profileIntervals(set, options);
}

export function named(found: ConfidenceIntervals, name: string): ConfidenceInterval {
  const interval = found.intervals.find((i) => i.name === name);
  if (interval === undefined) throw new Error(`${name} is not among ${found.intervals.map((i) => i.name).join(', ')}`);
  return interval;
}
