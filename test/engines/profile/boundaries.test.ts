import { describe, expect, test } from 'vitest';
import { normalQuantile } from '../../../src/kernels/special/normal.js';
import { bindFile, bindProgram } from '../glmm/bind.js';
import { simulatedColumns } from '../glmm/simulated-models.js';
import { intervalsOf, named } from './intervals-of.js';

const cutoff = normalQuantile(0.975) ** 2;

/** The ML deviance of a balanced one-way layout with the variance of the groups held, in closed form but for sigma. */
function oneWayDeviance(groups: readonly (readonly number[])[], groupSd: number): number {
  const k = groups.length;
  const n = groups[0].length;
  const mean = (v: readonly number[]): number => v.reduce((s, x) => s + x, 0) / v.length;
  const means = groups.map(mean);
  const grand = mean(means);
  const between = n * means.reduce((s, m) => s + (m - grand) ** 2, 0);
  const within = groups.reduce((s, g, i) => s + g.reduce((t, x) => t + (x - means[i]) ** 2, 0), 0);
  const at = (logSigma: number): number => {
    const s2 = Math.exp(2 * logSigma);
    const l = s2 + n * groupSd ** 2;
    return k * n * Math.log(2 * Math.PI) + k * (n - 1) * Math.log(s2) + k * Math.log(l) + within / s2 + between / l;
  };
  // golden section: the deviance has one minimum in sigma
  const ratio = (Math.sqrt(5) - 1) / 2;
  let [low, high] = [-5, 8];
  for (let i = 0; i < 200; i++) {
    const [a, b] = [high - ratio * (high - low), low + ratio * (high - low)];
    if (at(a) < at(b)) high = b;
    else low = a;
  }
  return at((low + high) / 2);
}

describe('a standard deviation that is zero', () => {
  const bound = bindFile('dyestuff2-ml');
  const found = intervalsOf(bound, 'lmm');
  const sd = named(found, 'sd_(Intercept)|Batch');

  test('has an interval from zero', () => {
    expect(sd).toMatchObject({ estimate: 0, lower: 0, lowerStatus: 'boundary', upperStatus: 'found' });
  });

  test('ends where the closed form says', () => {
    const [likelihood] = bound.design.likelihoods;
    const { codes, levels } = bound.design.blocks[0].group;
    const groups = levels.map((_, l) => Array.from(likelihood.y).filter((__, i) => codes[i] === l));
    const rise = oneWayDeviance(groups, sd.upper) - oneWayDeviance(groups, 0);
    expect(rise).toBeCloseTo(cutoff, 5);
  });

  test('is left where another mean needs it: by symmetry the deviance has no slope there', () => {
    const [likelihood] = bound.design.likelihoods;
    const { codes, levels } = bound.design.blocks[0].group;
    const y = Array.from(likelihood.y);
    // ML deviance of the balanced layout with mean and relative standard deviation held, sigma profiled
    const deviance = (mean: number, theta: number): number => {
      const size = y.length / levels.length;
      const square = y.reduce((s, v) => s + (v - mean) ** 2, 0);
      const sums = levels.map((_, l) => y.reduce((s, v, i) => s + (codes[i] === l ? v - mean : 0), 0));
      const h = 1 + size * theta ** 2;
      const rss = square - (theta ** 2 / h) * sums.reduce((s, v) => s + v ** 2, 0);
      return y.length * (1 + Math.log((2 * Math.PI * rss) / y.length)) + levels.length * Math.log(h);
    };
    const least = (mean: number): number =>
      Math.min(...Array.from({ length: 20001 }, (_, k) => deviance(mean, k / 20000)));
    const mean = named(found, '(Intercept)');
    const bottom = deviance(y.reduce((s, v) => s + v, 0) / y.length, 0);
    for (const limit of [mean.lower, mean.upper]) {
      expect(least(limit) - bottom).toBeCloseTo(cutoff, 5);
      expect(deviance(limit, 0) - least(limit)).toBeGreaterThan(0.01);
    }
  });

  test('is in the interval where the data allow it', () => {
    const low = intervalsOf(bindFile('dyestuff-ml'), 'lmm', { level: 0.999, only: ['sd_(Intercept)|Batch'] });
    expect(low.intervals[0]).toMatchObject({ lower: 0, lowerStatus: 'boundary' });
    expect(low.intervals[0].estimate).toBeGreaterThan(30);
    const [zero] = low.intervals[0].points;
    expect(zero.value).toBe(0);
    // the root at zero is that of the likelihood-ratio test against no groups
    expect(zero.zeta).toBeGreaterThan(-normalQuantile(0.9995));
    expect(zero.zeta).toBeLessThan(-1);
  });
});

const data = simulatedColumns();

test('a correlation that is one ends there, and starts where the profile does', () => {
  const bound = bindProgram('count ~ poisson(lambda); log(lambda) = x + cs(0 + f | g)', data);
  const cor = intervalsOf(bound, 'glmm').intervals.find((i) => i.kind === 'cor');
  expect(cor).toMatchObject({ upper: 1, upperStatus: 'boundary', lowerStatus: 'found' });
  expect(cor?.estimate).toBeCloseTo(1, 6);
  expect(cor?.lower).toBeGreaterThan(-0.5);
  expect(cor?.lower).toBeLessThan(1);
});

test('a correlation with an effect that is zero may be anything', () => {
  const bound = bindProgram('binary ~ bernoulli(p); probit(p) = x + (x | g)', data);
  const found = intervalsOf(bound, 'glmm');
  expect(named(found, 'sd_x|g').estimate).toBe(0);
  expect(named(found, 'cor_x.(Intercept)|g')).toMatchObject({ estimate: Number.NaN, lower: -1, upper: 1 });
});

test('complete separation: the interval goes on without end on one side', () => {
  const n = 40;
  const rows = Array.from({ length: n }, (_, i) => i);
  const separated = {
    g: rows.map((i) => `g${i % 8}`),
    x: rows.map((i) => (i < 20 ? 0 : 1)),
    y: rows.map((i) => (i < 20 ? (i % 3 === 0 ? 1 : 0) : 1)),
  };
  const bound = bindProgram('y ~ bernoulli(p); logit(p) = x', separated);
  const x = named(intervalsOf(bound, 'glmm'), 'x');
  expect(x).toMatchObject({ upper: Number.POSITIVE_INFINITY, upperStatus: 'open', lowerStatus: 'found' });
  // the likelihood-ratio interval of a table with an empty cell, 7 of 20 against 20 of 20: the deviance at the limit is minimised over
  // the intercept by bisection of its derivative
  const rise = (b: number): number => {
    const terms = (a: number): number => 7 * a - 20 * Math.log1p(Math.exp(a)) - 20 * Math.log1p(Math.exp(-a - b));
    let [low, high] = [-30, 30];
    for (let i = 0; i < 200; i++) {
      const m = (low + high) / 2;
      const slope = 7 - 20 / (1 + Math.exp(-m)) + 20 / (1 + Math.exp(m + b));
      if (slope > 0) low = m;
      else high = m;
    }
    const best = 7 * Math.log(7 / 20) + 13 * Math.log(13 / 20);
    return 2 * (best - terms((low + high) / 2));
  };
  expect(rise(x.lower)).toBeCloseTo(cutoff, 4);
});

test('a family at its limit: the interval goes to the end of the parameter', () => {
  const bound = bindProgram('count ~ negative_binomial1(mu, phi); log(mu) = x + (1 | g)', data);
  const phi = named(intervalsOf(bound, 'glmm', { only: ['phi'] }), 'phi');
  expect(phi).toMatchObject({ lower: 0, lowerStatus: 'open', upperStatus: 'found' });
  expect(phi.estimate).toBeLessThan(1e-6);
});

test('a separated slope, and one that is none to the other side of zero', () => {
  const x = Array.from({ length: 60 }, (_, i) => Math.sin(5 * i));
  const bound = bindProgram('y ~ bernoulli(p); logit(p) = x + (1 | g)', {
    y: x.map((v) => Number(v > 0.2)),
    x,
    g: x.map((_, i) => `g${i % 6}`),
  });
  const slope = named(intervalsOf(bound, 'glmm', { only: ['x'] }), 'x');
  expect(slope.upperStatus).toBe('open');
  // with no slope the deviance is that of a coin, far above the cutoff
  expect(slope.lowerStatus).not.toBe('open');
});
