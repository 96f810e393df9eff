import { describe, expect, test } from 'vitest';
import { recoverOnce, settings } from './mixture-recovery.js';

// The whole study, 200 data sets of each design, is `npm run study:mixtures`.
describe.each(settings.filter(({ groups }) => groups <= 100))('$label', (setting) => {
  test('mixtures are found again', { timeout: 60_000 }, () => {
    const sets = 5;
    const runs = Array.from({ length: sets }, (_, seed) => recoverOnce(setting, 5000 + seed, false));
    for (const run of runs) {
      expect(run.converged).toBe(true);
      expect(run.exchanged).toBe(false);
    }
    const intervals = runs.flatMap((run) => run.parameters.filter((p) => p.covered !== null));
    expect(intervals.length).toBe(5 * sets);
    // of 25 intervals 1.25 are expected to miss; more than 7 would happen once in thirty thousand times
    expect(intervals.filter((p) => p.covered === false).length).toBeLessThanOrEqual(7);
  });
});
