import { describe, expect, test } from 'vitest';
import { devianceGradient } from '../../../src/engines/lmm/deviance-gradient.js';
import { createWork, type LmmWork } from '../../../src/engines/lmm/lmm-work.js';
import { optimizeLmm } from '../../../src/engines/lmm/optimize-lmm.js';
import { profiledDeviance } from '../../../src/engines/lmm/profiled-deviance.js';
import { startTheta } from '../../../src/engines/lmm/start-theta.js';
import { drain } from './drain.js';
import { residualShapes } from './residual-shapes.js';
import { random } from './shapes.js';

/** Relative to the gradient, or to one where it is smaller: a deviance has no units. */
const gradientTolerance = 1e-6;

/** Central differences with one step of Richardson's extrapolation: error of order h^4. */
function differences(work: LmmWork, theta: Float64Array): number[] {
  const at = (p: number, h: number): number => {
    const moved = theta.slice();
    moved[p] += h;
    return profiledDeviance(work, moved);
  };
  const central = (p: number, h: number): number => (at(p, h) - at(p, -h)) / (2 * h);
  return Array.from(theta, (_, p) => (4 * central(p, 5e-4) - central(p, 1e-3)) / 3);
}

function worstError(work: LmmWork, theta: Float64Array): number {
  const gradient = new Float64Array(theta.length);
  profiledDeviance(work, theta);
  devianceGradient(work, gradient);
  return Math.max(...differences(work, theta).map((d, p) => Math.abs(d - gradient[p]) / Math.max(1, Math.abs(d))));
}

describe.each([true, false])('exact gradient by the residual parameters too, REML %s', (reml) => {
  test.each(residualShapes())('$name', ({ model }) => {
    const work = createWork(model, { reml, fixedSigma: null });
    const start = startTheta(work);
    expect(worstError(work, start)).toBeLessThan(gradientTolerance);
    const { normal } = random('phi');
    // next to a sigma of zero differences are no measure
    const spread = (model.residual?.scale?.link ?? 'log') === 'log' ? 0.3 : 0.1;
    for (let k = 0; k < 3; k++)
      expect(
        worstError(
          work,
          start.map((v) => v + spread * normal()),
        ),
      ).toBeLessThan(gradientTolerance);
    const found = drain(optimizeLmm(work, start));
    expect(found.certificate.gradientMax * model.rows).toBeLessThan(1e-6);
  });
});

test('a known sigma is not profiled', () => {
  for (const { model } of residualShapes().filter(({ name }) => name === 'ar1' || name.startsWith('cs,'))) {
    const work = createWork(model, { reml: true, fixedSigma: 1.3 });
    expect(worstError(work, startTheta(work))).toBeLessThan(gradientTolerance);
  }
});
