import { describe, expect, test } from 'vitest';
import { compile } from '../../src/compile.js';
import { explain } from '../../src/explain.js';
import type { ModelGraph } from '../../src/graph/model-graph.js';
import { lmmMethod, lmmPenalty, lmmPrior, type PriorComputation } from '../../src/priors/lmm-prior.js';
import { schema } from '../semantics/schema.js';

const model = 'Reaction ~ normal(mu, sigma)\nmu = Days + trt + (Days | Subject)\n';

function compiled(statement: string) {
  const [found] = compile(`${model}${statement}`, { schema }).models;
  if (found.graph === undefined) throw new Error(`no graph for ${statement}`);
  return found;
}

function graphOf(statement: string): ModelGraph {
  const { graph } = compiled(statement);
  if (graph === undefined) throw new Error('no graph');
  return graph;
}

describe('the computation of each prior', () => {
  const table: readonly (readonly [PriorComputation, readonly string[]])[] = [
    [
      'decomposition',
      [
        'beta ~ normal(0, 2.5 * sigma)',
        'intercept ~ normal(250, sigma / 2)',
        'beta ~ normal(0, sqrt(2 * sigma^2))',
        '[intercept, beta[Days]] ~ multi_normal([1, 2], sigma^2 * diag(10, 1))',
        'beta / sigma ~ normal(0, 2)',
        'beta[Days] - beta[trtdrug] ~ normal(0, sigma)',
      ],
    ],
    [
      'eigen',
      [
        'beta ~ normal(0, 2.5)',
        'intercept ~ normal(250, sqrt(50))',
        '[intercept, beta[Days]] ~ multi_normal([0, 0], [[800, 30], [30, 50]])',
        '2 * beta[Days] + 3 ~ normal(0, 1)',
        'beta ~ multi_normal(0, diag(1, 2, 3))',
      ],
    ],
    [
      'joint',
      [
        'beta ~ student_t(3, 0, 1)',
        'beta ~ laplace(0, sigma)',
        'beta[Days] ~ horseshoe(1)',
        'beta ~ cauchy(0, 1)',
        'beta ~ normal(sigma, 1)',
        'beta ~ normal(0, 1 + sigma)',
        'exp(beta[Days]) ~ gamma(2, 1)',
        'beta[Days]^2 ~ exponential(1)',
        'beta / sigma ~ normal(1, 2)',
        '[intercept, beta[Days]] ~ multi_student_t(4, [0, 0], sigma^2 * diag(10, 1))',
      ],
    ],
    [
      'sigma',
      [
        'sigma^2 ~ inverse_gamma(2, 500)',
        'sigma ~ gamma(2, 0.1)',
        'sigma^2 ~ gamma(2, 0.01)',
        'sigma ~ half_normal(10)',
        'sigma ~ exponential(0.1)',
        'sd(Subject) ~ gamma(2, 0.1)',
        'sd(Subject)^2 ~ inverse_gamma(2, 1)',
        'sd(Subject)[Days] ~ half_normal(3)',
        'sd(Subject) ~ gamma(2.5, 0)',
        'cov(Subject) ~ wishart(df = 5, scale = diag(1, 2))',
        'cov(Subject) ~ wishart(df = 5, scale = inf)',
        'cov(Subject) ~ inverse_wishart(df = 4, scale = diag(1, 2))',
        'sqrt(cov(Subject)) ~ inverse_wishart(df = 4, scale = diag(1, 2))',
        'sqrt(sd(Subject)^2) ~ gamma(2, 1)',
      ],
    ],
    [
      'theta',
      [
        'cov(Subject) / sigma^2 ~ wishart(df = 4.5, scale = inf)',
        'sd(Subject) / sigma ~ half_t(3, 0, 1)',
        'sd(Subject)^2 / sigma^2 ~ gamma(2, 1)',
        'sd(Subject) ~ half_cauchy(2 * sigma)',
        'sd(Subject) ~ gamma(2, 1 / sigma)',
        'cov(Subject) ~ inverse_wishart(df = 4, scale = sigma^2 * diag(1, 2))',
        'cor(Subject) ~ lkj(2)',
        'sd(Subject)[Days] / sd(Subject)[intercept] ~ lognormal(0, 1)',
      ],
    ],
    [
      'search',
      [
        'sigma ~ half_t(3, 0, 20)',
        'sigma ~ lognormal(0, 1)',
        'sd(Subject) ~ half_t(3, 0, 20)',
        'sd(Subject) ~ half_normal(1, 2)',
        'sd(Subject) ~ uniform(0, 10)',
        'log(sd(Subject)) ~ normal(0, 1)',
        'sd(Subject)^2 ~ half_normal(10)',
        'sd(Subject) + sigma ~ gamma(2, 1)',
      ],
    ],
    ['none', ['beta ~ normal(0, inf)', 'sd(Subject) ~ half_t(3, 0, inf)', 'sigma ~ half_cauchy(inf)']],
  ];
  test.each(table.flatMap(([computation, statements]) => statements.map((s) => [s, computation] as const)))(
    '%s: %s',
    (statement, computation) => {
      const graph = graphOf(statement);
      expect(graph.priors).toHaveLength(1);
      expect(lmmPrior(graph.priors[0], graph).computation).toBe(computation);
      // and `explain` names it
      const text = explain(compiled(statement));
      expect(text).toContain('no Jacobian');
      const words = {
        none: 'adds nothing',
        decomposition: 'enters the decomposition',
        eigen: 'one eigen-decomposition for each theta',
        sigma: 'profiled in closed form',
        theta: 'enters the optimizer: added to the deviance',
        search: 'sigma searched',
        joint: 'the coefficients and sigma with it',
        added: '',
      };
      expect(text).toContain(words[computation]);
    },
  );

  test.each([
    ['penalize 0.01 * (sd(Subject)[Days] / sigma - 5)^2', 'theta'],
    ['penalize 0.01 * (sd(Subject)[Days] - 5)^2', 'search'],
    ['penalize (beta[Days] - 3)^2', 'joint'],
    ['penalize (beta[Days] / sd(Subject)[Days])^2', 'joint'],
  ])('%s: %s', (statement, computation) => {
    const graph = graphOf(statement);
    expect(lmmPenalty(graph.penalties[0], graph)).toBe(computation);
  });
});

test('what a closed form adds to h(sigma) is said', () => {
  const said = (statement: string) => explain(compiled(statement)).replace(/\s+/g, ' ');
  expect(said('sigma^2 ~ inverse_gamma(2, 500)')).toContain('6 to nu and 1000 to A');
  expect(said('sigma^2 ~ gamma(2, 0.01)')).toContain('-2 to nu and 0.02 to C');
  expect(said('sigma ~ inverse_gamma(2, 20)')).toContain('3 to nu and 40 to B');
  expect(said('sigma ~ gamma(3, 0.5)')).toContain('-2 to nu and 1 to D');
  expect(said('beta ~ normal(0, 2 * sigma)')).toContain('1 to nu for each');
});

test('the method that a model without one is fitted by', () => {
  expect(lmmMethod(graphOf('beta ~ normal(0, 1)'))).toBe('reml');
  expect(lmmMethod(graphOf('beta ~ cauchy(0, 1)'))).toBe('ml');
  expect(lmmMethod(graphOf('penalize beta[Days]^2'))).toBe('ml');
  expect(lmmMethod(graphOf('beta ~ normal(0, 1)\nfit ml'))).toBe('ml');
  expect(lmmMethod(graphOf('sd(Subject) ~ half_t(3, 0, 1)\nfit reml'))).toBe('reml');
});
