import { describe, expect, test } from 'vitest';
import { nelderMead, type SimplexState } from '../../src/optim/nelder-mead.js';
import { runToEnd } from '../../src/optim/quasi-newton.js';
import { rosenbrock } from './problems.js';

describe('nelderMead', () => {
  test('finds the minimum of Rosenbrock in four dimensions without a gradient', () => {
    const problem = rosenbrock(4);
    const end = runToEnd(nelderMead((x) => problem.evaluate(x, null), Float64Array.of(-1.2, 1, -1.2, 1)));
    expect(end.status).toBe('converged');
    expect(end.values[0]).toBeLessThan(1e-8);
  });

  test('a corner that is not finite is left', () => {
    const end = runToEnd(
      nelderMead((x) => x[0] - Math.log(x[0]), Float64Array.of(0.05), { edges: Float64Array.of(-0.1) }),
    );
    expect(end.corners[0][0]).toBeCloseTo(1, 4);
  });

  test('a kink does not stop it', () => {
    const end = runToEnd(nelderMead((x) => Math.abs(x[0] - 3) + 2 * Math.abs(x[1] + 1), Float64Array.of(0, 0)));
    expect(end.corners[0][0]).toBeCloseTo(3, 6);
    expect(end.corners[0][1]).toBeCloseTo(-1, 6);
  });

  test('a state resumed has the same iterates', () => {
    const f = (x: Float64Array) => rosenbrock(2).evaluate(x, null);
    const whole = [...nelderMead(f, Float64Array.of(-1.2, 1))];
    const rest = [...nelderMead(f, whole[20] as SimplexState)];
    expect(rest).toEqual(whole.slice(21));
  });
});
