import type { LmmWork } from '../lmm-work.js';
import { profiledDeviance } from '../profiled-deviance.js';

/** Standard deviations of Lambda, relative to sigma, that are tried where the usual start has no density. */
const sizes = [0.3, 3, 0.1, 10, 0.03, 30, 0.01, 100];

/** The start itself, or one at which every prior has a density; the start again where none is found. */
export function feasibleStart(work: LmmWork, start: Float64Array): Float64Array {
  if (work.priors === null || Number.isFinite(profiledDeviance(work, start))) return start;
  for (const size of sizes) {
    const tried = start.slice();
    for (const b of work.layout.blocks) {
      b.model.startInto(tried, b.thetaStart, b.size);
      b.model.scaleInto(tried, b.thetaStart, b.size, new Float64Array(Math.max(1, b.size)).fill(size));
    }
    if (Number.isFinite(profiledDeviance(work, tried))) return tried;
  }
  return start;
}
