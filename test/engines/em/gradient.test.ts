import { describe, expect, test } from 'vitest';
import { quadratureRule } from '../../../src/engines/em/node-rules.js';
import { mixtureModels } from './models.js';
import { bindMixture, draws } from './problem.js';
import { simulate } from './simulate.js';

/** Of central differences of an objective of some hundreds, relative to its slope. */
const differenceTolerance = 2e-6;
const columns = simulate({ groups: 12, rows: 6 });

function largestError(evaluate: (x: Float64Array, g: Float64Array | null) => number, x: Float64Array): number {
  const gradient = new Float64Array(x.length);
  evaluate(x, gradient);
  let largest = 0;
  for (const g of gradient) largest = Math.max(largest, Math.abs(g));
  let worst = 0;
  const at = x.slice();
  for (let i = 0; i < x.length; i++) {
    const h = 1e-4 * Math.max(1, Math.abs(x[i]));
    const value = (step: number) => {
      at[i] = x[i] + step;
      const v = evaluate(at, null);
      at[i] = x[i];
      return v;
    };
    // five points, so that the error is of fourth order
    const slope = (8 * (value(h) - value(-h)) - (value(2 * h) - value(-2 * h))) / (12 * h);
    worst = Math.max(worst, Math.abs(slope - gradient[i]) / Math.max(1, largest));
  }
  return worst;
}

describe('the gradient is that of the objective whose points stay', () => {
  test.each(mixtureModels.map((m) => [m.name, m.program] as const))('quadrature: %s', (_name, program) => {
    const { objective, x } = bindMixture(program, columns, quadratureRule(3));
    expect(largestError(objective.evaluate, x)).toBeLessThan(differenceTolerance);
  });

  test.each(mixtureModels.filter((m) => m.closed !== true).map((m) => [m.name, m.program] as const))(
    'draws: %s',
    (_name, program) => {
      const { objective, x } = bindMixture(program, columns, draws(12, 16));
      expect(largestError(objective.evaluate, x)).toBeLessThan(differenceTolerance);
    },
  );
});
