import { describe, expect, test } from 'vitest';
import { NewtonSteps } from '../../src/optim/newton-steps.js';
import type { SmoothProblem } from '../../src/optim/problem.js';
import { counted, quadratic, rosenbrock } from './problems.js';

/** Rosenbrock's valley with its Hessian. */
function valley(): SmoothProblem & { readonly count: () => number } {
  return counted({
    ...rosenbrock(2),
    hessian(x, into) {
      into[0] = 2 - 400 * (x[1] - x[0] ** 2) + 800 * x[0] ** 2;
      into[1] = -400 * x[0];
      into[2] = -400 * x[0];
      into[3] = 200;
    },
  });
}

/** x^4 / 4 - x^2 / 2 + y^2 / 2: minima at x = 1 and -1, a saddle between them. */
const twoWells: SmoothProblem = {
  dimension: 2,
  evaluate([x, y], gradient) {
    if (gradient !== null) {
      gradient[0] = x ** 3 - x;
      gradient[1] = y;
    }
    return x ** 4 / 4 - x ** 2 / 2 + y ** 2 / 2;
  },
  hessian([x], into) {
    into.set([3 * x ** 2 - 1, 0, 0, 1]);
  },
};

const options = { tolerance: 1e-14, maxEvaluations: 100 };

describe('Newton steps', () => {
  test('solve a quadratic in one step', () => {
    const problem = counted(quadratic(Float64Array.of(2, 0.5, 0.5, 1), Float64Array.of(0.1, -0.2)));
    const newton = new NewtonSteps(2);
    expect(newton.run(problem, new Float64Array(2), options)).toBe(true);
    expect(newton.x[0]).toBeCloseTo(0.1, 12);
    expect(newton.x[1]).toBeCloseTo(-0.2, 12);
    expect(newton.evaluations).toBe(2);
    expect(problem.count()).toBe(2);
  });

  test('follow a valley, within the trust region, and end where the problem was evaluated last', () => {
    const problem = valley();
    let latest = new Float64Array(2);
    const watched: SmoothProblem = {
      ...problem,
      evaluate(x, gradient) {
        latest = Float64Array.from(x);
        return problem.evaluate(x, gradient);
      },
    };
    const newton = new NewtonSteps(2);
    expect(newton.run(watched, Float64Array.of(-1.2, 1), options)).toBe(true);
    expect(newton.x[0]).toBeCloseTo(1, 7);
    expect(newton.x[1]).toBeCloseTo(1, 7);
    expect(latest).toEqual(newton.x);
    expect(newton.evaluations).toBe(problem.count());
    expect(newton.evaluations).toBeLessThan(40);
  });

  test('leave a place where the curvature is negative', () => {
    const newton = new NewtonSteps(2);
    expect(newton.run(twoWells, Float64Array.of(0.05, 0.7), options)).toBe(true);
    expect(newton.x[0]).toBeCloseTo(1, 7);
    expect(newton.x[1]).toBeCloseTo(0, 7);
    expect(newton.value).toBeCloseTo(-0.25, 12);
  });

  test('do not take a saddle for a minimum', () => {
    const newton = new NewtonSteps(2);
    expect(newton.run(twoWells, Float64Array.of(0, 0.7), options)).toBe(false);
  });

  test('say that evaluations ran out, and that the start lies outside of the domain', () => {
    const newton = new NewtonSteps(2);
    expect(newton.run(valley(), Float64Array.of(-1.2, 1), { ...options, maxEvaluations: 5 })).toBe(false);
    const nowhere: SmoothProblem = { ...twoWells, evaluate: () => Number.POSITIVE_INFINITY };
    expect(newton.run(nowhere, new Float64Array(2), options)).toBe(false);
  });

  test('come back from steps out of the domain', () => {
    // -log x + x, whose Newton step from 1.95 leads below zero
    const barrier: SmoothProblem = {
      dimension: 1,
      evaluate([x], gradient) {
        if (!(x > 0)) return Number.POSITIVE_INFINITY;
        if (gradient !== null) gradient[0] = 1 - 1 / x;
        return x - Math.log(x);
      },
      hessian([x], into) {
        into[0] = 1 / (x * x);
      },
    };
    const newton = new NewtonSteps(1);
    expect(newton.run(barrier, Float64Array.of(2.5), { ...options, radius: 10 })).toBe(true);
    expect(newton.x[0]).toBeCloseTo(1, 7);
  });
});
