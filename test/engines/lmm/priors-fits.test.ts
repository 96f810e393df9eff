import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findOptimum } from '../../../src/engines/lmm/find-optimum.js';
import { optimizeJoint } from '../../../src/engines/lmm/priors/fit-joint.js';
import { jointProblem } from '../../../src/engines/lmm/priors/joint-problem.js';
import { profiledDeviance } from '../../../src/engines/lmm/profiled-deviance.js';
import { internalTheta } from '../../../src/engines/lmm/public-theta.js';
import { startTheta } from '../../../src/engines/lmm/start-theta.js';
import type { Fit } from '../../../src/results/fit.js';
import { fitToJson } from '../../../src/results/fit-json.js';
import { summaryText } from '../../../src/results/summary-text.js';
import { bindModel } from './prior-models.js';

const sleep = 'Reaction ~ normal(mu, sigma)\nmu = Days + (Days | Subject)\n';
const fitOf = async (source: string, file = 'sleepstudy.csv'): Promise<Fit> => (await bindModel(source, file)).fit();
const estimate = (fit: Fit, name: string): number => fit.fixef.find((f) => f.name === name)?.estimate ?? Number.NaN;

/** Two optima of one objective, each converged to a decrement below 1e-6 and in fact far below. */
const sameObjective = 1e-6;

describe('limits', () => {
  test.each(['reml', 'ml'])('an infinite scale is no prior, exactly (%s)', async (method) => {
    const plain = await fitOf(`${sleep}fit ${method}`);
    const wide = await fitOf(
      `${sleep}beta ~ normal(0, inf)\nintercept ~ normal(3, inf)\nsd(Subject) ~ half_normal(inf)\nsigma ~ half_cauchy(inf)\nfit ${method}`,
    );
    expect(wide.objective).toBe(plain.objective);
    expect(wide.theta).toEqual(plain.theta);
    expect(wide.fixef.map((f) => [f.estimate, f.se])).toEqual(plain.fixef.map((f) => [f.estimate, f.se]));
    wide.fixef.forEach((f, j) => {
      expect(f.df).toBeCloseTo(plain.fixef[j].df ?? Number.NaN, 4);
    });
    expect(wide.priors?.map((p) => [p.computation, p.minus2logDensity])).toEqual(
      new Array(4).fill(0).map(() => ['none', 0]),
    );
  });

  test('ever wider scales come ever nearer', async () => {
    const plain = await fitOf(`${sleep}fit reml`);
    const gaps: number[] = [];
    for (const sd of [1e3, 1e5, 1e7]) {
      const fit = await fitOf(`${sleep}intercept ~ normal(0, ${sd})\nbeta ~ normal(0, ${sd})\nfit reml`);
      // what is left of two proper densities is their constants
      gaps.push(Math.abs(fit.objective - plain.objective - 2 * Math.log(2 * Math.PI * sd * sd)));
    }
    expect(gaps[0]).toBeGreaterThan(gaps[1]);
    expect(gaps[1]).toBeGreaterThan(gaps[2]);
    expect(gaps[2]).toBeLessThan(1e-8);
  });
});

test('without random effects a normal prior on the common scale is ridge regression', async () => {
  const source = 'Reaction ~ normal(mu, sigma)\nmu = Days\nbeta ~ normal(2, 0.1 * sigma)\nfit ml';
  const { work, fit } = await bindModel(source, 'sleepstudy.csv');
  const { X, y, rows } = work.model;
  const columns = [X.subarray(0, rows), X.subarray(rows)];
  const dot = (a: Float64Array, b: Float64Array) => a.reduce((t, v, i) => t + v * b[i], 0);
  const [[a, b], [, d]] = columns.map((u) => columns.map((v) => dot(u, v)));
  const right = [dot(columns[0], y), dot(columns[1], y) + 2 / 0.01];
  const det = a * (d + 1 / 0.01) - b * b;
  const beta = [(right[0] * (d + 1 / 0.01) - b * right[1]) / det, (a * right[1] - b * right[0]) / det];
  const square = y.reduce((t, v, i) => t + (v - beta[0] - beta[1] * columns[1][i]) ** 2, 0) + (beta[1] - 2) ** 2 / 0.01;
  const found = fit();
  expect(estimate(found, '(Intercept)')).toBeCloseTo(beta[0], 8);
  expect(estimate(found, 'Days')).toBeCloseTo(beta[1], 8);
  expect(found.sigma).toBeCloseTo(Math.sqrt(square / (rows + 1)), 8);
  const sigma = found.sigma ?? Number.NaN;
  const objective = (rows + 1) * Math.log(2 * Math.PI * sigma * sigma) + square / sigma ** 2 + 2 * Math.log(0.1);
  expect(found.objective).toBeCloseTo(objective, 7);
});

/** The model with the coefficient of Days held at b by an offset, by ML and without priors. */
async function heldAt(b: number): Promise<number> {
  const fit = await fitOf(
    `let shift = ${b} * Days\nReaction ~ normal(mu, sigma)\nmu = 1 + offset(shift) + (Days | Subject)\nfit ml`,
  );
  return fit.deviance;
}

describe('priors of coefficients that are not normal, against profiles over the coefficient', () => {
  const densities: readonly (readonly [prior: string, minus2: (b: number) => number])[] = [
    ['laplace(0, 0.05)', (b) => 2 * Math.log(0.1) + (2 * Math.abs(b)) / 0.05],
    ['laplace(9, 0.2)', (b) => 2 * Math.log(0.4) + (2 * Math.abs(b - 9)) / 0.2],
    ['laplace(0, 5)', (b) => 2 * Math.log(10) + (2 * Math.abs(b)) / 5],
    ['cauchy(3, 0.5)', (b) => 2 * Math.log(Math.PI * 0.5) + 2 * Math.log(1 + ((b - 3) / 0.5) ** 2)],
    ['student_t(1, 0, 2)', (b) => 2 * Math.log(Math.PI * 2) + 2 * Math.log(1 + (b / 2) ** 2)],
    ['uniform(0, 8)', (b) => (b < -1e-9 || b > 8 + 1e-9 ? Number.POSITIVE_INFINITY : 2 * Math.log(8))],
  ];
  test.each(densities)('beta[Days] ~ %s', async (prior, minus2) => {
    const fit = await fitOf(`${sleep}beta[Days] ~ ${prior}\nfit ml`);
    expect(fit.converged).toBe(true);
    const b = estimate(fit, 'Days');
    const objective = async (at: number): Promise<number> => (await heldAt(at)) + minus2(at);
    const here = await objective(b);
    expect(Math.abs(here - fit.objective)).toBeLessThan(sameObjective);
    expect(Math.abs((await heldAt(b)) - fit.deviance)).toBeLessThan(sameObjective);
    for (const step of [-3, -0.1, -0.01, 0.01, 0.1, 3]) expect(await objective(b + step)).toBeGreaterThan(here);
    for (const at of [0, 3, 8, 9, 10.4]) expect(await objective(at)).toBeGreaterThan(here - sameObjective);
  });

  test('a coefficient at the corner is exactly there, and has no standard error', async () => {
    const zero = await fitOf(`${sleep}beta[Days] ~ laplace(0, 0.05)\nfit ml`);
    expect(zero.fixef[1]).toMatchObject({ name: 'Days', estimate: 0, se: null, df: null, p: null });
    const nine = await fitOf(`${sleep}beta[Days] ~ laplace(9, 0.2)\nfit ml`);
    expect(nine.fixef[1]).toMatchObject({ name: 'Days', estimate: 9, se: null });
  });

  test('some of many coefficients are at the corner', async () => {
    const source =
      'let a = sin(row())\nlet b = cos(row())\nlet c = sin(2 * row())\nangle ~ normal(mu, sigma)\nmu = recipe + temperature + a + b + c + (1 | replicate)\nbeta ~ laplace(0, 0.1)\nfit ml';
    const fit = await fitOf(source, 'cake.csv');
    expect(fit.converged).toBe(true);
    const zeros = fit.fixef.filter((f) => f.estimate === 0);
    expect(zeros.length).toBeGreaterThan(2);
    expect(zeros.length).toBeLessThan(fit.fixef.length - 1);
    // any change of one coefficient, the others and all else at their estimates, makes it worse
    const { work } = await bindModel(source, 'cake.csv');
    const first = findOptimum(work, {});
    const found = optimizeJoint(work, true, first.certificate.hessian);
    expect(found.optimum.certificate.decrement * work.model.rows).toBeLessThan(1e-6);
    expect(Math.abs(work.at.objective - fit.objective)).toBeLessThan(sameObjective);
  });

  test('REML is not what such a model is fitted by', async () => {
    expect((await fitOf(`${sleep}beta ~ cauchy(0, 5)\n`)).method).toBe('ml');
    expect((await fitOf(`${sleep}beta ~ normal(0, 5)\n`)).method).toBe('reml');
  });

  test('a horseshoe leaves a large coefficient where it is and pulls a small one in', async () => {
    const { fixef } = await fitOf(
      `let noise = sin(row())\nReaction ~ normal(mu, sigma)\nmu = Days + noise + (Days | Subject)\nbeta ~ horseshoe(0.5)\n`,
    );
    const plain = await fitOf(
      `let noise = sin(row())\nReaction ~ normal(mu, sigma)\nmu = Days + noise + (Days | Subject)\nfit ml`,
    );
    const of = (rows: Fit['fixef'], name: string) => rows.find((f) => f.name === name)?.estimate ?? Number.NaN;
    expect(Math.abs(of(fixef, 'Days') / of(plain.fixef, 'Days') - 1)).toBeLessThan(0.06);
    expect(Math.abs(of(fixef, 'noise'))).toBeLessThan(Math.abs(of(plain.fixef, 'noise')) / 2);
  });
});

describe('bounds and corners of standard deviations', () => {
  test('sigma at the bound of a uniform prior is sigma held there', async () => {
    const bound = await fitOf(`${sleep}sigma ~ uniform(0, 20)\nfit reml`);
    const held = await fitOf(`${sleep}fix sigma = 20\nfit reml`);
    expect(bound.converged).toBe(true);
    expect(bound.sigma).toBeCloseTo(20, 9);
    expect(Math.abs(bound.objective - held.objective - 2 * Math.log(20))).toBeLessThan(sameObjective);
  });

  test('a bound that nothing reaches adds its constant and nothing else', async () => {
    const plain = await fitOf(`${sleep}fit reml`);
    const wide = await fitOf(`${sleep}sd(Subject) ~ uniform(0, 100)\nfit reml`);
    expect(Math.abs(wide.objective - plain.objective - 4 * Math.log(100))).toBeLessThan(1e-9);
    expect(wide.sigma).toBeCloseTo(plain.sigma ?? Number.NaN, 6);
  });

  test('an exponential prior holds a standard deviation at zero: the model without it', async () => {
    const source = 'Yield ~ normal(mu, sigma)\nmu = 1 + (1 | Batch)\nsd(Batch) ~ exponential(1)\n';
    for (const file of ['Dyestuff2.csv', 'Dyestuff.csv']) {
      const fit = await fitOf(source, file);
      const without = await fitOf('Yield ~ normal(mu, sigma)\nmu = 1\n', file);
      expect(fit.converged).toBe(true);
      expect(fit.singular).toBe(true);
      expect(fit.varcorr[0].sd[0]).toBe(0);
      expect(Math.abs(fit.objective - without.objective)).toBeLessThan(sameObjective);
    }
  });

  test('one row of an unstructured block at zero: the block without that column', async () => {
    const constant = 2 * Math.log(50);
    const slope = await fitOf(`${sleep}sd(Subject)[Days] ~ exponential(50)\nfit reml`);
    const intercept = await fitOf('Reaction ~ normal(mu, sigma)\nmu = Days + (1 | Subject)\nfit reml');
    expect(slope.converged).toBe(true);
    expect(slope.varcorr[0].sd[1]).toBe(0);
    expect(Math.abs(slope.objective - intercept.objective + constant)).toBeLessThan(sameObjective);
  });

  test('a corner away from zero', async () => {
    const fit = await fitOf(`${sleep}sd(Subject)[Days] ~ laplace(5, 0.1)\nfit reml`);
    expect(fit.converged).toBe(true);
    expect(fit.varcorr[0].sd[1]).toBeCloseTo(5, 9);
    // on either side it is worse, with a hand that is steep enough to hold it there
    for (const at of [4.9, 5.1]) {
      const moved = await fitOf(`${sleep}penalize 1e6 * (sd(Subject)[Days] - ${at})^2\nfit reml`);
      const density = 2 * Math.log(0.2) + 2 * (0.1 / 0.1);
      expect(moved.deviance + density).toBeGreaterThan(fit.objective);
    }
  });
});

describe('larger models', () => {
  test.each([
    ['maximal-lkj', 'sim_maximal.csv'],
    ['orthodont-sqrt-invwishart', 'Orthodont.csv'],
  ])('%s: profiled and joint optimizer agree', async (name, file) => {
    const source = readFileSync(join(import.meta.dirname, '..', '..', 'models', 'extra', `${name}.mm`), 'utf8');
    const { work, graph, fit } = await bindModel(source, file);
    const found = fit();
    expect(found.converged).toBe(true);
    profiledDeviance(
      work,
      startTheta(work).map((v) => 0.8 * v + 0.05),
    );
    optimizeJoint(work, graph.method?.name === 'ml', null);
    expect(Math.abs(work.at.objective - found.objective)).toBeLessThan(sameObjective);
  });

  test('a statement on one column replaces the general one', async () => {
    const both = await fitOf(`${sleep}sd(Subject) ~ gamma(2, 0.1)\nsd(Subject)[Days] ~ gamma(3, 1)\n`);
    const each = await fitOf(`${sleep}sd(Subject)[intercept] ~ gamma(2, 0.1)\nsd(Subject)[Days] ~ gamma(3, 1)\n`);
    expect(Math.abs(both.objective - each.objective)).toBeLessThan(1e-9);
    const slopes = await fitOf(`${sleep}beta ~ normal(0, 1)\nbeta[Days] ~ normal(10, 2)\n`);
    const one = await fitOf(`${sleep}beta[Days] ~ normal(10, 2)\n`);
    expect(Math.abs(slopes.objective - one.objective)).toBeLessThan(1e-9);
  });
});

describe('where blme 1.0-5 stops early, with its default settings', () => {
  /** The objective at theta (as lme4 has it) and sigma in the response's units. */
  async function objectiveAt(source: string, file: string, theta: readonly number[], sigma: number): Promise<number> {
    const { work } = await bindModel(source, file);
    const problem = jointProblem(work, { thetas: work.parameters, beta: null, sigma: true });
    const own = internalTheta(work.layout, Float64Array.from(theta));
    const x = Math.log(sigma / work.products.response.length);
    return problem.evaluate(Float64Array.from([...own, x]), null) * work.model.rows;
  }

  // estimates and objectives (REML criterion and penalty) as blmer gives them: see examples/README.md
  test('the example', async () => {
    const source = readFileSync(
      join(import.meta.dirname, '..', '..', '..', 'examples', 'sleepstudy-priors.mm'),
      'utf8',
    );
    const theta = [0.79719712423404532, 0.07120502891107065, 0.3105926639086804];
    const there = await objectiveAt(source, 'sleepstudy.csv', theta, 21.57198683986937);
    expect(there).toBeCloseTo(1757.7333877213 + 69.475637546142, 6);
    const fit = await fitOf(source);
    expect(fit.converged).toBe(true);
    expect(fit.objective).toBeCloseTo(1814.60623645471, 6); // test/reference/blme-sleepstudy-combo-absolute-reml.json
  });

  test('absolute covariances of eight random effects', async () => {
    const source =
      'y ~ normal(mu, sigma)\nmu = A * B + (A * B | subj) + (A * B | item)\ncov(subj) ~ wishart(df = 7, scale = diag(0.2, 0.2, 0.2, 0.2))\ncov(item) ~ wishart(df = 7, scale = diag(0.2, 0.2, 0.2, 0.2))\nfit reml';
    const theta = [
      1.3175965143739616, 0.08997758001102618, 0.09639476269216568, 0.06782228459161674, 0.7604771164817447,
      0.03326401588123247, -0.017434518634633855, 0.7319263124945772, 0.026843524419003423, 0.7834188576742195,
      1.1454059886757175, 0.1002275987353702, 0.0419011002496006, 0.12430129680346183, 0.7915690830663479,
      0.020542104336492374, 0.02317277653867212, 0.4018744572994843, -0.000626133070698918, 0.7951012406652178,
    ];
    const there = await objectiveAt(source, 'sim_maximal.csv', theta, 0.954421323184556);
    expect(there).toBeCloseTo(5896.265581692295 + 8.263647097364, 6);
    const fit = await fitOf(source, 'sim_maximal.csv');
    expect(fit.converged).toBe(true);
    expect(fit.objective).toBeLessThan(there - 78);
  });
});

describe('what is reported', () => {
  test('deviance is the likelihood alone; priors are listed', async () => {
    const fit = await fitOf(
      `${sleep}cov(Subject) / sigma^2 ~ wishart(df = 5, scale = diag(2, 0.3))\nintercept ~ normal(0, 20 * sigma)\nbeta[Days] ~ normal(0, 2 * sigma)\nsigma^2 ~ inverse_gamma(3, 1000)\npenalize 0.5 * log(sd(Subject)[Days])^2\nfit ml`,
    );
    const listed = fit.priors ?? [];
    expect(listed.map((p) => p.computation)).toEqual(['theta', 'decomposition', 'decomposition', 'sigma', 'search']);
    const sum = listed.reduce((t, p) => t + p.minus2logDensity, 0);
    expect(Math.abs(fit.objective - fit.deviance - sum)).toBeLessThan(1e-8);
    expect(fit.logLik).toBe(-fit.deviance / 2);
    expect(fitToJson(fit).priors).toEqual(listed);
    const text = summaryText(fit);
    for (const { text: prior } of listed) expect(text).toContain(prior);
  });

  test('without priors the JSON has no such field', async () => {
    const fit = await fitOf(sleep);
    expect(fit.priors).toBeUndefined();
    expect('priors' in fitToJson(fit)).toBe(false);
  });

  test('warnings: idle priors, posteriors without a maximum', async () => {
    const idle = await fitOf(
      'let twice = 2 * Days\nReaction ~ normal(mu, sigma)\nmu = Days + twice + (Days | Subject)\nbeta[twice] ~ normal(0, 1)\n',
    );
    expect(idle.warnings.map((w) => w.code)).toEqual(['MM503', 'MM510']);
    expect(idle.objective).toBeCloseTo((await fitOf(sleep)).objective, 6);
    const away = await fitOf(`${sleep}cov(Subject) ~ wishart(df = 60, scale = inf)\n`);
    expect(away.converged).toBe(false);
    expect(away.warnings.map((w) => w.code)).toContain('MM511');
    const down = await fitOf(`${sleep}sigma^2 ~ gamma(200, 0)\n`);
    expect(down.converged).toBe(false);
    expect(down.warnings.map((w) => w.code)).toContain('MM511');
  });
});
