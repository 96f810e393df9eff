import { describe, expect, test } from 'vitest';
import { compile, type LmmProblem, MmError } from '../../src/index.js';
import { createRng } from '../../src/kernels/rng.js';
import { bound, boundLmm, crossedRows } from './models.js';

/** A crossed design where factorizations count, with a response per key. */
function crossed(formula = 'y ~ x + (1 | a) + (1 | b)') {
  const rng = createRng('refit design');
  const rows = 6000;
  const a = Array.from({ length: rows }, () => `a${rng.integer(300)}`);
  const b = Array.from({ length: rows }, () => `b${rng.integer(250)}`);
  const x = Float64Array.from({ length: rows }, () => rng.normal());
  const response = (key: string, sdA: number, sdB: number) => {
    const own = createRng(key);
    const effects = new Map<string, number>();
    const effect = (level: string, sd: number) => {
      if (!effects.has(level)) effects.set(level, sd * own.normal());
      return effects.get(level) ?? 0;
    };
    return x.map((v, i) => 3 + 0.4 * v + effect(a[i], sdA) + effect(b[i], sdB) + own.normal());
  };
  const fresh = (y: Float64Array): LmmProblem => compile(formula).bind({ a, b, x, y }, { engine: 'lmm' });
  return { response, fresh };
}

describe('a refit is a fresh fit', () => {
  const { response, fresh } = crossed();
  const problem = fresh(response('first', 0.5, 0.3));
  const first = problem.fit();

  test.each([
    ['much the same', 0.5, 0.3],
    ['far away', 1.5, 0.1],
    ['a variance of zero', 0.5, 0],
  ])('%s', (key, sdA, sdB) => {
    const y = response(key, sdA, sdB);
    const expected = fresh(y).fit();
    const seen: number[] = [];
    const fit = problem.refit(y, { onProgress: ({ evaluations }) => seen.push(evaluations) });
    expect(fit.converged).toBe(true);
    expect(Math.abs(fit.objective - expected.objective)).toBeLessThan(1e-6);
    fit.fixef.forEach(({ estimate, se, df }, j) => {
      const other = expected.fixef[j];
      expect(Math.abs((estimate ?? 0) - (other.estimate ?? 1))).toBeLessThan(1e-4 * (se ?? 0));
      expect(se).toBeCloseTo(other.se ?? 0, 6);
      expect(df).toBeNull();
    });
    fit.theta.forEach((t, k) => {
      expect(t).toBeCloseTo(expected.theta[k], 3);
    });
    expect(fit.ranef[0].sd[0][0]).toBeCloseTo(expected.ranef[0].sd[0][0], 4);
    expect(seen.length).toBeGreaterThan(1);
  });

  test('with degrees of freedom where they are asked for', () => {
    const y = response('tests', 0.6, 0.25);
    const expected = fresh(y).fit();
    const fit = problem.refit(y, { degreesOfFreedom: 'satterthwaite' });
    fit.fixef.forEach(({ df }, j) => {
      expect(Math.abs((df ?? 0) / (expected.fixef[j].df ?? 1) - 1)).toBeLessThan(1e-3);
    });
  });

  test('in few evaluations, and leaves the problem as it was', () => {
    expect(problem.refit(response('again', 0.5, 0.3)).evaluations).toBeLessThanOrEqual(3);
    expect(problem.deviance(first.theta)).toBeCloseTo(first.objective, 8);
    expect(problem.fit().objective).toBeCloseTo(first.objective, 8);
  });

  test('without a fit before', () => {
    const own = fresh(response('second', 0.4, 0.4));
    const y = response('third', 0.45, 0.35);
    const expected = fresh(y).fit();
    expect(own.refit(y).objective).toBeCloseTo(expected.objective, 6);
    expect(own.refit(y).objective).toBeCloseTo(expected.objective, 5);
  });
});

/** Relative; what a fresh fit and a refit may differ by. */
const sameLikelihood = 1e-8;

describe.each([
  ['REML', 'y ~ x + (1 | a) + (1 | b)'],
  ['ML', 'y ~ x + (1 | a) + (1 | b)\nfit ml'],
  ['independent slopes', 'y ~ x + (x || a) + (1 | b)'],
  ['correlated slopes', 'y ~ x + (x | a) + (1 | b)'],
])('the likelihood of a refit is that of a fresh fit: %s', (_, formula) => {
  const { response, fresh } = crossed(formula);
  const problem = fresh(response('base', 0.5, 0.3));
  problem.fit();

  test.each([
    ['near', 0.5, 0.3],
    ['nothing in one factor', 0.5, 0],
    ['nothing in either', 0, 0],
    ['much more', 2, 0.8],
  ])('%s', (key, sdA, sdB) => {
    const y = response(key, sdA, sdB);
    const expected = fresh(y).fit();
    const fit = problem.refit(y);
    expect(fit.converged).toBe(true);
    expect(Math.abs(fit.logLik / expected.logLik - 1)).toBeLessThan(sameLikelihood);
    expect(fit.singular).toBe(expected.singular);
    if (key !== 'near') return;
    const tested = problem.refit(y, { degreesOfFreedom: 'satterthwaite' });
    tested.fixef.forEach(({ df }, j) => {
      expect(Math.abs((df ?? 0) / (expected.fixef[j].df ?? 1) - 1)).toBeLessThan(1e-3);
    });
  });
});

test('after a fit that was singular a refit is as good, and needs as few factorizations', () => {
  const { response, fresh } = crossed();
  const problem = fresh(response('singular', 0.5, 0));
  expect(problem.fit().singular).toBe(true);
  for (const sdB of [0.3, 0.1, 0]) {
    const y = response(`after ${sdB}`, 0.5, sdB);
    const expected = fresh(y).fit();
    const fit = problem.refit(y);
    expect(Math.abs(fit.logLik / expected.logLik - 1)).toBeLessThan(sameLikelihood);
    expect(fit.evaluations).toBeLessThanOrEqual(4);
  }
});

test.each(['sleepstudy-slope-reml', 'sleepstudy-slope-ml', 'penicillin-reml', 'dyestuff2-reml', 'pastes-nested-reml'])(
  'of small data: %s',
  (name) => {
    const problem = boundLmm(name);
    problem.fit();
    const own = createRng(name);
    for (let round = 0; round < 3; round++) {
      const y = Float64Array.from({ length: problem.rows }, () => 5 + own.normal());
      const expected = problem.withResponse(y).fit();
      const fit = problem.refit(y);
      expect(fit.converged).toBe(true);
      expect(Math.abs(fit.logLik / expected.logLik - 1)).toBeLessThan(sameLikelihood);
    }
  },
);

describe('a new response', () => {
  const shuffled = (y: ArrayLike<number>, key: string) => {
    const rng = createRng(key);
    const order = Array.from({ length: y.length }, (_, i) => ({ i, at: rng.uniform() })).sort((p, q) => p.at - q.at);
    return Float64Array.from(order, ({ i }) => y[i]);
  };

  test.each([
    ['slopes', 'y ~ x + (x | g)', 'lmm'],
    ['weights and an offset', 'y ~ normal(mu, sigma / sqrt(w))\nmu = x + offset(off) + (1 | g) + (1 | h)', 'lmm'],
    ['errors with a predictor', 'y ~ normal(mu, sigma)\nmu = x + (1 | g)\nlog(sigma) = z', 'lmm'],
    ['priors', 'y ~ x + (x | g)\nbeta[x] ~ normal(0, 2)\nsd(g) ~ gamma(2, 0.5)', 'lmm'],
    ['another family', 'c ~ poisson(lambda)\nlog(lambda) = z + (1 | g)', 'glmm'],
    ['a binary one', 'k ~ bernoulli(p)\nlogit(p) = z + (1 | g)', 'glmm'],
    ['an ordered one', 'o ~ cumulative(eta)\neta = z + (1 | g)', 'glmm'],
  ])('%s', (_, formula, engine) => {
    const rng = createRng('counts');
    const rows = crossedRows(150).map((r) => ({
      ...r,
      c: Math.floor(3 * rng.uniform() * (r.z > 0 ? 2 : 1)),
      k: r.z + 0.3 * rng.normal() > 0 ? 1 : 0,
      o: 1 + (r.z + 0.5 * rng.normal() > -0.2 ? 1 : 0) + (r.z + 0.5 * rng.normal() > 0.4 ? 1 : 0),
    }));
    const name = (formula[0] ?? 'y') as 'y' | 'c' | 'k' | 'o';
    const problem = compile(formula).bind(rows);
    expect(problem.engine).toBe(engine);
    problem.fit();
    const y = shuffled(
      rows.map((r) => r[name]),
      formula,
    );
    const expected = compile(formula)
      .bind(rows.map((r, i) => ({ ...r, [name]: y[i] })))
      .fit();
    const fit = problem.refit(y);
    expect(Math.abs(fit.objective - expected.objective)).toBeLessThan(2e-6);
    expect(fit.fitted.every((v, i) => Math.abs(v - expected.fitted[i]) < 1e-3 * (1 + Math.abs(v)))).toBe(true);
  });

  test('of all rows of the data, where the model leaves some out', () => {
    const problem = boundLmm('sleepstudy-na-reml');
    const whole = Float64Array.from({ length: 180 }, (_, i) => 250 + 10 * Math.sin(i) + i / 3);
    expect(problem.rows).toBeLessThan(180);
    const fit = problem.refit(whole);
    expect(fit.rows).toBe(problem.rows);
    expect(() => problem.refit([1, 2, 3])).toThrow(/a response has \d+ numbers.*or 180.*these are 3/);
  });

  test('that the family does not allow is an error that says so', () => {
    const problem = bound('epil-slope');
    const y = new Float64Array(problem.rows).fill(2);
    expect(() => problem.refit(y)).toThrow(MmError); // constant
    y[7] = -1;
    expect(() => problem.refit(y)).toThrow(/error\[MM440\].*-1/);
    const trials = bound('cbpp-logit-laplace');
    expect(() => trials.refit(new Float64Array(trials.rows).map((_, i) => 1000 + i))).toThrow(/error\[MM445\]/);
    expect(() => boundLmm('dyestuff-ml').refit(new Float64Array(30).map((_, i) => (i === 3 ? Number.NaN : i)))).toThrow(
      MmError,
    );
  });

  test('opens at every stage as any other problem does', () => {
    const { response, fresh } = crossed();
    const y = response('other', 0.5, 0.5);
    const other = fresh(response('one', 0.5, 0.3)).withResponse(y);
    const expected = fresh(y);
    const theta = [0.6, 0.4];
    expect(other.deviance(theta)).toBeCloseTo(expected.deviance(theta), 7);
    expect([...other.at(theta).jointMode().beta]).toEqual(
      [...expected.at(theta).jointMode().beta].map((v) => expect.closeTo(v, 9)),
    );
  });
});
