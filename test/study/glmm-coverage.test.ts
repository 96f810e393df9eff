import { expect, test } from 'vitest';
import { type Covered, coverOnce, settings } from './glmm-coverage.js';

// The whole study, 1000 data sets of each setting, is `npm run study:glmm`.
test.each(settings)(
  '$label: intervals contain the truth about as often as they should',
  { timeout: 60_000 },
  (setting) => {
    const sets = 12;
    const runs = Array.from({ length: sets }, (_, seed) => coverOnce(setting, 5000 + seed)).flat();
    const misses = (of: (c: Covered) => boolean | null) => runs.filter((c) => of(c) === false).length;
    expect(runs.some((c) => c.profile === null)).toBe(false);
    // of 48 intervals 2.4 are expected to miss; more than 9 would happen once in twenty thousand times
    expect(misses((c) => c.profile)).toBeLessThanOrEqual(9);
    expect(misses((c) => c.wald)).toBeLessThanOrEqual(9);
  },
);
