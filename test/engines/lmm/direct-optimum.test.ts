import { describe, expect, test } from 'vitest';
import { devianceGradient } from '../../../src/engines/lmm/deviance-gradient.js';
import { directOptimum } from '../../../src/engines/lmm/direct-optimum.js';
import { createWork } from '../../../src/engines/lmm/lmm-work.js';
import { optimizeLmm } from '../../../src/engines/lmm/optimize-lmm.js';
import { profiledDeviance } from '../../../src/engines/lmm/profiled-deviance.js';
import { startTheta } from '../../../src/engines/lmm/start-theta.js';
import { drain } from './drain.js';
import { shapes } from './shapes.js';

/** Two searches for one minimum, in units of deviance. */
const same = 1e-9;
/** The gradient's rounding, and what Newton steps leave. */
const flat = 1e-7;

describe.each([true, false])('a direct search ends where the stepwise one does, REML %s', (reml) => {
  const known: string[] = [];
  test.each(shapes())('$name', ({ name, model }) => {
    const settings = { reml, fixedSigma: null };
    const work = createWork(model, settings);
    const found = directOptimum(work, startTheta(work));
    if (found === null) return;
    known.push(name);
    const other = createWork(model, settings);
    const stepwise = drain(optimizeLmm(other, startTheta(other)));
    const { rows } = model;
    expect((found.state.value - stepwise.state.value) * rows).toBeLessThan(same);
    // `work` stands there, by the factor of all levels
    expect(work.at.objective).toBeCloseTo(found.state.value * rows, 8);
    const gradient = new Float64Array(work.parameters);
    devianceGradient(work, gradient);
    for (const g of gradient) expect(Math.abs(g)).toBeLessThan(flat);
    // and it is a minimum
    expect(found.certificate.negativeCurvature).toBeNull();
    for (let p = 0; p < work.parameters; p++)
      for (const h of [0.01, -0.01]) {
        const beside = found.state.x.slice();
        beside[p] += h;
        expect(profiledDeviance(work, beside)).toBeGreaterThan(found.state.value * rows);
      }
  });

  test('crossed and nested factors have no classes of levels', () => {
    expect(known).toContain('correlated polynomial');
    expect(known).not.toContain('nested');
    expect(known.length).toBeGreaterThan(5);
  });
});
