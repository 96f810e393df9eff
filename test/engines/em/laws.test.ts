import { describe, expect, test } from 'vitest';
import { fitEm } from '../../../src/engines/em/fit-em.js';
import { quadratureRule } from '../../../src/engines/em/node-rules.js';
import { fitGlmm } from '../../../src/engines/glmm/fit-glmm.js';
import { fitLmm } from '../../../src/engines/lmm/fit-lmm.js';
import type { Fit } from '../../../src/results/fit.js';
import { bindProgram } from '../glmm/bind.js';
import { bindMixture, draws as drawRule } from './problem.js';
import { type SimulatedColumns, simulate } from './simulate.js';

/** Two certified optima of the same function, in log-likelihood. */
const optimumTolerance = 1e-6;
/** Their estimates, in standard errors: what a decrement of 1e-8 leaves. */
const estimateTolerance = 1e-3;
const seTolerance = 1e-3;

const columns = simulate({ groups: 40, rows: 8 });

function em(program: string, data: SimulatedColumns = columns): Fit {
  const { graph, design } = bindProgram(program, data);
  return fitEm(graph, design, {});
}

function agree(ours: Fit, theirs: Fit): void {
  expect(ours.converged).toBe(true);
  expect(Math.abs(ours.logLik - theirs.logLik)).toBeLessThan(optimumTolerance);
  for (const row of theirs.fixef) {
    const mine = ours.fixef.find((f) => f.name === row.name && f.predictor === row.predictor);
    const se = row.se ?? Number.NaN;
    expect(Math.abs((mine?.estimate ?? Number.NaN) - (row.estimate ?? Number.NaN)) / se, row.name).toBeLessThan(
      estimateTolerance,
    );
    expect(Math.abs((mine?.se ?? Number.NaN) / se - 1), `se ${row.name}`).toBeLessThan(seTolerance);
  }
  theirs.varcorr.forEach((block, b) => {
    block.sd.forEach((sd, c) => {
      expect(Math.abs(ours.varcorr[b].sd[c] / sd - 1), `sd ${block.group}`).toBeLessThan(estimateTolerance);
    });
  });
  ours.fitted.forEach((v, i) => {
    expect(Math.abs(v - theirs.fitted[i])).toBeLessThan(1e-3 * (1 + Math.abs(v)));
  });
}

describe('a mixture of one class is the model without classes', () => {
  const one = (likelihood: string, body: string, fit: string) =>
    em(`mixture z per id { ${likelihood}\n class all { ${body} } }\n fit ${fit}`);

  test.each([
    ['poisson', 'c ~ poisson(lambda)', 'log(lambda) = x + (1 | id)'],
    ['binomial', 't ~ binomial(ten, p)', 'logit(p) = x + (1 | id)'],
    ['gamma', 'pos ~ gamma(mu, shape)', 'log(mu) = x + (1 | id)'],
    ['vector effect', 'c ~ poisson(lambda)', 'log(lambda) = x + (1 + x | id)'],
  ])('by quadrature: %s', (name, likelihood, body) => {
    const points = name === 'vector effect' ? 11 : 25;
    const { graph, design } = bindProgram(`${likelihood}\n${body}\nfit agq(${points})`, columns);
    agree(one(likelihood, body, `em(quadrature = ${points})`), fitGlmm(graph, design, {}));
  });

  test.each([
    ['random intercept', 'mu = x + (1 | id)'],
    ['correlated slope', 'mu = x + (1 + x | id)'],
    ['nested', 'mu = x + (1 | id) + (1 | unit)'],
    ['units that sum to zero', 'mu = x + (1 | id) + sum_to_zero(1 | unit)'],
  ])('normal, closed form: %s', (_name, body) => {
    const { graph, design } = bindProgram(`y ~ normal(mu, sigma)\n${body}\nfit ml`, columns);
    const theirs = fitLmm(graph, design, { degreesOfFreedom: 'none' });
    const ours = one('y ~ normal(mu, sigma)', body, 'em');
    expect(Math.abs(ours.logLik - theirs.logLik)).toBeLessThan(optimumTolerance);
    expect(Math.abs((ours.sigma ?? Number.NaN) / (theirs.sigma ?? Number.NaN) - 1)).toBeLessThan(estimateTolerance);
    theirs.varcorr.forEach((block, b) => {
      block.sd.forEach((sd, c) => {
        expect(Math.abs(ours.varcorr[b].sd[c] / sd - 1)).toBeLessThan(estimateTolerance);
      });
    });
    theirs.ranef.forEach((block, b) => {
      block.mode.forEach((row, l) => {
        row.forEach((v, c) => {
          expect(Math.abs(ours.ranef[b].mode[l][c] - v)).toBeLessThan(1e-3);
          // the LMM engine's hold the uncertainty of the fixed effects, too
          expect(ours.ranef[b].sd[l][c]).toBeLessThan(block.sd[l][c] + 1e-3);
        });
      });
    });
  });
});

const twoClasses = (fit: string) => `
  v = (1 | id)
  mixture z per id {
    c ~ poisson(lambda)
    class low, high { log(lambda) = x + v }
  }
  order z by intercept
  fit ${fit}`;

test('the order of the rows and the names of the groups change nothing', () => {
  const n = (columns.c as number[]).length;
  const order = Array.from({ length: n }, (_, i) => (i * 89) % n);
  const shuffled: Record<string, number[] | string[]> = {};
  for (const [name, values] of Object.entries(columns)) {
    const moved = order.map((i) => values[i]);
    shuffled[name] = name === 'id' ? moved.map((v) => `x${v}`) : (moved as number[] | string[]);
  }
  const one = em(twoClasses('em(quadrature = 15)'));
  const other = em(twoClasses('em(quadrature = 15)'), shuffled);
  expect(Math.abs(one.logLik - other.logLik)).toBeLessThan(optimumTolerance);
  one.fixef.forEach((row, i) => {
    expect(Math.abs((row.estimate ?? 0) - (other.fixef[i].estimate ?? Number.NaN))).toBeLessThan(
      estimateTolerance * (row.se ?? Number.NaN),
    );
  });
  const { levels, probabilities } = other.mixture?.posterior ?? { levels: [], probabilities: [] };
  const posterior = one.mixture?.posterior;
  posterior?.levels.forEach((level, g) => {
    const at = levels.indexOf(`x${level}`);
    expect(Math.abs(probabilities[at][0] - posterior.probabilities[g][0])).toBeLessThan(1e-5);
  });
  order.forEach((from, at) => {
    expect(Math.abs(other.fitted[at] - one.fitted[from])).toBeLessThan(1e-4 * (1 + one.fitted[from]));
  });
});

test('closed forms agree with quadrature of the same normal density', () => {
  const program = (sigma: string) => `
    v = (1 + x | id)
    mixture z per id {
      y ~ ${sigma}
      class low, high { mu = x + v }
    }
    order z by intercept`;
  // a t with many degrees of freedom is integrated by points, and is all but normal
  const closed = bindMixture(program('normal(mu, 0.7)'), columns, quadratureRule(3));
  const points = bindMixture(program('student_t(1e7, mu, 0.7)'), columns, quadratureRule(15));
  expect(points.x.length).toBe(closed.x.length);
  const value = closed.objective.evaluate(closed.x, null);
  points.objective.evaluate(closed.x, null);
  points.objective.eStep.adapt();
  expect(Math.abs(points.objective.evaluate(closed.x, null) - value)).toBeLessThan(1e-3);
});

describe('draws', () => {
  const rules = [
    ['sobol', 'em(draws = 512, seed = 3)', 0.05],
    ['halton', 'em(draws = 500, seed = 3, sampler = halton)', 0.05],
    ['random', 'em(draws = 2000, seed = 3, sampler = random)', 0.2],
    ['t with one degree of freedom', 'em(draws = 512, seed = 3, df = 1)', 0.05],
  ] as const;
  const exact = em(twoClasses('em(quadrature = 41)'));

  test.each(rules)('%s agree with quadrature within their own error', (_name, fit, inSe) => {
    const sampled = em(twoClasses(fit));
    const error = sampled.mixture?.logLikMcse ?? Number.NaN;
    expect(error).toBeGreaterThan(0);
    expect(error).toBeLessThan(0.2);
    // the maximum of a function with errors lies a little above that of the function
    expect(Math.abs(sampled.logLik - exact.logLik)).toBeLessThan(4 * error);
    expect(sampled.converged).toBe(true);
    expect(sampled.mixture?.ess?.min).toBeGreaterThan(100);
    expect(sampled.mixture?.khat?.max).toBeLessThan(0.7);
    exact.fixef.forEach((row, i) => {
      const difference = (row.estimate ?? 0) - (sampled.fixef[i].estimate ?? Number.NaN);
      expect(Math.abs(difference)).toBeLessThan(inSe * (row.se ?? Number.NaN));
      expect(Math.abs((sampled.fixef[i].se ?? Number.NaN) / (row.se ?? Number.NaN) - 1)).toBeLessThan(inSe);
    });
  });

  test('the same seed gives the same fit, another one another', () => {
    const fits = ['3', '3', '4'].map((seed) => em(twoClasses(`em(draws = 64, seed = ${seed})`)));
    expect(fits[1].logLik).toBe(fits[0].logLik);
    expect(Array.from(fits[1].vcov)).toEqual(Array.from(fits[0].vcov));
    expect(fits[2].logLik).not.toBe(fits[0].logLik);
  });

  test('the Monte Carlo error is that of the log-likelihood', () => {
    const { objective, x } = bindMixture(twoClasses('em'), columns, quadratureRule(61));
    const truth = objective.evaluate(x, null) / -2;
    const values = Array.from({ length: 30 }, (_, r) => {
      const sampled = bindMixture(twoClasses('em'), columns, drawRule(40, 32, `r${r}`));
      return sampled.objective.evaluate(x, null) / -2;
    });
    const spread = Math.sqrt(values.reduce((t, v) => t + (v - truth) ** 2, 0) / values.length);
    const mean = values.reduce((t, v) => t + v / values.length, 0);
    // unbiased but for the logarithm of an average
    expect(Math.abs(mean - truth)).toBeLessThan(3 * (spread / Math.sqrt(values.length)) + spread ** 2);
  });
});

test('groups of one row and of two thousand stand in one fit', () => {
  const small = simulate({ groups: 40, rows: 1, seed: 5 });
  const large = simulate({ groups: 2, rows: 2000, seed: 6 });
  const both: Record<string, number[] | string[]> = {};
  for (const name of ['id', 'x', 'c'])
    both[name] = [
      ...(small[name] as string[]),
      ...(large[name] as (string | number)[]).map((v) => (name === 'id' ? `big${v}` : v)),
    ] as string[];
  for (const fit of ['em(quadrature = 11)', 'em(draws = 128)']) {
    const found = em(twoClasses(fit), both);
    expect(Number.isFinite(found.logLik)).toBe(true);
    expect(found.converged).toBe(true);
    const big = found.mixture?.posterior.levels.findIndex((l) => l.startsWith('big')) ?? -1;
    const p = found.mixture?.posterior.probabilities[big] ?? [];
    expect(Math.abs(p.reduce((t, v) => t + v, 0) - 1)).toBeLessThan(1e-12);
    expect(found.fitted.every(Number.isFinite)).toBe(true);
  }
});

test('two equal classes: the likelihood of one, and a warning', () => {
  // counts of one class only
  const single: Record<string, number[]> = { id: [], c: [] };
  for (let g = 0; g < 30; g++)
    for (let j = 0; j < 4; j++) {
      single.id.push(g);
      single.c.push(Math.floor(3 + 2 * Math.sin(7 * g + 3 * j)));
    }
  const program = (classes: string) =>
    `mixture z per id { c ~ poisson(lambda)\n class ${classes} { log(lambda) = 1 } }\norder z by intercept\nfit em`;
  const one = em(program('all'), single);
  const two = em(program('low, high'), single);
  // a mixture never fits worse, and a spread below Poisson leaves it nothing to gain
  expect(two.logLik).toBeGreaterThan(one.logLik - optimumTolerance);
  expect(two.logLik).toBeLessThan(one.logLik + 1e-3);
  expect(two.warnings.map((w) => w.code).some((code) => code === 'MM562' || code === 'MM561')).toBe(true);
  expect(two.converged).toBe(true);
});
