import { describe, expect, test } from 'vitest';
import { loadOptimizerState, saveOptimizerState } from '../../src/optim/optimizer-state.js';
import type { OptimizerState, SmoothProblem } from '../../src/optim/problem.js';
import { minimize, runToEnd } from '../../src/optim/quasi-newton.js';
import { counted, covarianceProblem, invert, quadratic, rosenbrock } from './problems.js';

function rotated(eigenvalues: readonly number[]): Float64Array {
  // A = H diag(eigenvalues) H with the Householder reflection H of a fixed vector
  const n = eigenvalues.length;
  const v = Float64Array.from({ length: n }, (_, i) => Math.sin(i + 1));
  const vv = v.reduce((t, x) => t + x * x, 0);
  const H = (i: number, j: number) => (i === j ? 1 : 0) - (2 * v[i] * v[j]) / vv;
  const A = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) for (let k = 0; k < n; k++) A[i + j * n] += H(i, k) * eigenvalues[k] * H(j, k);
  return A;
}

describe('minimize', () => {
  test('reaches the minimum of the Rosenbrock valley', () => {
    const problem = counted(rosenbrock(2));
    const end = runToEnd(minimize(problem, Float64Array.of(-1.2, 1), { tolerance: 1e-14 }));
    expect(end.status).toBe('converged');
    expect(end.x[0]).toBeCloseTo(1, 6);
    expect(end.x[1]).toBeCloseTo(1, 6);
    expect(end.evaluations).toBe(problem.count());
    expect(problem.count()).toBeLessThan(80);
  });

  test('a quadratic of ten eigenvalues from 1e-3 to 1e5 is solved to rounding error', () => {
    const eigenvalues = Array.from({ length: 10 }, (_, i) => 10 ** (-3 + (8 * i) / 9));
    const centre = Float64Array.from({ length: 10 }, (_, i) => i - 4);
    const { dimension, evaluate } = quadratic(rotated(eigenvalues), centre);
    const end = runToEnd(minimize({ dimension, evaluate }, new Float64Array(10), { tolerance: 1e-20 }));
    expect(end.value).toBeLessThan(1e-15);
    expect(end.evaluations).toBeLessThan(100);
  });

  test('rounding in slope and curvature leads nowhere', () => {
    for (const seed of [1, 2, 3]) {
      const noise = (x: number, size: number): number => size * Math.sin(1e6 * x + seed);
      const level: SmoothProblem = {
        dimension: 2,
        evaluate(x, gradient) {
          gradient?.set(x.map((v) => noise(v, 1e-15)));
          return 4 + noise(x[0], 4e-16);
        },
        hessian: (x, into) => into.set([noise(x[0], 3e-15), 0, 0, noise(x[1], -3e-15)]),
      };
      const end = runToEnd(minimize(level, Float64Array.of(0.1, 0.3), { tolerance: 1e-16 }));
      expect(end.status).toBe('converged');
      expect(Math.max(...end.x.map((v, i) => Math.abs(v - [0.1, 0.3][i])))).toBeLessThan(10);
      expect(end.evaluations).toBeLessThan(10);
    }
  });

  test('with the exact Hessian a quadratic takes one step inside the radius', () => {
    const problem = quadratic(rotated([1, 4, 9]), Float64Array.of(0.1, 0.2, 0.3));
    const end = runToEnd(minimize(problem, new Float64Array(3)));
    expect(end.status).toBe('converged');
    expect(end.evaluations).toBe(2);
  });

  test('with the exact Hessian Newton steps cross the Rosenbrock valley in 40 dimensions', () => {
    const plain = rosenbrock(40);
    const problem: SmoothProblem = {
      ...plain,
      hessian(x, into) {
        into.fill(0);
        for (let i = 0; i < 40; i += 2) {
          into[i + i * 40] = 2 - 400 * (x[i + 1] - x[i] ** 2) + 800 * x[i] ** 2;
          into[i + 1 + i * 40] = -400 * x[i];
          into[i + (i + 1) * 40] = -400 * x[i];
          into[i + 1 + (i + 1) * 40] = 200;
        }
      },
    };
    const start = Float64Array.from({ length: 40 }, (_, i) => (i % 2 === 0 ? -1.2 : 1));
    const end = runToEnd(minimize(problem, start, { tolerance: 1e-14 }));
    expect(end.status).toBe('converged');
    expect(end.value).toBeLessThan(1e-12);
    expect(end.evaluations).toBeLessThan(60);
  });

  test('the exact Hessian leaves a saddle where the gradient is zero', () => {
    // (x^2 - 1)^2 + y^2 has its saddle at the origin and minima at (+-1, 0)
    const problem: SmoothProblem = {
      dimension: 2,
      evaluate(x, gradient) {
        if (gradient) {
          gradient[0] = 4 * x[0] * (x[0] ** 2 - 1);
          gradient[1] = 2 * x[1];
        }
        return (x[0] ** 2 - 1) ** 2 + x[1] ** 2;
      },
      hessian(x, into) {
        into.set([12 * x[0] ** 2 - 4, 0, 0, 2]);
      },
    };
    const end = runToEnd(minimize(problem, new Float64Array(2)));
    expect(end.status).toBe('converged');
    expect(Math.abs(end.x[0])).toBeCloseTo(1, 6);
  });

  test('36 covariance parameters take about fifty evaluations', () => {
    const k = 8;
    const sample = new Float64Array(k * k);
    for (let i = 0; i < k; i++)
      for (let j = 0; j < k; j++) sample[i + j * k] = (i === j ? 1.5 + i : 0) + 0.7 ** Math.abs(i - j);
    const problem = counted(covarianceProblem(sample, k, 50));
    const start = new Float64Array(36);
    for (let j = 0, t = 0; j < k; t += k - j, j++) start[t] = 1;
    const end = runToEnd(minimize(problem, start));
    expect(end.status).toBe('converged');
    expect(problem.count()).toBeLessThan(60);
    // at the minimum I + L L' is the sample covariance itself
    expect(end.value).toBeCloseTo(50 * (invert(sample, k).logDet + k), 8);
  });

  test('a region of NaN between start and minimum is walked around by shorter steps', () => {
    // log barrier: undefined for x <= 0, minimum at x = 1; the first step of length 10 would leave the domain
    const problem: SmoothProblem = {
      dimension: 1,
      evaluate(x, gradient) {
        if (gradient) gradient[0] = 1 - 1 / x[0];
        return x[0] - Math.log(x[0]);
      },
    };
    const end = runToEnd(minimize(problem, Float64Array.of(5), { initialRadius: 10, tolerance: 1e-15 }));
    expect(end.status).toBe('converged');
    expect(end.x[0]).toBeCloseTo(1, 6);
  });

  test('a start outside the domain ends at once, and says so by its value', () => {
    const nowhere: SmoothProblem = { dimension: 1, evaluate: () => Number.NaN };
    const end = runToEnd(minimize(nowhere, Float64Array.of(0)));
    expect(end.status).toBe('stalled');
    expect(end.value).toBeNaN();
    expect(end.evaluations).toBe(1);
  });

  test('a large constant hides the decrease; the gradients still find the minimum', () => {
    const inner = rosenbrock(2);
    const problem = counted({ ...inner, evaluate: (x, g) => 1e9 + inner.evaluate(x, g) });
    const end = runToEnd(minimize(problem, Float64Array.of(1.001, 1), { tolerance: 1e-13 }));
    expect(Math.abs(end.x[0] - 1)).toBeLessThan(1e-4);
    expect(problem.count()).toBeLessThan(60);
    expect(end.status).not.toBe('limit');
  });

  test('a noisy objective stalls instead of running to the limit', () => {
    let calls = 0;
    const problem: SmoothProblem = {
      dimension: 2,
      evaluate(x, gradient) {
        calls++;
        const noise = 1e-9 * Math.sin(1e6 * calls);
        if (gradient) {
          gradient[0] = 2 * x[0] + noise;
          gradient[1] = 20 * x[1] - noise;
        }
        return 1000 + x[0] ** 2 + 10 * x[1] ** 2 + noise;
      },
    };
    const end = runToEnd(minimize(problem, Float64Array.of(1, 1), { tolerance: 1e-25 }));
    expect(end.status).toBe('stalled');
    expect(end.value - 1000).toBeLessThan(1e-8);
    expect(end.evaluations).toBeLessThan(100);
  });

  test('flat directions do not hinder convergence', () => {
    // depends on x0 + x1 only
    const problem: SmoothProblem = {
      dimension: 3,
      evaluate(x, gradient) {
        const s = x[0] + x[1] - 2;
        if (gradient) gradient.set([4 * s ** 3 + 2 * s, 4 * s ** 3 + 2 * s, 0]);
        return s ** 4 + s * s;
      },
    };
    const end = runToEnd(minimize(problem, Float64Array.of(3, 4, 5), { tolerance: 1e-14 }));
    expect(end.status).toBe('converged');
    expect(end.x[0] + end.x[1]).toBeCloseTo(2, 6);
    expect(end.x[2]).toBe(5);
  });

  test('scale makes coordinates of very different size equal', () => {
    const sizes = Float64Array.of(1e4, 1, 1e-4);
    const inner = rosenbrock(2);
    const stretched: SmoothProblem = {
      dimension: 3,
      evaluate(x, gradient) {
        const z = Float64Array.from(x, (v, i) => v / sizes[i]);
        const g = new Float64Array(2);
        const value = inner.evaluate(z.subarray(0, 2), g) + (z[2] - 3) ** 2;
        if (gradient) gradient.set([g[0] / sizes[0], g[1] / sizes[1], (2 * (z[2] - 3)) / sizes[2]]);
        return value;
      },
    };
    const problem = counted(stretched);
    const end = runToEnd(minimize(problem, Float64Array.of(-1.2e4, 1, 0), { scale: sizes, tolerance: 1e-13 }));
    expect(end.status).toBe('converged');
    expect(end.x[0] / 1e4).toBeCloseTo(1, 5);
    expect(end.x[2] / 1e-4).toBeCloseTo(3, 5);
    expect(problem.count()).toBeLessThan(80);
  });

  test('a run saved to JSON at any point and resumed has the same iterates as one that was not interrupted', () => {
    const start = Float64Array.of(-1.2, 1, 0.3, 2);
    const whole = [...minimize(rosenbrock(4), start)];
    for (const cut of [0, 1, 7, whole.length - 2]) {
      const saved = JSON.parse(JSON.stringify(saveOptimizerState(whole[cut] as OptimizerState)));
      const rest = [...minimize(rosenbrock(4), loadOptimizerState(saved))];
      expect(rest).toEqual(whole.slice(cut + 1));
    }
  });

  test('evaluations are limited', () => {
    const problem = counted(rosenbrock(2));
    const end = runToEnd(minimize(problem, Float64Array.of(-1.2, 1), { maxEvaluations: 5 }));
    expect(end.status).toBe('limit');
    expect(problem.count()).toBe(5);
  });

  test('a problem without parameters is converged after one evaluation', () => {
    const end = runToEnd(minimize({ dimension: 0, evaluate: () => 3 }, new Float64Array(0)));
    expect(end).toMatchObject({ status: 'converged', value: 3, evaluations: 1 });
  });
});
