import { describe, expect, test } from 'vitest';
import { compile, type Problem } from '../../src/index.js';
import { bound, boundLmm, crossedRows, differences } from './models.js';

/** Central differences of numbers of order a thousand with steps of 1e-5: eight digits at best. */
const tolerance = 3e-6;

function expectGradient(problem: Problem, point: Float64Array): void {
  const exact = problem.gradient(point);
  const byDifferences = differences((x) => problem.deviance(x), point);
  exact.forEach((g, i) => {
    expect(Math.abs(g - byDifferences[i]), problem.parameters[i].name).toBeLessThan(
      tolerance * (1 + Math.abs(byDifferences[i])),
    );
  });
}

/** Away from the start, where nothing is symmetric. */
function moved(problem: Problem): Float64Array {
  return problem.start().map((v, i) => {
    const { kind, upper } = problem.parameters[i];
    return kind === 'threshold' ? v : Math.min(v + 0.07 * (i % 2 === 0 ? 1 : -1), upper);
  });
}

describe('the gradient by the numbers of the point', () => {
  test.each([
    'sleepstudy-slope-ml',
    'sleepstudy-slope-reml',
    'sleepstudy-diag-tmb',
    'pastes-nested-reml',
    'sleepstudy-weights-ml',
    'ar1-intercept-nugget-tmb',
    'orthodont-cs-tmb',
    'orthodont-lme-ar1-reml',
    'disp-gauss-reml',
    'blme-sleepstudy-wishart-common',
    'blme-sleepstudy-combo-absolute-reml',
    'cbpp-logit-laplace',
    'cbpp-logit-agq7',
    'epil-slope',
    'epil-nbinom2-disp',
    'zip-x',
    'mix-npreg-obs',
    'bglmer-cbpp-wishart-normal',
  ])('%s', (name) => {
    const problem = bound(name);
    expectGradient(problem, problem.start());
    expectGradient(problem, moved(problem));
  });

  test.each(['sleepstudy-slope-ml', 'sleepstudy-slope-reml', 'blme-sleepstudy-t-common-ml', 'orthodont-lme-ar1-reml'])(
    '%s with nothing profiled',
    (name) => {
      const problem = boundLmm(name).joint();
      expectGradient(problem, problem.start());
      expectGradient(problem, moved(problem));
    },
  );

  test.each(['y ~ x + (x | g) + (1 | h)', 'y ~ x + cs(x | g)', 'y ~ x + homcs(0 + f | g)', 'y ~ x + (x || g)'])(
    '%s at a singular factor and at others',
    (formula) => {
      const problem = compile(formula).bind(crossedRows(), { engine: 'lmm' });
      const n = problem.parameters.length;
      expectGradient(
        problem,
        Float64Array.from({ length: n }, (_, i) => 0.3 + 0.1 * i),
      );
      // the derivative by a standard deviation that is zero, from above where it cannot be negative
      const zero = Float64Array.from({ length: n }, (_, i) => (i === 0 ? 0 : 0.4));
      const exact = problem.gradient(zero);
      expect(exact.every(Number.isFinite)).toBe(true);
      const h = 1e-6;
      const along = (t: number) => problem.deviance(zero.map((v, i) => (i === 0 ? t : v)));
      expect(Math.abs(exact[0] - (along(h) - along(0)) / h)).toBeLessThan(1e-3 * (1 + Math.abs(exact[0])));
    },
  );

  test('an ordered response, its thresholds and their order', () => {
    const rows = crossedRows(120).map((r) => ({ ...r, k: 1 + (r.z > -0.2 ? 1 : 0) + (r.off + r.z > 0.5 ? 1 : 0) }));
    const problem = compile('k ~ cumulative(eta)\neta = z + (1 | g)').bind(rows, { engine: 'glmm' });
    expect(problem.parameters.map((p) => p.name)).toEqual(['g.(Intercept)', 'eta[z]', 'threshold[1]', 'threshold[2]']);
    expectGradient(problem, problem.start());
    expectGradient(problem, Float64Array.of(0.4, 0.3, -0.8, 0.9));
    expect(problem.deviance([0.4, 0.3, 0.9, -0.8])).toBe(Number.POSITIVE_INFINITY);
  });
});
