import { describe, expect, test } from 'vitest';
import { farStart } from '../../../src/engines/lmm/far-start.js';
import { findOptimum, isConverged, leavesNothing } from '../../../src/engines/lmm/find-optimum.js';
import { createWork } from '../../../src/engines/lmm/lmm-work.js';
import { optimizeLmm } from '../../../src/engines/lmm/optimize-lmm.js';
import { profiledDeviance } from '../../../src/engines/lmm/profiled-deviance.js';
import { startTheta } from '../../../src/engines/lmm/start-theta.js';
import { drain } from './drain.js';
import { type HandBlock, handRows } from './hand-rows.js';
import { randomDesign } from './random-designs.js';
import { random } from './shapes.js';

/** Deviance by which another start may end lower. */
const tolerance = 1e-6;

test('on random designs no random restart ends lower, and convergence is never denied falsely', () => {
  let looked = 0;
  for (let s = 0; s < 60; s++) {
    const model = randomDesign(`restart ${s}`);
    const work = createWork(model, { reml: s % 2 === 0, fixedSigma: null });
    const found = findOptimum(work, {});
    if (leavesNothing(work)) continue; // no maximum to be found
    expect(isConverged(found, work), `design ${s}`).toBe(true);
    const { normal } = random(`theta ${s}`);
    let best = Number.POSITIVE_INFINITY;
    for (let k = 0; k < 8; k++) {
      const start = startTheta(work).map(() => (k % 3 === 0 ? 3 : 1) * normal());
      const other = drain(optimizeLmm(work, start));
      if (!leavesNothing(work)) best = Math.min(best, other.state.value);
    }
    expect(found.state.value * model.rows, `design ${s}`).toBeLessThan(best * model.rows + tolerance);
    looked++;
  }
  expect(looked).toBeGreaterThan(50);
});

describe.each(['together', 'in blocks of their own'])(
  'independent effects of columns that are nearly alike, %s',
  (how) => {
    const rows = 400;
    const index = Array.from({ length: rows }, (_, i) => i);
    const one = index.map(() => 1);
    const group = index.map((i) => i % 5);
    const grid = [0, 0.1, 0.3, 1, 3, 10, 30, 100, 300, 1000, 3000];

    test.each([5, 50, 2000])('a covariate %s times as far from zero as it is spread', (far) => {
      const { normal } = random(`alike ${far}`);
      const slopes = [0.9, -1.1, 0.2, 1.4, -0.8];
      const x = index.map(() => far + normal());
      const y = index.map((i) => slopes[group[i]] * (x[i] - far) + normal());
      const blocks =
        how === 'together'
          ? [{ group, columns: [one, x], covariance: 'diag' as const }]
          : [{ group }, { group, columns: [x] }];
      const work = createWork(handRows({ y, X: [one, x], blocks }), { reml: true, fixedSigma: null });
      const found = findOptimum(work, {});
      expect(isConverged(found, work)).toBe(true);
      let lowest = Number.POSITIVE_INFINITY;
      for (const a of grid)
        for (const b of grid) lowest = Math.min(lowest, profiledDeviance(work, Float64Array.of(a, b)));
      expect(found.state.value * rows).toBeLessThan(lowest + tolerance);
      // slopes that differ so much cannot be overlooked
      expect(Math.abs(found.state.x[1])).toBeGreaterThan(1);
    });
  },
);

test('columns that are not alike, or the same, have no such start', () => {
  const { normal } = random('not alike');
  const group = Array.from({ length: 60 }, (_, i) => i % 6);
  const one = group.map(() => 1);
  const x = group.map(() => 1 + normal());
  const of = (blocks: HandBlock[]): Float64Array | null => {
    const work = createWork(handRows({ y: x.map(() => normal()), X: [one, x], blocks }), {
      reml: true,
      fixedSigma: null,
    });
    return farStart(work.layout, work.products.A, startTheta(work));
  };
  const far = x.map((v) => v + 100);
  expect(of([{ group, columns: [one, x], covariance: 'diag' }])).toBeNull();
  expect(of([{ group, columns: [one, far] }])).toBeNull(); // correlated
  expect(of([{ group }, { group }])).toBeNull();
  expect(of([{ group }, { group: group.map((g, i) => (g + i) % 4), columns: [far] }])).toBeNull(); // of another factor
  expect(of([{ group, columns: [one, far], covariance: 'diag' }])).not.toBeNull();
});
