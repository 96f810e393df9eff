import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { compile } from '../../../src/compile.js';
import { parseTable } from '../../../src/data/parse-table.js';
import { schemaOf } from '../../../src/data/schema-of.js';
import { fit } from '../../../src/fit.js';
import type { Fit } from '../../../src/results/fit.js';

const { table } = parseTable(readFileSync('test/data/NPreg.csv', 'utf8'));
if (table === undefined) throw new Error('no data');

function fitted(source: string): Fit {
  if (table === undefined) throw new Error('no data');
  const [model] = compile(source, { schema: schemaOf(table) }).models;
  const { fit: found, diagnostics } = fit(model, table);
  if (found === undefined) throw new Error(JSON.stringify(diagnostics));
  expect(found.converged).toBe(true);
  return found;
}

const mixture = (likelihood: string, body: string, rest: string) =>
  `mixture z {\n  ${likelihood}\n  class a, b { ${body} }\n}\n${rest}`;

const cases: readonly (readonly [string, string, string, (f: Fit, k: number) => number])[] = [
  [
    'intercept',
    'yn ~ normal(mu, sigma)',
    'mu = x + I(x^2); log(sigma) = 1',
    (f, k) => coefficient(f, k, 'mu', '(Intercept)'),
  ],
  ['beta[x]', 'yn ~ normal(mu, sigma)', 'mu = x + I(x^2); log(sigma) = 1', (f, k) => coefficient(f, k, 'mu', 'x')],
  [
    'sigma',
    'yn ~ normal(mu, sigma)',
    'mu = x + I(x^2); log(sigma) = 1',
    (f, k) => coefficient(f, k, 'sigma', '(Intercept)'),
  ],
  ['intercept', 'yp ~ poisson(lambda)', 'log(lambda) = x', (f, k) => coefficient(f, k, 'lambda', '(Intercept)')],
];

function coefficient({ fixef, mixture: m }: Fit, k: number, predictor: string, name: string): number {
  const row = fixef.find((f) => f.class === m?.classes[k] && f.predictor === predictor && f.name === name);
  return row?.estimate ?? Number.NaN;
}

describe('classes per row stand as their order says', () => {
  test.each(cases)('by %s: %s', (by, likelihood, body, value) => {
    const up = fitted(mixture(likelihood, body, `order z by ${by}`));
    const down = fitted(mixture(likelihood, body, `order z by ${by} descending`));
    expect(value(up, 0)).toBeLessThan(value(up, 1));
    expect(value(down, 0)).toBeGreaterThan(value(down, 1));
    // one fit with two names for each class
    expect(down.logLik).toBeCloseTo(up.logLik, 6);
    const [first, second] = up.mixture?.weights ?? [];
    expect(down.mixture?.weights[0]).toBeCloseTo(second ?? Number.NaN, 4);
    expect(down.mixture?.weights[1]).toBeCloseTo(first ?? Number.NaN, 4);
    up.mixture?.posterior.probabilities.forEach(([p], i) => {
      expect(down.mixture?.posterior.probabilities[i]?.[1]).toBeCloseTo(p ?? Number.NaN, 3);
    });
  });
});

test('log odds of the classes change their sign with their places', () => {
  const gated = (order: string) =>
    fitted(mixture('yn ~ normal(mu, sigma)', 'mu = x + I(x^2)', `prob(z) = softmax(1 + x, baseline = a)\n${order}`));
  const up = gated('order z by intercept');
  const down = gated('order z by intercept descending');
  expect(coefficient(up, 0, 'mu', '(Intercept)')).toBeLessThan(coefficient(up, 1, 'mu', '(Intercept)'));
  expect(down.logLik).toBeCloseTo(up.logLik, 6);
  for (const name of ['(Intercept)', 'x'])
    expect(coefficient(down, 1, 'prob', name)).toBeCloseTo(-coefficient(up, 1, 'prob', name), 3);
});

test('three classes', () => {
  const three = (order: string) =>
    fitted(
      `mixture z {\n  yn ~ normal(mu, sigma)\n  class a, b, c { mu = 1 }\n}\n${order}\nsigma ~ inverse_gamma(2, 2)`,
    );
  const up = three('order z by intercept');
  const down = three('order z by intercept descending');
  const values = (f: Fit) => [0, 1, 2].map((k) => coefficient(f, k, 'mu', '(Intercept)'));
  expect(values(up)).toEqual(values(up).toSorted((p, q) => p - q));
  values(down).forEach((v, k) => {
    expect(v).toBeCloseTo(values(up)[2 - k] ?? Number.NaN, 3);
  });
});

test('a class that holds no row is named', () => {
  // no count is a thousand
  const source = `mixture z {
  class some { yp ~ poisson(lambda); log(lambda) = x + I(x^2) }
  class none { yp ~ dirac(1000) }
}`;
  const found = fitted(source);
  expect(found.mixture?.weights[1]).toBeLessThan(1e-3);
  expect(found.warnings.map((w) => w.code)).toContain('MM561');
  expect(found.warnings.find((w) => w.code === 'MM561')?.hint).toContain('prob(z)');
});
