import { describe, expect, test } from 'vitest';
import { fitGlmm } from '../../../src/engines/glmm/fit-glmm.js';
import { fitLmm } from '../../../src/engines/lmm/fit-lmm.js';
import { normalQuantile } from '../../../src/kernels/special/normal.js';
import { type Bound, bindFile, bindProgram } from '../glmm/bind.js';
import { simulatedColumns } from '../glmm/simulated-models.js';
import { intervalsOf, named } from './intervals-of.js';

const cutoff = normalQuantile(0.975) ** 2;
/** Deviance; a limit is then good to a ten-thousandth of a standard error. */
const tolerance = 1e-4;

const data = simulatedColumns();
const bind = (body: string): Bound => bindProgram(body, data);
const glmmDeviance = (b: Bound): number => fitGlmm(b.graph, b.design, {}).objective;
const lmmDeviance = (b: Bound): number => fitLmm(b.graph, b.design, {}).objective;

describe('at a limit the model refitted with the parameter held has a deviance higher by the cutoff', () => {
  const cases: readonly (readonly [string, 'lmm' | 'glmm', string, (v: number) => string])[] = [
    ['real ~ normal(mu, sigma); mu = x + (1 + x | g); fit ml', 'lmm', 'sigma', (v) => `fix sigma = ${v}`],
    ['positive ~ weibull(mu, shape); log(mu) = x + (1 | g)', 'glmm', 'shape', (v) => `fix shape = ${v}`],
    ['positive ~ gamma(mu, shape); log(mu) = x + (1 | g)', 'glmm', 'shape', (v) => `fix shape = ${v}`],
    ['positive ~ gamma(mu, shape); log(mu) = x + (1 | g)', 'glmm', 'x', (v) => `fix mu[x] = ${v}`],
    ['positive ~ gamma(mu, shape); log(mu) = x + (1 | g)', 'glmm', '(Intercept)', (v) => `fix mu[intercept] = ${v}`],
    ['count ~ poisson(lambda); log(lambda) = x + f + (1 + x | g)', 'glmm', 'fb', (v) => `fix lambda[fb] = ${v}`],
    [
      'inflated ~ zero_inflated(poisson(lambda), zi); log(lambda) = x + (1 | g); logit(zi) = x',
      'glmm',
      'zi[x]',
      (v) => `fix zi[x] = ${v}`,
    ],
  ];
  test.each(cases)('%s: %s, %s', (body, engine, parameter, hold) => {
    const deviance = engine === 'lmm' ? lmmDeviance : glmmDeviance;
    const found = intervalsOf(bind(body), engine, { only: [parameter] });
    const { lower, upper, lowerStatus, upperStatus } = named(found, parameter);
    expect([lowerStatus, upperStatus]).toEqual(['found', 'found']);
    expect(deviance(bind(body))).toBeCloseTo(found.deviance, 5);
    for (const limit of [lower, upper]) {
      const held = deviance(bind(`${body}\n${hold(limit)}`));
      expect(Math.abs(held - found.deviance - cutoff), `${parameter} = ${limit}`).toBeLessThan(tolerance);
    }
  });

  test('a coefficient of a linear mixed model is held by an offset', () => {
    const body = (mu: string): string => `real ~ normal(mu, sigma); mu = ${mu} + (1 + x | g) + (1 | item); fit ml`;
    const found = intervalsOf(bind(body('f + x')), 'lmm', { only: ['x'] });
    for (const limit of [named(found, 'x').lower, named(found, 'x').upper]) {
      const held = lmmDeviance(bind(body(`f + offset(${limit} * x)`)));
      expect(Math.abs(held - found.deviance - cutoff)).toBeLessThan(tolerance);
    }
  });
});

describe('the same model written in two ways has the same intervals', () => {
  const same = (
    a: ReturnType<typeof intervalsOf>,
    b: ReturnType<typeof intervalsOf>,
    names: Record<string, string>,
  ): void => {
    expect(a.deviance).toBeCloseTo(b.deviance, 6);
    for (const [one, other] of Object.entries(names)) {
      const [i, j] = [named(a, one), named(b, other)];
      const width = Math.min(i.upper, 1e3) - i.lower;
      expect(Math.abs(i.lower - j.lower), one).toBeLessThan(1e-5 * width);
      expect(Math.abs(i.upper - j.upper), one).toBeLessThan(1e-5 * width);
    }
  };

  test('a normal response by the LMM engine and by Laplace', () => {
    const body = 'real ~ normal(mu, sigma); mu = x + (1 + x | g) + (1 | item)';
    const lmm = intervalsOf(bind(`${body}; fit ml`), 'lmm');
    const names = Object.fromEntries(lmm.intervals.map((i) => [i.name, i.name]));
    expect(Object.keys(names).length).toBe(7);
    same(lmm, intervalsOf(bind(`${body}; fit laplace`), 'glmm'), names);
  });

  test('an unstructured and a compound symmetric block of two columns', () => {
    const body = (block: string): string => `count ~ poisson(lambda); log(lambda) = x + ${block}(0 + w2 | g)`;
    const two = { ...data, w2: data.x.map((_, i) => (i % 3 === 0 ? 'a' : 'b')) };
    const us = intervalsOf(bindProgram(body(''), two), 'glmm');
    const cs = intervalsOf(bindProgram(body('cs'), two), 'glmm');
    same(us, cs, Object.fromEntries(us.intervals.map((i) => [i.name, i.name])));
    expect(us.intervals.length).toBe(5);
  });

  test('a double bar and two blocks', () => {
    const double = intervalsOf(bind('real ~ normal(mu, sigma); mu = x + (1 + x || g); fit ml'), 'lmm');
    const two = intervalsOf(bind('real ~ normal(mu, sigma); mu = x + (1 | g) + (0 + x | g); fit ml'), 'lmm');
    same(double, two, Object.fromEntries(double.intervals.map((i) => [i.name, i.name])));
  });

  test('columns in other units', () => {
    const far = { ...data, z: data.x.map((v) => 2000 + 10 * v) };
    const near = intervalsOf(bind('real ~ normal(mu, sigma); mu = x + (0 + x | g); fit ml'), 'lmm');
    const scaled = intervalsOf(
      bindProgram('real ~ normal(mu, sigma); mu = I(z - 2000) + (0 + I(z - 2000) | g); fit ml', far),
      'lmm',
    );
    const factor = 10;
    const [a, b] = [near.intervals[0], scaled.intervals[0]];
    expect(b.upper * factor).toBeCloseTo(a.upper, 6);
    expect(named(scaled, 'I(z - 2000)').lower * factor).toBeCloseTo(named(near, 'x').lower, 6);
  });

  test('a predictor of sigma with a constant alone is sigma', () => {
    const plain = intervalsOf(bind('real ~ normal(mu, sigma); mu = x + (1 | g); fit ml'), 'lmm');
    const written = intervalsOf(
      bind('real ~ normal(mu, sigma); mu = x + (1 | g); log(sigma) = 1; fit laplace'),
      'glmm',
    );
    expect(Math.exp(named(written, 'sigma[(Intercept)]').lower)).toBeCloseTo(named(plain, 'sigma').lower, 6);
    expect(Math.exp(named(written, 'sigma[(Intercept)]').upper)).toBeCloseTo(named(plain, 'sigma').upper, 6);
  });
});

describe('priors', () => {
  test('a linear mixed model with priors is profiled about the mode of its own engine', () => {
    for (const name of [
      'blme-sleepstudy-combo-ml',
      'blme-sleepstudy-t-absolute-ml',
      'blme-sleepstudy-wishart-default-ml',
    ]) {
      const bound = bindFile(name);
      const found = intervalsOf(bound, 'lmm', { only: ['Days'] });
      expect(found, name).toMatchObject({ criterion: 'ml', penalised: true });
      expect(found.deviance, name).toBeCloseTo(lmmDeviance(bound), 5);
    }
  });

  test('pull an interval towards them', () => {
    const body = 'count ~ poisson(lambda); log(lambda) = x + (1 | g)';
    const free = named(intervalsOf(bind(body), 'glmm'), 'x');
    const held = named(intervalsOf(bind(`${body}\nlambda[x] ~ normal(0, 0.1)`), 'glmm'), 'x');
    expect(held.upper).toBeLessThan(free.estimate);
    expect(held.upper - held.lower).toBeLessThan(2 * 1.96 * 0.1);
  });
});

describe('correlated errors', () => {
  test('an error correlation at its limit: the same model with a random effect', () => {
    // compound symmetric errors are a random intercept where the correlation is positive: rho = sd^2 / (sd^2 + sigma^2)
    const cs = intervalsOf(bind('real ~ normal(mu, sigma, cor = cs(time | g)); mu = x; fit ml'), 'lmm');
    const intercept = intervalsOf(bind('real ~ normal(mu, sigma); mu = x + (1 | g); fit ml'), 'lmm');
    expect(cs.deviance).toBeCloseTo(intercept.deviance, 6);
    for (const name of ['(Intercept)', 'x']) {
      expect(named(cs, name).lower).toBeCloseTo(named(intercept, name).lower, 5);
      expect(named(cs, name).upper).toBeCloseTo(named(intercept, name).upper, 5);
    }
    const rho = cs.intervals.find((i) => i.kind === 'cor');
    expect(rho?.lower).toBeGreaterThan(0);
    expect(rho?.upper).toBeLessThan(1);
  });

  test('a predictor of sigma by the LMM engine and by Laplace', () => {
    const body = 'real ~ normal(mu, sigma); mu = x + (1 | g); log(sigma) = f';
    const lmm = intervalsOf(bind(`${body}; fit ml`), 'lmm');
    const laplace = intervalsOf(bind(`${body}; fit laplace`), 'glmm');
    expect(lmm.intervals.length).toBe(6);
    for (const { name, lower, upper } of lmm.intervals) {
      expect(named(laplace, name).lower, name).toBeCloseTo(lower, 4);
      expect(named(laplace, name).upper, name).toBeCloseTo(upper, 4);
    }
  });
});

describe('profiles', () => {
  const { graph, design } = bind('count ~ poisson(lambda); log(lambda) = x + f + (1 + x | g)');

  test('rise on both sides of the estimate, where the root is zero', () => {
    const found = intervalsOf({ graph, design }, 'glmm', { between: 4 });
    for (const { name, points, estimate, lower, upper, lowerStatus, upperStatus } of found.intervals) {
      const values = points.map((p) => p.value);
      expect(values, name).toEqual([...values].sort((a, b) => a - b));
      expect(Math.min(...points.map((p) => Math.abs(p.zeta))), name).toBe(0);
      points.forEach((p, k) => {
        if (k > 0) expect(p.zeta, name).toBeGreaterThanOrEqual(points[k - 1].zeta - 1e-4);
      });
      expect(lower, name).toBeLessThanOrEqual(estimate);
      expect(upper, name).toBeGreaterThanOrEqual(estimate);
      if (lowerStatus === 'found' && upperStatus === 'found') expect(points.length, name).toBeGreaterThan(10);
    }
    expect(found.intervals.filter((i) => i.lowerStatus === 'found').length).toBeGreaterThan(3);
  });

  test('have a wider interval at a higher level', () => {
    const levels = [0.5, 0.95, 0.999].map(
      (level) => intervalsOf({ graph, design }, 'glmm', { level, only: ['x'] }).intervals[0],
    );
    expect(levels[1].lower).toBeLessThan(levels[0].lower);
    expect(levels[2].lower).toBeLessThan(levels[1].lower);
    expect(levels[2].upper).toBeGreaterThan(levels[1].upper);
  });

  test('stop when they are told to', () => {
    const stop = new AbortController();
    const run = () =>
      intervalsOf({ graph, design }, 'glmm', {
        signal: stop.signal,
        onProgress: ({ evaluations }) => evaluations > 20 && stop.abort(),
      });
    expect(run).toThrow(/abort/i);
  });
});
