import { describe, expect, test } from 'vitest';
import { quadratureObstacle } from '../../../src/engines/glmm/agq.js';
import { glmmProblem } from '../../../src/engines/glmm/fit-glmm.js';
import { startInto } from '../../../src/engines/glmm/start.js';
import { simulatedModels } from './simulated-models.js';

/** Differences of fourth order of a deviance of some hundreds are good to this, relative to the gradient's size. */
const gradientTolerance = 1e-6;

function worstError(problem: ReturnType<typeof glmmProblem>): number {
  const { objective, space, work } = problem;
  startInto(work, space);
  const x = Float64Array.from(space.free, (i) => space.full[i]);
  // away from the start, whose random effects are as large as a row's error, and from the fit without them
  for (let k = 0; k < x.length; k++) x[k] += 0.1 * Math.cos(3 * k + 1);
  const gradient = new Float64Array(x.length);
  expect(objective.evaluate(x, gradient)).toBeLessThan(Number.POSITIVE_INFINITY);
  let worst = 0;
  for (let k = 0; k < x.length; k++) {
    const at = (steps: number) => {
      const moved = x.slice();
      moved[k] += steps * 1e-3;
      return objective.evaluate(moved, null);
    };
    const difference = (45 * (at(1) - at(-1)) - 9 * (at(2) - at(-2)) + (at(3) - at(-3))) / 60e-3;
    worst = Math.max(worst, Math.abs(difference - gradient[k]) / (1 + Math.abs(difference)));
  }
  return worst;
}

describe('exact gradients against differences', () => {
  test.each(simulatedModels().map((m) => [m.name, m] as const))('Laplace, %s', (_name, model) => {
    const { graph, design } = model.bind();
    expect(worstError(glmmProblem(graph, design))).toBeLessThan(gradientTolerance);
  });

  const singles = simulatedModels().filter((m) => !/ar1|item|sum/.test(m.program));
  test.each(singles.map((m) => [m.name, m] as const))('quadrature, %s', (_name, model) => {
    const { graph, design } = model.bind('agq(4)');
    const problem = glmmProblem(graph, design);
    expect(quadratureObstacle(problem.work.model, 4)).toBeNull();
    expect(problem.method).toBe('agq');
    expect(worstError(problem)).toBeLessThan(gradientTolerance);
  });
});
