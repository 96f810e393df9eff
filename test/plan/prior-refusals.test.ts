import { describe, expect, test } from 'vitest';
import { compile } from '../../src/compile.js';
import { schemaOf } from '../../src/data/schema-of.js';
import { fit } from '../../src/fit.js';
import { tableOf } from '../engines/lmm/prior-models.js';
import { expectDiagnostics } from '../semantics/expect-diagnostics.js';

const model = 'Reaction ~ normal(mu, sigma)\nmu = Days + trt + (Days | Subject)\n';
const expectPrior = (marked: string, codes: readonly string[]) => expectDiagnostics(model + marked, codes);

describe('priors that cannot be what was meant, each with its own code', () => {
  test.each([
    ['wrong dimension', '[intercept, beta[Days]] ~ multi_normal(«[0, 0, 0]», diag(1, 1))', 'MM362'],
    ['wrong dimension', 'cov(Subject) ~ wishart(df = 5, scale = «diag(1, 1, 1)»)', 'MM362'],
    ['df too small', 'cov(Subject) ~ inverse_wishart(df = «1», scale = diag(1, 1))', 'MM364'],
    ['negative scale', 'beta ~ normal(0, «-1»)', 'MM359'],
    ['negative scale', 'sd(Subject) ~ half_t(3, 0, «-2»)', 'MM359'],
    ['a matrix that is none', 'cov(Subject) ~ wishart(df = 5, scale = «[[1, 2], [2, 1]]»)', 'MM363'],
    ['unknown coefficient', 'beta[«Dayz»] ~ normal(0, 1)', 'MM213'],
    ['a data column', '«Days» ~ normal(0, 1)', 'MM220'],
    ['no maximum', '«sd(Subject) ~ gamma(0.5, 1)»', 'MM390'],
    ['no maximum', '«sd(Subject)^2 / sigma^2 ~ gamma(0.9, 1)»', 'MM390'],
    ['no maximum', '«cov(Subject) ~ wishart(df = 2.5, scale = diag(1, 1))»', 'MM390'],
    ['no maximum', '«cor(Subject) ~ lkj(0.5)»', 'MM390'],
    ['no integral', '«beta ~ laplace(0, 1)»\nfit reml', 'MM388'],
    ['no integral', '«penalize beta[Days]^2»\nfit reml', 'MM388'],
  ])('%s: %s', (_, statement, code) => {
    expectPrior(statement, [code]);
  });

  test('ml is taken where nothing says how to fit, and said', () => {
    const [note] = expectPrior('«beta ~ laplace(0, 1)»', ['MM389']);
    expect(note?.severity).toBe('note');
    expectPrior('beta ~ laplace(0, 1)\nfit ml', []);
    expectPrior('beta ~ normal(0, 1)', []);
  });

  test('a serial effect has no one covariance matrix', () => {
    expectDiagnostics(
      'Reaction ~ normal(mu, sigma)\nmu = x + ar1(Days | Subject)\n«cov(Subject)» ~ wishart(4, diag(1, 1))',
      ['MM391'],
    );
  });

  test('bounded densities are not refused', () => {
    for (const prior of [
      'sd(Subject) ~ gamma(1, 1)',
      'cov(Subject) ~ wishart(df = 3, scale = diag(1, 1))',
      'cor(Subject) ~ lkj(1)',
      'sigma ~ gamma(0.5, 1)',
      'sd(Subject) ~ inverse_gamma(0.1, 0.1)',
    ])
      expectPrior(prior, []);
  });
});

test('a matrix that does not fit what the data make of a factor', async () => {
  const table = await tableOf('cake.csv');
  // what no level of is left is not a column
  const source =
    "where recipe != 'C'\nangle ~ normal(mu, sigma)\nmu = recipe + (0 + recipe | replicate)\ncov(replicate) ~ wishart(df = 6, scale = diag(1, 1, 1))\n";
  const [model] = compile(source, { schema: schemaOf(table) }).models;
  const { fit: found, diagnostics } = fit(model, table);
  expect(found).toBeUndefined();
  expect(diagnostics.map((d) => d.code)).toEqual(['MM463']);
  expect(diagnostics[0].message).toContain('dimension 2');
});
