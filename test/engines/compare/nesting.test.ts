import { describe, expect, test } from 'vitest';
import { nestedIn } from '../../../src/engines/compare/nesting.js';
import { bindProgram } from '../glmm/bind.js';
import { simulatedColumns } from '../glmm/simulated-models.js';

const columns = simulatedColumns();
const data = { ...columns, far: columns.x.map((v) => 3 - 2 * v), half: columns.g.map((g) => (g < 'g3' ? 'a' : 'b')) };
const ordered = 'data { grade: ordered("low", "mid", "high", "top") }';
const bind = (body: string) => bindProgram(body, data);
const nested = (a: string, b: string) => nestedIn(bind(a), bind(b));
const mean = (mu: string) => `real ~ normal(mu, sigma); mu = ${mu}`;
const count = (eta: string) => `count ~ poisson(lambda); log(lambda) = ${eta}`;

describe('the smaller model is a case of the larger', () => {
  const cases: readonly (readonly [string, string, number])[] = [
    [mean('1'), mean('x'), 0],
    [mean('far'), mean('x'), 0],
    [mean('x'), mean('poly(x, 2)'), 0],
    [mean('x + f'), mean('x * f'), 0],
    [mean('0 + f'), mean('f + x'), 0],
    [mean('offset(2 * x)'), mean('x'), 0],
    [mean('offset(x) + f'), mean('offset(x) + f + time'), 0],
    ['real ~ normal(mu, 2); mu = x', mean('x'), 0],
    ['real ~ normal(mu, sigma); mu = x; fix sigma = 2', mean('x'), 0],
    ['real ~ normal(mu, sigma); mu = x', 'real ~ normal(mu, sigma); mu = x; log(sigma) = x', 0],
    [
      'count ~ negative_binomial(mu, shape); log(mu) = x; fix mu[x] = 1',
      'count ~ negative_binomial(mu, shape); log(mu) = x',
      0,
    ],
    [count('x'), count('x + (1 | g)'), 1],
    [count('x + (1 | g)'), count('x + (1 + x | g)'), 1],
    [count('x + (1 + x || g)'), count('x + (1 + x | g)'), 0],
    [count('x + (1 | g) + (0 + x | g)'), count('x + (1 + x || g)'), 0],
    [count('x + (1 | g) + (0 + x | g)'), count('x + (1 + x | g)'), 0],
    [count('x + (0 + x | g)'), count('x + (1 + x + f | g)'), 3],
    [count('x + (1 + far | g)'), count('x + (1 + x | g)'), 0],
    [count('x + (1 | g)'), count('x + (1 | g) + (1 | item)'), 1],
    [count('x + homcs(0 + f | g)'), count('x + cs(0 + f | g)'), 2],
    [count('x + cs(0 + f | g)'), count('x + (0 + f | g)'), 0],
    [count('x + (1 | g)'), count('x + (0 + f | g)'), 2],
    [count('x + ar1(time | g)'), count('x + ar1(time | g) + (1 | item)'), 1],
    [
      'v = (1 | g); count ~ negative_binomial(mu, shape); log(mu) = v; log(shape) = v',
      'v = (1 | g); count ~ negative_binomial(mu, shape); log(mu) = x + v; log(shape) = v',
      0,
    ],
    [`${ordered}; grade ~ cumulative(eta); eta = x`, `${ordered}; grade ~ cumulative(eta); eta = x + (1 | g)`, 1],
  ];
  test.each(cases)('%s\n  in %s', (a, b, sds) => {
    expect(nested(a, b)).toEqual({ nested: true, sds });
  });
});

describe('a family that is another at one value of a parameter', () => {
  test.each([
    [count('x'), 'count ~ negative_binomial(mu, shape); log(mu) = x', 0],
    [count('x'), 'count ~ negative_binomial1(mu, phi); log(mu) = x + (1 | g)', 1],
    [count('x + (1 | g)'), 'count ~ zero_inflated(poisson(lambda), zi); log(lambda) = x + f + (1 | g)', 0],
    ['real ~ normal(mu, sigma); mu = x; fit ml', 'real ~ student_t(df, mu, sigma); mu = x', 0],
  ] as const)('%s\n  at the end of the range of %s', (a, b, sds) => {
    expect(nested(a, b)).toEqual({ nested: true, sds, limit: true });
    expect(nested(b, a).nested).toBe(false);
  });

  test('inside of its range', () => {
    const exponential = 'positive ~ exponential(mu); log(mu) = x';
    expect(nested(exponential, 'positive ~ gamma(mu, shape); log(mu) = x')).toEqual({ nested: true, sds: 0 });
    expect(nested(exponential, 'positive ~ weibull(mu, shape); log(mu) = f').nested).toBe(false);
  });

  test.each([
    [count('x'), 'count ~ negative_binomial(mu, shape); log(mu) = x; fix shape = 3', /families differ/],
    [count('x'), 'count ~ zero_inflated(poisson(lambda), zi); log(lambda) = x; logit(zi) = f', /families differ/],
    [count('x'), 'count ~ negative_binomial(mu, shape); log(mu) = f', /fixed effects of mu/],
    ['real ~ normal(mu, sigma); mu = x; fit ml', 'real ~ student_t(4, mu, sigma); mu = x', /families differ/],
  ] as const)('%s\n  is none of %s', (a, b, reason) => {
    const found = nested(a, b);
    expect(found).toMatchObject({ nested: false, reason: expect.stringMatching(reason) });
  });
});

describe('not a case of it, and why', () => {
  const cases: readonly (readonly [string, string, RegExp])[] = [
    [mean('x'), mean('f'), /fixed effects of mu/],
    [mean('x'), mean('1'), /fixed effects of mu/],
    [mean('offset(time) + x'), mean('x + f'), /fixed effects of mu/],
    [mean('poly(x, 2)'), mean('x'), /fixed effects of mu/],
    [
      count('x'),
      'count ~ negative_binomial(mu, shape); log(mu) = x; log(shape) = f',
      /families differ \(poisson and negative_binomial\)/,
    ],
    [count('x'), 'count ~ poisson(lambda); sqrt(lambda) = x', /link of lambda/],
    [count('x + (1 + x | g)'), count('x + (1 + x || g)'), /random effects of g/],
    [count('x + (1 | item)'), count('x + (1 | g)'), /random effects of item/],
    [count('x + (1 | g)'), count('x + (1 | half)'), /random effects of g/],
    [count('x + (1 + far || g)'), count('x + (1 + x || g)'), /random effects of g/],
    [count('x + (0 + f | g)'), count('x + cs(0 + f | g)'), /random effects of g/],
    [count('x + ar1(time | g)'), count('x + car1(time | g)'), /random effects of g/],
    [count('x + (1 | g)'), count('x + sum_to_zero(1 | g)'), /random effects of g/],
    [`${mean('x')}; weights w`, mean('x + f'), /weights differ/],
    [mean('x'), `${mean('x + f')}; beta ~ normal(0, 1)`, /priors/],
    [
      'successes ~ binomial(size, p); logit(p) = x',
      'successes ~ binomial(12, p); logit(p) = x + f',
      /data arguments differ|size differs|arguments of binomial differ/,
    ],
    [
      'mixture z { class a { real ~ normal(mu, sigma); mu = 1 } class b { real ~ normal(mu, sigma); mu = 1 } }',
      mean('x'),
      /different numbers of classes/,
    ],
    [
      'v = (1 | g); count ~ negative_binomial(mu, shape); log(mu) = v; log(shape) = v',
      'v = (1 | g); count ~ negative_binomial(mu, shape); log(mu) = v; log(shape) = 1',
      /random effects of g/,
    ],
  ];
  test.each(cases)('%s\n  in %s', (a, b, why) => {
    const found = nested(a, b);
    if (found.nested) throw new Error('nested');
    expect(found.reason).toMatch(why);
  });
});
