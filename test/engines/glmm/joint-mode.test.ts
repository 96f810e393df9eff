import { describe, expect, test } from 'vitest';
import { glmmProblem } from '../../../src/engines/glmm/fit-glmm.js';
import { startInto } from '../../../src/engines/glmm/start.js';
import { simulatedModels } from './simulated-models.js';

/** A mode is where a Newton step gains less than 1e-13: value and gradient then agree to about the root of what is left. */
const sameValue = 1e-9;
const sameGradient = 1e-6;

/** There is one mode, wherever the search comes from; under a square-root link there is one for either sign. */
const models = simulatedModels().filter(
  (m) => /bernoulli|binomial|poisson|gamma|cumulative/.test(m.program) && !/sqrt/.test(m.program),
);

describe('modes that are found with the factor of another point', () => {
  test.each(models.map((m) => [m.name, m] as const))('are those found from zero: %s', (_name, model) => {
    const { graph, design } = model.bind();
    const { objective, space, work } = glmmProblem(graph, design);
    startInto(work, space);
    const start = Float64Array.from(space.free, (i) => space.full[i]);
    for (const distance of [0, 1e-5, 1e-3, 0.05, 0.5]) {
      const x = start.map((v, k) => v + distance * Math.cos(3 * k + 1));
      const near = new Float64Array(x.length);
      const value = objective.evaluate(x, near);
      if (!Number.isFinite(value)) continue;
      const memory = objective.memory();
      objective.forget();
      work.u.fill(0);
      const far = new Float64Array(x.length);
      expect(Math.abs(objective.evaluate(x, far) - value)).toBeLessThan(sameValue * (1 + Math.abs(value)));
      near.forEach((g, k) => {
        expect(Math.abs(g - far[k]) / (1 + Math.abs(far[k]))).toBeLessThan(sameGradient);
      });
      objective.recall(memory);
    }
  });

  test.each(models.slice(0, 6).map((m) => [m.name, m] as const))('cost few looks at the rows: %s', (_name, model) => {
    const { graph, design } = model.bind();
    const { objective, space, work } = glmmProblem(graph, design);
    startInto(work, space);
    const x = Float64Array.from(space.free, (i) => space.full[i]);
    const gradient = new Float64Array(x.length);
    objective.evaluate(x, gradient);
    const before = work.at.modeIterations;
    // the same point again is not looked at at all
    objective.evaluate(x, gradient);
    expect(work.at.modeIterations).toBe(before);
    x[0] += 1e-5;
    objective.evaluate(x, gradient);
    // at the old mode, after one step, and once more where that was made without all derivatives
    expect(work.at.modeIterations - before).toBeLessThanOrEqual(4);
  });
});
