import seedrandom from 'seedrandom';
import { describe, expect, test } from 'vitest';
import { fitGlmm } from '../../../src/engines/glmm/fit-glmm.js';
import { normalQuantile } from '../../../src/kernels/special/normal.js';
import type { Fit } from '../../../src/results/fit.js';
import { bindProgram } from './bind.js';

type Columns = Parameters<typeof bindProgram>[1];

function fitOf(program: string, data: Columns): Fit {
  const { graph, design } = bindProgram(program, data);
  return fitGlmm(graph, design, {});
}

const codes = (fit: Fit) => fit.warnings.map((w) => w.code);

/** Whatever else happened, nobody is shown a NaN as an estimate. */
function expectNumbers(fit: Fit): void {
  expect(Number.isFinite(fit.logLik)).toBe(true);
  for (const row of fit.fixef) if (row.estimate !== null) expect(Number.isFinite(row.estimate)).toBe(true);
  for (const block of fit.varcorr) for (const sd of block.sd) expect(Number.isFinite(sd)).toBe(true);
  for (const value of fit.fitted) expect(Number.isFinite(value)).toBe(true);
  for (const value of Object.values(fit.familyParameters)) expect(Number.isNaN(value)).toBe(false);
}

const rows = (n: number) => Array.from({ length: n }, (_, i) => i);
const groups = (n: number, size: number) => rows(n).map((i) => `g${Math.floor(i / size)}`);

describe('data at the edge', () => {
  test('complete separation: named, and a prior keeps it finite', () => {
    const data = {
      y: rows(60).map((i) => (i < 30 ? i % 2 : 1)),
      arm: rows(60).map((i) => (i < 30 ? 'a' : 'b')),
      g: groups(60, 5),
    };
    const fit = fitOf('y ~ bernoulli(p); logit(p) = arm + (1 | g)', data);
    expectNumbers(fit);
    expect(codes(fit)).toContain('MM522');
    const kept = fitOf('y ~ bernoulli(p); logit(p) = arm + (1 | g); beta ~ normal(0, 2.5)', data);
    expect(kept.converged).toBe(true);
    expect(codes(kept)).not.toContain('MM522');
    expect(Math.abs(kept.fixef[1]?.estimate ?? 0)).toBeLessThan(6);
  });

  test('all counts of a level are zero', () => {
    const f = rows(40).map((i) => (i % 2 === 0 ? 'none' : 'some'));
    const data = { y: rows(40).map((i) => (i % 2 === 0 ? 0 : i % 7)), f, g: groups(40, 4) };
    const fit = fitOf('y ~ poisson(lambda); log(lambda) = f + (1 | g)', data);
    expectNumbers(fit);
    expect(codes(fit)).toContain('MM522');
    expectNumbers(fitOf('y ~ negative_binomial(mu, shape); log(mu) = f + (1 | g)', data));
    expectNumbers(fitOf('y ~ zero_inflated(poisson(lambda), zi); log(lambda) = (1 | g); logit(zi) = f', data));
  });

  test('a reference level without events is told once, for all that are compared with it', () => {
    const level = rows(60).map((i) => `l${Math.floor(i / 10)}`);
    const y = rows(60).map((i) => (i < 10 ? 0 : 2 + ((7 * i) % 5)));
    const fit = fitOf('y ~ poisson(lambda); log(lambda) = level + (1 | g)', {
      y,
      level,
      g: rows(60).map((i) => `g${i % 6}`),
    });
    expectNumbers(fit);
    const told = fit.warnings.filter((w) => w.code === 'MM522');
    expect(told).toHaveLength(1);
    expect(told[0]?.message).toMatch(/\(Intercept\), levell1, .*levell5 of lambda/);
    expect(told[0]?.hint).toContain('`lambda[level] ~ normal(0, 2.5)`');
  });

  test('a normal response that the effects fit exactly', () => {
    const data = { y: rows(20).map((i) => Math.floor(i / 4)), g: groups(20, 4) };
    const fit = fitOf('y ~ normal(mu, sigma); mu = 1 + (1 | g); fit laplace', data);
    expectNumbers(fit);
    expect(fit.converged).toBe(false);
    expect(codes(fit)).toEqual(['MM525']);
  });

  test('no overdispersion left for the negative binomial', () => {
    const data = { y: rows(60).map((i) => 5 + (i % 2)), g: groups(60, 5) };
    const fit = fitOf('y ~ negative_binomial(mu, shape); log(mu) = 1 + (1 | g)', data);
    expectNumbers(fit);
    expect(fit.singular).toBe(true);
    expect(codes(fit)).toContain('MM523');
  });

  test('a factor with one level', () => {
    const data = { y: rows(30).map((i) => (i * 7) % 5), g: rows(30).map(() => 'only') };
    const fit = fitOf('y ~ poisson(lambda); log(lambda) = 1 + (1 | g)', data);
    expectNumbers(fit);
    expect(codes(fit)).toContain('MM505');
  });

  test('huge offsets and huge counts', () => {
    const uniform = seedrandom('huge');
    const x = rows(80).map(() => normalQuantile(uniform()));
    const far = rows(80).map((i) => (i % 2 === 0 ? 500 : 505));
    const y = x.map((v, i) => Math.round(Math.exp(3 + 0.3 * v + (far[i] === 500 ? 0 : 5)) * (0.8 + 0.4 * uniform())));
    const fit = fitOf('y ~ poisson(lambda); log(lambda) = x + offset(far) + (1 | g)', { y, x, far, g: groups(80, 8) });
    expect(fit.converged).toBe(true);
    expectNumbers(fit);
    expect(fit.fixef[0]?.estimate).toBeLessThan(-490);
    const many = fitOf('y ~ poisson(lambda); log(lambda) = x + (1 | g)', {
      y: y.map((v) => v * 1e3),
      x,
      g: groups(80, 8),
    });
    expect(many.converged).toBe(true);
    expectNumbers(many);
  });

  test('a gamma response that the effects fit exactly', () => {
    const x = rows(60).map((i) => Math.sin(i));
    const data = { y: x.map((v, i) => Math.exp(0.5 * v + (i % 6) / 10)), x, g: rows(60).map((i) => `g${i % 6}`) };
    const fit = fitOf('y ~ gamma(mu, shape); log(mu) = x + (1 | g)', data);
    expectNumbers(fit);
    expect(fit.converged).toBe(false);
    expect(codes(fit)).toContain('MM525');
  });

  test.each([
    ['gamma(mu, shape)', 'log(mu)', Math.exp],
    ['inverse_gaussian(mu, shape)', 'log(mu)', Math.exp],
    ['weibull(mu, shape)', 'log(mu)', Math.exp],
    ['lognormal(mu, sigma)', 'mu', Math.exp],
    ['normal(mu, sigma)', 'log(mu)', Math.exp],
    ['normal(mu, sigma)', 'mu', (v: number) => v],
    ['beta(mu, phi)', 'logit(mu)', (v: number) => 1 / (1 + Math.exp(-v))],
  ] as const)('a response that %s fits exactly is given up soon', (family, left, mean) => {
    const uniform = seedrandom('exact');
    const x = rows(120).map(() => normalQuantile(uniform()));
    const effect = rows(12).map(() => 0.5 * normalQuantile(uniform()));
    const exact = x.map((v, i) => mean(0.5 + 0.3 * v + effect[i % 12]));
    const g = rows(120).map((i) => `g${i % 12}`);
    const program = `y ~ ${family}; ${left} = x + (1 | g); fit laplace`;
    const fit = fitOf(program, { y: exact, x, g });
    expectNumbers(fit);
    expect(codes(fit)).toContain('MM525');
    expect(fit.evaluations).toBeLessThan(60);
    // and the same with an error of a thousandth has an estimate, which the search goes on to
    const measured = exact.map((v, i) => v * (1 + 1e-3 * Math.sin(7 * i)));
    const other = fitOf(program, { y: measured, x, g });
    expect(other.converged).toBe(true);
    expect(codes(other)).not.toContain('MM525');
  });

  test('the positive part of a hurdle that is fitted exactly', () => {
    const x = rows(120).map((i) => Math.sin(3 * i));
    const y = x.map((v, i) => (i % 5 === 0 ? 0 : Math.exp(0.5 * v + (i % 12) / 10)));
    const fit = fitOf('y ~ hurdle(gamma(mu, shape), hu); log(mu) = x + (1 | g)', {
      y,
      x,
      g: rows(120).map((i) => `g${i % 12}`),
    });
    expectNumbers(fit);
    expect(codes(fit)).toContain('MM525');
    expect(fit.evaluations).toBeLessThan(60);
  });

  test('ordered categories that a covariate separates are told by its name, not as a search that failed', () => {
    const x = rows(80).map((i) => Math.sin(5 * i));
    const y = x.map((v) => `c${1 + Number(v > -0.5) + Number(v > 0.4)}`);
    const fit = fitOf('data { y: ordered("c1", "c2", "c3") }; y ~ cumulative(eta); eta = x + (1 | g)', {
      y,
      x,
      g: groups(80, 8),
    });
    expectNumbers(fit);
    expect(codes(fit)).toContain('MM522');
    expect(codes(fit)).not.toContain('MM502');
  });

  test('an offset beyond the range of numbers, and a predictor that leaves its range', () => {
    const data = {
      y: rows(40).map((i) => (i < 20 ? 0 : i % 4)),
      big: rows(40).map((i) => (i === 3 ? 1e6 : 700)),
      g: groups(40, 8),
    };
    const beyond = fitOf('y ~ poisson(lambda); log(lambda) = 1 + offset(big) + (1 | g)', data);
    expect(beyond.converged).toBe(false);
    expect(codes(beyond)).toEqual(['MM524']);
    const leaving = fitOf('y ~ poisson(lambda); lambda = 1 + (1 | g)', data);
    expect(leaving.converged).toBe(false);
    expect(codes(leaving)).toContain('MM502');
  });

  test('a sign that the square-root link cannot tell does not hide the better mode', () => {
    // two groups start on the wrong side of zero: all counts are large, and the constant alone lies near none of them
    const data = { y: rows(60).map((i) => (i % 6 < 3 ? 1 + (i % 2) : 150 + i)), g: rows(60).map((i) => `g${i % 6}`) };
    const fit = fitOf('y ~ poisson(lambda); sqrt(lambda) = 1 + (1 | g)', data);
    expect(fit.converged).toBe(true);
    expect(fit.linear.every((eta) => eta > 0) || fit.linear.every((eta) => eta < 0)).toBe(true);
  });

  test('more quadrature points than anybody would wait for', () => {
    const data = {
      y: rows(60).map((i) => (i * 7) % 5),
      x: rows(60).map((i) => i % 6),
      z: rows(60).map((i) => i % 4),
      g: groups(60, 6),
    };
    const { graph, design } = bindProgram('y ~ poisson(lambda); log(lambda) = x + (1 + x + z | g)', data, 'agq(51)');
    const fit = fitGlmm(graph, design, {});
    expect(fit.method).toBe('laplace');
    expect(codes(fit)).toContain('MM521');
  });

  test('no random effects at all', () => {
    const data = { y: rows(30).map((i) => (i * 7) % 5), x: rows(30) };
    const fit = fitOf('y ~ poisson(lambda); log(lambda) = x', data);
    expect(fit.converged).toBe(true);
    expect(fit.varcorr).toEqual([]);
    // at the maximum of a canonical link X'(y - mu) = 0
    expect(Math.abs(fit.residuals.reduce((t, r) => t + r, 0))).toBeLessThan(1e-5);
    expect(Math.abs(fit.residuals.reduce((t, r, i) => t + r * i, 0))).toBeLessThan(1e-4);
  });

  test('nothing is estimated', () => {
    const data = { y: rows(10).map((i) => i - 4.5), g: groups(10, 5) };
    const fit = fitOf('y ~ normal(mu, sigma); mu = 1; fix sigma = 2; fix intercept = 0.5; fit laplace', data);
    const expected = data.y.reduce((t, v) => t - Math.log(2 * Math.sqrt(2 * Math.PI)) - (v - 0.5) ** 2 / 8, 0);
    expect(fit.logLik).toBeCloseTo(expected, 10);
    expect(fit.parameters).toBe(0);
  });

  test('a hundred thousand levels with one row each', () => {
    const uniform = seedrandom('many levels');
    const n = 100_000;
    const x = rows(n).map(() => uniform() - 0.5);
    const y = x.map((v) => {
      const lambda = Math.exp(0.5 + v + 0.5 * normalQuantile(uniform()));
      let k = 0;
      let p = uniform();
      for (let q = Math.exp(-lambda); p > q && k < 1000; k++) {
        p -= q;
        q *= lambda / (k + 1);
      }
      return k;
    });
    const fit = fitOf('y ~ poisson(lambda); log(lambda) = x + (1 | id)', { y, x, id: rows(n) });
    expect(fit.converged).toBe(true);
    expectNumbers(fit);
    // simulated with 0.5: standard errors are below 0.01
    expect(Math.abs((fit.varcorr[0]?.sd[0] ?? 0) - 0.5)).toBeLessThan(0.05);
    expect(Math.abs((fit.fixef[1]?.estimate ?? 0) - 1)).toBeLessThan(0.05);
  });
});
