import { expect, test } from 'vitest';
import { findOptimum, isConverged, leavesNothing } from '../../../src/engines/lmm/find-optimum.js';
import { createWork } from '../../../src/engines/lmm/lmm-work.js';
import { optimizeLmm } from '../../../src/engines/lmm/optimize-lmm.js';
import { startTheta } from '../../../src/engines/lmm/start-theta.js';
import { drain } from './drain.js';
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
