import { describe, expect, test } from 'vitest';
import { quadrature } from '../../../src/engines/glmm/agq.js';
import { fitGlmm, type GlmmProblem, glmmProblem } from '../../../src/engines/glmm/fit-glmm.js';
import { laplaceDeviance } from '../../../src/engines/glmm/laplace.js';
import { applyParameters } from '../../../src/engines/glmm/parameters.js';
import { startInto } from '../../../src/engines/glmm/start.js';
import { fitLmm } from '../../../src/engines/lmm/fit-lmm.js';
import { gaussLegendre } from '../../../src/kernels/special/gauss-legendre.js';
import { bindProgram } from './bind.js';
import { simulatedColumns, simulatedModels } from './simulated-models.js';

/** The same number by two ways of adding up: rounding of deviances of some hundreds. */
const roundingTolerance = 1e-9;
/** Of quadrature with many points against integrals over a fine fixed grid. */
const quadratureTolerance = 1e-8;

function atStart(problem: GlmmProblem): void {
  startInto(problem.work, problem.space);
  applyParameters(problem.work, problem.space.full);
}

const singles = simulatedModels().filter((m) => !/ar1|item|sum|truncated\(normal/.test(m.program));

describe('quadrature with one point is Laplace', () => {
  test.each(singles.map((m) => [m.name, m] as const))('%s', (_name, model) => {
    const { graph, design } = model.bind();
    const problem = glmmProblem(graph, design);
    atStart(problem);
    const laplace = laplaceDeviance(problem.work, null);
    expect(Math.abs(quadrature(problem.work.model, 1)(problem.work, null) - laplace)).toBeLessThan(roundingTolerance);
  });
});

/**
 * -2 log-likelihood with every level's integral over its one or two spherical effects on a fixed grid of Gauss-Legendre
 * panels, by nothing but the density of a row.
 */
function byGrid(problem: GlmmProblem): number {
  const { work } = problem;
  const { model, lambda, fixedEta, D } = work;
  const { rows, density, y, layout, loads } = model;
  const [block] = layout.blocks;
  const n = block.size;
  const rule = gaussLegendre(16);
  const points: { u: number; w: number }[] = [];
  const width = 0.5;
  for (let left = -9; left < 9; left += width)
    rule.nodes.forEach((t, k) => {
      const u = left + (width * (1 + t)) / 2;
      points.push({ u, w: Math.log((rule.weights[k] * width) / 2) - (u * u) / 2 - Math.log(2 * Math.PI) / 2 });
    });
  const jet = new Float64Array(density.layout.size);
  const eta = new Float64Array(D);
  let total = 0;
  for (let l = 0; l < block.levels; l++) {
    const own = Array.from({ length: rows }, (_, i) => i).filter((i) => block.block.group.codes[i] === l);
    const logOf = (u: readonly number[]): number => {
      const b = u.map((_, r) => u.reduce((t, v, c) => t + lambda[block.templates[0].start + r + c * n] * v, 0));
      let sum = 0;
      for (const i of own) {
        for (let d = 0; d < D; d++) eta[d] = fixedEta[d * rows + i];
        for (const load of loads.loads)
          for (let c = 0; c < n; c++) eta[load.predictor] += (load.z === null ? 1 : load.z[i * n + c]) * b[c];
        density.jetInto(jet, y[i], i, eta, 0);
        sum += jet[0];
      }
      return sum;
    };
    const terms: number[] = [];
    for (const p of points) {
      if (n === 1) terms.push(p.w + logOf([p.u]));
      else for (const r of points) terms.push(p.w + r.w + logOf([p.u, r.u]));
    }
    const top = terms.reduce((a, b) => Math.max(a, b));
    total += top + Math.log(terms.reduce((t, v) => t + Math.exp(v - top), 0));
  }
  return -2 * total;
}

describe('quadrature with 51 points against integrals on a fixed grid', () => {
  test.each([
    ['bernoulli cauchit', 51],
    ['exponential', 51],
    ['negative binomial 1', 51],
    ['lognormal', 51],
    ['zero inflated, shared effect', 51],
  ])('%s', (name, points) => {
    const model = simulatedModels().find((m) => m.name === name);
    if (model === undefined) throw new Error(name);
    const { graph, design } = model.bind();
    const problem = glmmProblem(graph, design);
    atStart(problem);
    const value = quadrature(problem.work.model, points)(problem.work, null);
    expect(Math.abs(value - byGrid(problem))).toBeLessThan(quadratureTolerance);
  });

  test('two effects per level', () => {
    const data = simulatedColumns();
    const few = Object.fromEntries(Object.entries(data).map(([k, v]) => [k, v.slice(0, 24)]));
    const { graph, design } = bindProgram('binary ~ bernoulli(p); logit(p) = x + (x | g)', few);
    const problem = glmmProblem(graph, design);
    atStart(problem);
    const value = quadrature(problem.work.model, 51)(problem.work, null);
    expect(Math.abs(value - byGrid(problem))).toBeLessThan(quadratureTolerance);
  });
});

describe('a normal response with an identity link is the linear mixed model', () => {
  test.each([
    ['random intercepts', 'real ~ normal(mu, sigma); mu = x + (1 | g)'],
    ['correlated slopes', 'real ~ normal(mu, sigma); mu = x + f + (1 + x | g)'],
    ['crossed, double bar', 'real ~ normal(mu, sigma); mu = x + (1 + x || g) + (1 | item)'],
    ['weights', 'real ~ normal(mu, sigma); mu = x + (1 | g); weights w'],
    ['compound symmetry', 'real ~ normal(mu, sigma); mu = x + cs(0 + f | g)'],
    ['autoregression', 'real ~ normal(mu, sigma); mu = x + ar1(time | g)'],
    ['continuous autoregression', 'real ~ normal(mu, sigma); mu = x + car1(time | g)'],
    ['sum to zero', 'real ~ normal(mu, sigma); mu = x + (1 | g) + sum_to_zero(1 | item)'],
    ['known scale', 'real ~ normal(mu, se); mu = x + (1 | g)'],
  ])('%s', (_name, program) => {
    const data = simulatedColumns();
    const linear = bindProgram(program, data, 'ml');
    const expected = fitLmm(linear.graph, linear.design, { degreesOfFreedom: 'none' });
    const { graph, design } = bindProgram(program, data, 'laplace');
    const found = fitGlmm(graph, design, {});
    expect(found.converged).toBe(true);
    expect(Math.abs(found.logLik - expected.logLik)).toBeLessThan(1e-8);
    expect(found.parameters).toBe(expected.parameters);
    expected.fixef.forEach((row, k) => {
      expect(found.fixef[k]?.estimate).toBeCloseTo(row.estimate ?? Number.NaN, 5);
    });
    expected.varcorr.forEach((block, b) => {
      block.sd.forEach((sd, c) => {
        expect(found.varcorr[b]?.sd[c]).toBeCloseTo(sd, 4);
      });
    });
    expected.ranef.forEach((effects, b) => {
      effects.mode.forEach((row, l) => {
        row.forEach((mode, c) => {
          expect(found.ranef[b]?.mode[l]?.[c]).toBeCloseTo(mode, 4);
          // with sigma estimated beside the mean the GLMM engine's hold the parameters' uncertainty, too [MODE-1]
          expect(found.ranef[b]?.sd[l]?.[c]).toBeGreaterThan((effects.sd[l]?.[c] ?? Number.NaN) - 1e-5);
        });
      });
    });
    expected.fitted.forEach((value, i) => {
      expect(found.fitted[i]).toBeCloseTo(value, 4);
    });
  });
});

describe('the optimum does not depend on how the model is written', () => {
  const program = 'count ~ poisson(lambda); log(lambda) = x + (1 + x | g) + (1 | item)';
  const fitOf = (text: string, data: Parameters<typeof bindProgram>[1]) => {
    const { graph, design } = bindProgram(text, data);
    return fitGlmm(graph, design, {});
  };

  test('rows in another order', () => {
    const data = simulatedColumns();
    const order = data.x.map((_, i) => (i * 37) % data.x.length);
    const shuffled = Object.fromEntries(Object.entries(data).map(([k, v]) => [k, order.map((i) => v[i])]));
    expect(fitOf(program, shuffled as typeof data).logLik).toBeCloseTo(fitOf(program, data).logLik, 8);
  });

  test('a covariate in other units, far from zero', () => {
    const data = simulatedColumns();
    const moved = { ...data, x: data.x.map((v) => 1000 * v + 1e6) };
    const before = fitOf(program, data);
    const after = fitOf(program, moved);
    expect(after.logLik).toBeCloseTo(before.logLik, 6);
    expect((after.fixef[1]?.estimate ?? 0) * 1000).toBeCloseTo(before.fixef[1]?.estimate ?? Number.NaN, 5);
    expect((after.fixef[1]?.se ?? 0) * 1000).toBeCloseTo(before.fixef[1]?.se ?? Number.NaN, 5);
  });

  test('zero inflation as a family and as a mixture with a point mass', () => {
    const data = simulatedColumns();
    const family = fitOf(
      'inflated ~ zero_inflated(poisson(lambda), zi); log(lambda) = x + (1 | g); logit(zi) = x',
      data,
    );
    const mixture = fitOf(
      `mixture z { class zero { inflated ~ dirac(0) }
       class more { inflated ~ poisson(lambda); log(lambda) = x + (1 | g) } }
       logit(prob(zero)) = x`,
      data,
    );
    expect(mixture.logLik).toBeCloseTo(family.logLik, 8);
  });

  test('a bernoulli response and a binomial one of size one', () => {
    const data = { ...simulatedColumns(), one: simulatedColumns().x.map(() => 1) };
    const bernoulli = fitOf('binary ~ bernoulli(p); logit(p) = x + (1 | g)', data);
    const binomial = fitOf('binary ~ binomial(one, p); logit(p) = x + (1 | g)', data);
    expect(binomial.logLik).toBeCloseTo(bernoulli.logLik, 9);
  });
});

describe('held parameters', () => {
  const fitOf = (text: string) => {
    const { graph, design } = bindProgram(text, simulatedColumns());
    return fitGlmm(graph, design, {});
  };
  const base = 'count ~ negative_binomial(mu, shape); log(mu) = x + f + (1 | g)';

  test('held at their estimates they change nothing but the number of parameters', () => {
    const free = fitOf(base);
    const shape = free.familyParameters.shape ?? Number.NaN;
    const slope = free.fixef[1]?.estimate ?? Number.NaN;
    const held = fitOf(`${base}; fix shape = ${shape}; fix beta[x] = ${slope}`);
    expect(held.logLik).toBeCloseTo(free.logLik, 8);
    expect(held.parameters).toBe(free.parameters - 2);
    expect(held.familyParameters.shape).toBeCloseTo(shape, 12);
    expect(held.fixef[1]).toMatchObject({ name: 'x', se: null, p: null });
    expect(held.fixef[1]?.estimate).toBeCloseTo(slope, 12);
    expect(held.fixef[2]?.estimate).toBeCloseTo(free.fixef[2]?.estimate ?? Number.NaN, 4);
  });

  test('a slope held at zero is a slope left out', () => {
    const held = fitOf(`${base}; fix beta[x] = 0`);
    const without = fitOf(base.replace('x + f', 'f'));
    expect(held.logLik).toBeCloseTo(without.logLik, 8);
    expect(held.parameters).toBe(without.parameters);
  });

  test('through a function of the parameter', () => {
    expect(fitOf(`${base}; fix sqrt(shape) = 2`).logLik).toBeCloseTo(fitOf(`${base}; fix shape = 4`).logLik, 9);
  });
});
