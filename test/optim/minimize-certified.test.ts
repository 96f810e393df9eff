import { describe, expect, test } from 'vitest';
import { certify } from '../../src/optim/certify.js';
import { endState, minimizeCertified } from '../../src/optim/minimize-certified.js';
import { loadOptimizerState, saveOptimizerState } from '../../src/optim/optimizer-state.js';
import { polish } from '../../src/optim/polish.js';
import type { OptimizerState, SmoothProblem } from '../../src/optim/problem.js';
import { counted, covarianceProblem, rosenbrock } from './problems.js';

function run(problem: SmoothProblem, start: Float64Array | OptimizerState, options = {}) {
  const iteration = minimizeCertified(problem, start, options);
  const states: OptimizerState[] = [];
  for (;;) {
    const next = iteration.next();
    if (next.done) return { ...next.value, states };
    states.push(next.value);
  }
}

/** Even in both coordinates: a saddle at the origin, minima at (+-1, +-sqrt(1/2)) with value -1.5. */
const even: SmoothProblem = {
  dimension: 2,
  evaluate(x, gradient) {
    const a = x[0] ** 2;
    const b = x[1] ** 2;
    if (gradient) {
      gradient[0] = 4 * x[0] * (a - 1);
      gradient[1] = 4 * x[1] * (2 * b - 1);
    }
    return a * a - 2 * a + 2 * b * b - 2 * b;
  },
};

describe('certify', () => {
  test('with nothing to search for there is nothing to gain', () => {
    const none = new Float64Array(0);
    const found = certify({ dimension: 0, evaluate: () => 3 }, none);
    expect([found.value, found.gradientMax, found.decrement, found.flat]).toEqual([3, 0, 0, 0]);
    expect(found.negativeCurvature).toBeNull();
    expect(found.eigenvalues).toHaveLength(0);
  });

  test('the Hessian of Rosenbrock at its minimum, from differences', () => {
    const found = certify(rosenbrock(2), Float64Array.of(1, 1));
    const exact = [802, -400, -400, 200];
    exact.forEach((v, k) => {
      expect(Math.abs(found.hessian[k] - v)).toBeLessThan(1e-5);
    });
    expect(found.evaluations).toBe(5);
    expect(found.decrement).toBeLessThan(1e-18);
    expect(found.negativeCurvature).toBeNull();
    // characteristic polynomial: l^2 - 1002 l + 400
    expect(found.eigenvalues[1]).toBeCloseTo(501 + Math.sqrt(501 ** 2 - 400), 4);
  });

  test('the decrement is what a Newton step gains', () => {
    const problem: SmoothProblem = {
      dimension: 1,
      evaluate(x, gradient) {
        if (gradient) gradient[0] = 6 * (x[0] - 2);
        return 3 * (x[0] - 2) ** 2;
      },
    };
    expect(certify(problem, Float64Array.of(2.1)).decrement).toBeCloseTo(0.03, 8);
    expect(certify(problem, Float64Array.of(2.1), { differences: 'forward' }).evaluations).toBe(2);
  });

  test('a saddle shows its direction of negative curvature', () => {
    const found = certify(even, Float64Array.of(0, Math.SQRT1_2));
    expect(Math.abs(found.negativeCurvature?.[0] ?? 0)).toBeGreaterThan(0);
    expect(Math.abs(found.negativeCurvature?.[1] ?? 1)).toBeLessThan(1e-6);
  });

  test('at the edge of the domain the differences are one-sided; beyond it the certificate fails', () => {
    const halfLine: SmoothProblem = {
      dimension: 1,
      evaluate(x, gradient) {
        if (gradient) gradient[0] = x[0];
        return x[0] < 0 ? Number.NaN : x[0] ** 2 / 2;
      },
    };
    expect(certify(halfLine, Float64Array.of(0)).hessian[0]).toBeCloseTo(1, 6);
    const point: SmoothProblem = { dimension: 1, evaluate: (x) => (x[0] === 0 ? 0 : Number.NaN) };
    expect(certify(point, Float64Array.of(0)).decrement).toBeNaN();
  });

  test('counts flat directions', () => {
    const flat: SmoothProblem = {
      dimension: 2,
      evaluate(x, gradient) {
        if (gradient) gradient.set([2 * x[0], 0]);
        return x[0] ** 2;
      },
    };
    const found = certify(flat, Float64Array.of(0, 7));
    expect(found.flat).toBe(1);
    expect(found.decrement).toBe(0);
  });
});

describe('polish', () => {
  test('drives the gradient to rounding error', () => {
    const near = Float64Array.of(1.0001, 1.0001);
    const found = polish(rosenbrock(2), near, Float64Array.of(802, -400, -400, 200), { target: 1e-12 });
    expect(Math.max(...found.at.gradient.map(Math.abs))).toBeLessThan(1e-11);
  });
});

describe('minimizeCertified', () => {
  test('leaves the saddle at the origin, twice', () => {
    const found = run(even, new Float64Array(2));
    expect(found.state.status).toBe('converged');
    expect(found.state.escapes).toBeGreaterThan(0);
    expect(found.state.value).toBeCloseTo(-1.5, 12);
    expect(found.certificate.eigenvalues[0]).toBeGreaterThan(0);
    expect(found.certificate.gradientMax).toBeLessThan(1e-9);
  });

  test('a mixed-model covariance started at zero, where the deviance is even, finds the minimum', () => {
    const sample = Float64Array.of(3, 1, 1, 2);
    const found = run(covarianceProblem(sample, 2, 10), new Float64Array(3));
    expect(found.state.value).toBeCloseTo(10 * (Math.log(5) + 2), 9);
    expect(found.certificate.decrement).toBeLessThan(1e-16);
  });

  test('a singular covariance (no variance beyond I in one direction) is a certified minimum', () => {
    const sample = Float64Array.of(3, 0, 0, 0.5);
    const found = run(covarianceProblem(sample, 2, 10), Float64Array.of(1, 0.3, 1));
    expect(found.state.value).toBeCloseTo(10 * (Math.log(3) + 1 + 0.5), 9);
    expect(found.certificate.negativeCurvature).toBeNull();
    expect(found.certificate.decrement).toBeLessThan(1e-9);
  });

  test('where all is flat, rounding errors are no saddle', () => {
    const flat: SmoothProblem = {
      dimension: 1,
      evaluate(x, gradient) {
        if (gradient) gradient[0] = -1e-15 * Math.sin(1e9 * x[0]);
        return 3;
      },
    };
    for (const start of [0.1, 0.5, 1, 2]) {
      const found = run(flat, Float64Array.of(start));
      expect(found.certificate.negativeCurvature).toBeNull();
      expect(found.state.value).toBe(3);
    }
  });

  test('counts every evaluation', () => {
    const problem = counted(rosenbrock(2));
    const found = run(problem, Float64Array.of(-1.2, 1));
    expect(found.state.evaluations).toBe(problem.count());
    expect(found.certificate.gradientMax).toBeLessThan(1e-9);
  });

  test('resumed from any saved state it ends at the same numbers', () => {
    const whole = run(even, Float64Array.of(0, 0.1));
    for (const cut of [0, 3, whole.states.length - 3]) {
      const state = whole.states[cut];
      const saved = loadOptimizerState(JSON.parse(JSON.stringify(saveOptimizerState(state))));
      const iteration = minimizeCertified(even, saved);
      let next = iteration.next();
      while (!next.done) next = iteration.next();
      expect(next.value.state.x).toEqual(whole.state.x);
      expect(next.value.state.value).toBe(whole.state.value);
    }
  });

  test('a start outside the domain is returned with a certificate that says nothing', () => {
    const nowhere: SmoothProblem = { dimension: 1, evaluate: () => Number.NaN };
    const found = run(nowhere, Float64Array.of(1));
    expect(found.state.status).toBe('stalled');
    expect(found.certificate.decrement).toBeNaN();
  });
});

test('a search goes on from where other steps ended', () => {
  const problem = rosenbrock(2);
  const x = Float64Array.of(0.9, 0.8);
  const certificate = certify(problem, x);
  const state = endState(x, certificate, 4);
  expect([state.value, state.evaluations, state.status]).toEqual([certificate.value, 4, 'converged']);
  const { state: found } = run(problem, { ...state, status: 'running' });
  for (const v of found.x) expect(Math.abs(v - 1)).toBeLessThan(1e-4);
  expect(found.evaluations).toBeGreaterThan(4);
});
