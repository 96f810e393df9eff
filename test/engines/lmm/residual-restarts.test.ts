import { expect, test } from 'vitest';
import { findOptimum, isConverged } from '../../../src/engines/lmm/find-optimum.js';
import { createWork } from '../../../src/engines/lmm/lmm-work.js';
import type { ModelRows } from '../../../src/engines/lmm/model-rows.js';
import { optimizeLmm } from '../../../src/engines/lmm/optimize-lmm.js';
import { errorGroups } from '../../../src/engines/lmm/residual/residual-rows.js';
import { startTheta } from '../../../src/engines/lmm/start-theta.js';
import { drain } from './drain.js';
import { handRows } from './hand-rows.js';
import { random } from './shapes.js';

/** Deviances closer than this are of one minimum. */
const sameMinimum = 1e-5;

/** Small data with a random intercept, serial errors that grow in time, and gaps. */
function smallModel(seed: string, structure: 'ar1' | 'car1'): ModelRows {
  const { normal, uniform } = random(seed);
  const groups = 8 + Math.floor(8 * uniform());
  const times = 3 + Math.floor(3 * uniform());
  const rho = 1.8 * uniform() - 0.9;
  const sd = uniform() < 0.3 ? 0 : 2 * uniform();
  const kept: { g: number; t: number }[] = [];
  const y: number[] = [];
  for (let g = 0; g < groups; g++) {
    const b = sd * normal();
    let e = normal();
    for (let t = 0; t < times; t++) {
      if (t > 0) e = rho * e + Math.sqrt(1 - rho * rho) * normal();
      if (t > 0 && uniform() < 0.15) continue;
      kept.push({ g, t });
      y.push(2 + 0.3 * t + b + e * (1 + 0.3 * t));
    }
  }
  const X = new Float64Array(2 * y.length).fill(1);
  kept.forEach((r, i) => {
    X[y.length + i] = r.t;
  });
  const codes = Int32Array.from(kept, (r) => r.g);
  const levels = Array.from({ length: groups }, (_, g) => String(g));
  const position = Float64Array.from(kept, (r) => r.t);
  const labels = Array.from({ length: times }, (_, t) => String(t));
  return {
    ...handRows({
      y,
      X: [y.map(() => 1), kept.map((r) => r.t)],
      blocks: [{ group: kept.map((r) => r.g) }],
    }),
    residual: {
      scale: { X, columns: 2, offset: null, link: 'log' },
      correlation: errorGroups(structure, { label: 'g', codes, levels }, position, labels),
    },
  };
}

test('no other start finds a better fit', () => {
  let second = 0;
  // two of these have a second minimum
  for (const seed of [0, 1, 2, 3, 4, 5, 6, 7, 68, 185]) {
    const model = smallModel(`small ${seed}`, seed % 2 === 0 ? 'ar1' : 'car1');
    const work = createWork(model, { reml: seed % 4 < 2, fixedSigma: null });
    const found = findOptimum(work, {});
    expect(isConverged(found, work), String(seed)).toBe(true);
    const { normal } = random(`elsewhere ${seed}`);
    const start = startTheta(work);
    for (let k = 0; k < 6; k++) {
      const other = drain(
        optimizeLmm(
          work,
          start.map((v, i) => (i < 2 ? 1.5 * normal() : v + normal() / 2)),
        ),
      );
      if (!isConverged(other, work)) continue;
      const gap = (found.state.value - other.state.value) * model.rows;
      expect(gap, `${seed}`).toBeLessThan(sameMinimum);
      if (gap < -sameMinimum) second++;
    }
  }
  expect(second).toBeGreaterThan(0); // there are other minima to fall into
});
