import { describe, expect, test } from 'vitest';
import { createWork } from '../../../src/engines/lmm/lmm-work.js';
import { perRow } from '../../../src/engines/lmm/optimize-lmm.js';
import { startTheta } from '../../../src/engines/lmm/start-theta.js';
import { differenceHessian } from '../../../src/optim/certify.js';
import { random, shapes } from './shapes.js';

/** Relative to the largest entry, or to one per row where all are smaller (a deviance has no units): central differences of an exact gradient have nine or ten digits of it. */
const differenceTolerance = 1e-7;

/** How far the Hessian is from differences of the gradient; null where the model has none. */
function worstError(work: ReturnType<typeof createWork>, theta: Float64Array): number | null {
  const problem = perRow(work);
  if (problem.hessian === undefined) return null;
  const n = theta.length;
  const exact = new Float64Array(n * n);
  problem.hessian(theta, exact);
  const gradient = new Float64Array(n);
  problem.evaluate(theta, gradient);
  const { hessian } = differenceHessian(problem, theta, gradient);
  const largest = Math.max(1 / work.model.rows, ...hessian.map(Math.abs));
  return Math.max(...exact.map((v, k) => Math.abs(v - hessian[k]))) / largest;
}

describe.each([true, false])('exact Hessian against differences of the gradient, REML %s', (reml) => {
  const withHessian: string[] = [];
  test.each(shapes())('$name', ({ name, model }) => {
    const work = createWork(model, { reml, fixedSigma: null });
    const start = startTheta(work);
    const atStart = worstError(work, start);
    if (atStart === null) return;
    withHessian.push(name);
    expect(atStart).toBeLessThan(differenceTolerance);
    const { normal } = random('theta');
    const scattered = start.map(() => normal());
    expect(worstError(work, scattered)).toBeLessThan(differenceTolerance);
    // singular: one parameter after the other at zero, then all of them
    for (let p = 0; p < start.length; p++)
      expect(
        worstError(
          work,
          start.map((v, k) => (k === p ? 0 : v + 0.1)),
        ),
      ).toBeLessThan(differenceTolerance);
    expect(worstError(work, new Float64Array(start.length))).toBeLessThan(differenceTolerance);
  });

  test('nested, crossed, diagonal and compound symmetric models have one', () => {
    for (const name of [
      'correlated slope',
      'independent columns',
      'crossed, with a slope',
      'nested',
      'two blocks of one factor',
      'compound symmetry',
    ])
      expect(withHessian).toContain(name);
  });
});

test('a known sigma', () => {
  for (const { model } of shapes().slice(0, 6)) {
    const work = createWork(model, { reml: true, fixedSigma: 1.3 });
    expect(worstError(work, startTheta(work))).toBeLessThan(differenceTolerance);
  }
});
