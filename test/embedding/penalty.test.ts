import { describe, expect, test } from 'vitest';
import { compile, type PenaltyPoint } from '../../src/index.js';
import { bound, boundLmm, crossedRows, differences, modelAt } from './models.js';

/** Golden section: slow, but it knows nothing of derivatives or of our optimizers. */
function minimum(f: (x: number) => number, low: number, high: number): number {
  const golden = (Math.sqrt(5) - 1) / 2;
  let [a, b] = [low, high];
  for (let k = 0; k < 90; k++) {
    const [c, d] = [b - golden * (b - a), a + golden * (b - a)];
    if (f(c) < f(d)) b = d;
    else a = c;
  }
  return f((a + b) / 2);
}

/** -2 log of a gamma density with shape 2 and rate 1. */
const gamma = ({ theta: [sd] }: PenaltyPoint) => -2 * Math.log(sd) + 2 * sd;
const gammaGradient = ({ theta: [sd] }: PenaltyPoint, into: Float64Array) => {
  into[0] = -2 / sd + 2;
};

describe('a penalty', () => {
  test('of theta: the fit is the minimum of the wrapped deviance, with its gradient, without, and by the simplex', () => {
    const problem = boundLmm('dyestuff2-reml'); // singular without a penalty
    const expected = minimum(
      (x) => problem.deviance([x]) + gamma({ theta: Float64Array.of(x) } as PenaltyPoint),
      1e-6,
      3,
    );
    const given = problem.penalize(gamma, { gradient: gammaGradient }).fit();
    const differenced = problem.penalize(gamma).fit();
    const simplex = problem.penalize(gamma, { smooth: false }).fit();
    for (const { objective, converged } of [given, differenced, simplex]) {
      expect(objective).toBeCloseTo(expected, 8);
      expect(converged).toBe(true);
    }
    expect(given.deviance).toBeCloseTo(problem.deviance(given.theta), 8);
    expect(given.singular).toBe(false);
    const notes = [given, differenced, simplex].map((fit) => fit.warnings.map((w) => w.code));
    expect(notes).toEqual([[], ['MM571'], ['MM572']]);
  });

  test('is in the deviance and the gradient as plain functions, and in those of a point', () => {
    const ridge = ({ values, value }: PenaltyPoint) => 3 * values[1] ** 2 + value('Subject.Days') ** 4;
    const plain = boundLmm('sleepstudy-slope-reml');
    const problem = plain.penalize(ridge);
    const point = Float64Array.of(0.9, 0.2, 0.3);
    const extra = 3 * 0.04 + 0.3 ** 4;
    expect(problem.deviance(point)).toBeCloseTo(plain.deviance(point) + extra, 9);
    expect(problem.at(point).deviance()).toBeCloseTo(plain.deviance(point) + extra, 9);
    const byDifferences = differences((x) => problem.deviance(x), point);
    problem.gradient(point).forEach((g, i) => {
      expect(g).toBeCloseTo(byDifferences[i], 5);
    });
    expect(() => plain.penalize(({ value }) => value('Days')).deviance(point)).toThrow(/no parameter 'Days'/);
  });

  test('may look at beta and sigma as they are profiled', () => {
    const problem = boundLmm('dyestuff-ml');
    const sight = ({ beta, sigma }: PenaltyPoint) => (beta[0] - 1500) ** 2 / 100 + Math.log(sigma ?? 0) ** 2;
    const wrapped = (x: number) => {
      const { sigma } = problem.at([x]).parts();
      return problem.deviance([x]) + sight({ beta: problem.at([x]).jointMode().beta, sigma } as PenaltyPoint);
    };
    const penalised = problem.penalize(sight);
    expect(penalised.deviance([0.7])).toBeCloseTo(wrapped(0.7), 9);
    const h = 1e-5;
    expect(penalised.gradient([0.7])[0]).toBeCloseTo((wrapped(0.7 + h) - wrapped(0.7 - h)) / (2 * h), 4);
    expect(penalised.fit().objective).toBeCloseTo(minimum(wrapped, 0.01, 5), 7);
  });

  test('with everything in the optimizer is the penalty of the language', () => {
    const { source, table } = modelAt('sleepstudy-slope-ml');
    const written = compile(`${source.trimEnd().slice(0, -1)}\n  penalize 0.5 * (beta[Days] - 8)^2\n}`).bind(table);
    const problem = boundLmm('sleepstudy-slope-ml').penalize(({ beta }) => 0.5 * (beta[1] - 8) ** 2);
    const expected = written.fit();
    for (const fit of [problem.fitNumerically(), problem.joint().fit(), problem.joint().optimize().fit()]) {
      expect(fit.objective).toBeCloseTo(expected.objective, 6);
      expect(fit.fixef[1].estimate).toBeCloseTo(expected.fixef[1].estimate ?? Number.NaN, 4);
      expect(fit.converged).toBe(true);
    }
  });

  test('with a corner is found by the simplex, at the corner too', () => {
    const { source, table } = modelAt('sleepstudy-ri-ml');
    const lasso = (scale: number) => {
      const text = `${source.trimEnd().slice(0, -1)}\n  beta[Days] ~ laplace(0, ${scale})\n}`;
      const constant = 2 * Math.log(2 * scale);
      const expected = compile(text).bind(table).fit();
      const fit = boundLmm('sleepstudy-ri-ml')
        .penalize(({ beta }) => (2 * Math.abs(beta[1])) / scale, { smooth: false })
        .fitNumerically({ method: 'nelder-mead' });
      return { fit, expected, constant };
    };
    for (const scale of [0.5, 0.002]) {
      const { fit, expected, constant } = lasso(scale);
      expect(fit.objective + constant).toBeCloseTo(expected.objective, 5);
      expect(fit.fixef[1].estimate).toBeCloseTo(expected.fixef[1].estimate ?? Number.NaN, 3);
      expect(fit.warnings.map((w) => w.code)).toContain('MM572');
      expect(fit.warnings.map((w) => w.code)).not.toContain('MM502');
    }
  });

  test('of a model of another family', () => {
    const problem = bound('cbpp-logit-laplace');
    const ridge = ({ beta, theta }: PenaltyPoint) => beta[1] ** 2 + 3 * theta[0];
    const penalised = problem.penalize(ridge);
    const point = problem.start();
    expect(penalised.deviance(point)).toBeCloseTo(problem.deviance(point) + point[2] ** 2 + 3 * point[0], 8);
    const byDifferences = differences((x) => penalised.deviance(x), point);
    penalised.gradient(point).forEach((g, i) => {
      expect(g).toBeCloseTo(byDifferences[i], 4);
    });
    const fit = penalised.fit();
    const again = penalised.optimize().run();
    expect(fit.converged).toBe(true);
    expect(again.deviance).toBeCloseTo(fit.objective, 7);
    expect(fit.objective).toBeLessThan(penalised.deviance(problem.optimize().run().point) - 1e-3);
    expect(penalised.fitNumerically({ method: 'nelder-mead' }).objective).toBeCloseTo(fit.objective, 6);
    const given = problem.penalize(ridge, {
      gradient: (at, into) => {
        into[0] = 3;
        into[2] = 2 * at.values[2];
      },
    });
    expect(given.fit().objective).toBeCloseTo(fit.objective, 7);
    expect(given.fit().warnings).toEqual([]);
  });

  test('that is nowhere finite leaves nothing to fit', () => {
    const nowhere = boundLmm('dyestuff-ml').penalize(() => Number.NaN);
    expect(nowhere.deviance([1])).toBe(Number.POSITIVE_INFINITY);
    expect(nowhere.fit().converged).toBe(false);
  });
});

describe('fitNumerically', () => {
  test.each([
    'sleepstudy-slope-ml',
    'sleepstudy-slope-reml',
    'pastes-nested-reml',
    'orthodont-lme-ar1-reml',
    'disp-gauss',
    'blme-sleepstudy-wishart-absolute',
    'blme-sleepstudy-t-common-ml',
    'epil-slope',
  ])('%s: the optimum that profiling finds', (name) => {
    const problem = bound(name);
    const profiled = problem.fit();
    const numeric = problem.fitNumerically();
    expect(Math.abs(numeric.objective - profiled.objective)).toBeLessThan(1e-6);
    expect(numeric.converged).toBe(true);
    numeric.fixef.forEach(({ estimate, se }, j) => {
      const other = profiled.fixef[j].estimate ?? Number.NaN;
      expect(Math.abs((estimate ?? Number.NaN) - other)).toBeLessThan(1e-3 * (se ?? 0));
    });
  });

  test('by the simplex, without derivatives', () => {
    const problem = compile('y ~ z + (1 | g) + (1 | h)\nfit ml').bind(crossedRows());
    const fit = problem.fitNumerically({ method: 'nelder-mead' });
    expect(fit.objective).toBeCloseTo(problem.fit().objective, 6);
    expect(fit.warnings.some((w) => w.code === 'MM572' && w.message.includes('says it is the minimum'))).toBe(true);
  });
});
