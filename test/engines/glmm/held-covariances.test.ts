import { describe, expect, test } from 'vitest';
import { fitGlmm, glmmProblem } from '../../../src/engines/glmm/fit-glmm.js';
import { startInto } from '../../../src/engines/glmm/start.js';
import { fitLmm } from '../../../src/engines/lmm/fit-lmm.js';
import type { Fit } from '../../../src/results/fit.js';
import { bindProgram } from './bind.js';
import { simulatedColumns } from './simulated-models.js';

/** What two searches may leave of a deviance, each. */
const digits = 6;

const fitOf = (program: string): Fit => {
  const { graph, design } = bindProgram(program, simulatedColumns());
  return fitGlmm(graph, design, {});
};

const poisson = (effects: string) => `count ~ poisson(lambda); log(lambda) = x + ${effects}`;

describe('what is held stands in the fit as it was written', () => {
  const cases: readonly (readonly [string, string, readonly (readonly [number, number])[]])[] = [
    ['one intercept', '(1 | g); fix sd(g) = 0.7', [[0, 0.7]]],
    ['the first of two', '(x | g); fix sd(g)[intercept] = 0.3', [[0, 0.3]]],
    ['the second of two', '(x | g); fix sd(g)[x] = 0.3', [[1, 0.3]]],
    ['both at once', '(x | g); fix sd(g) = 0.3', [0, 1].map((k) => [k, 0.3] as const)],
    ['one by one', '(x | g); fix sd(g)[intercept] = 0.3; fix sd(g)[x] = 0.2', [[0, 0.3] as const, [1, 0.2] as const]],
    ['through its square', '(x | g); fix sd(g)[x]^2 = 0.09', [[1, 0.3]]],
    ['of a diagonal block', '(x || g); fix sd(g)[x] = 0.3', [[1, 0.3]]],
    ['of compound symmetry', 'cs(0 + f | g); fix sd(g)[fb] = 0.3', [[1, 0.3]]],
    ['of a homogeneous one', 'homcs(0 + f | g); fix sd(g) = 0.3', [0, 1, 2].map((k) => [k, 0.3] as const)],
    ['of an autoregression', 'ar1(time | g); fix sd(g) = 0.3', [[0, 0.3]]],
    ['at zero', '(x | g); fix sd(g)[x] = 0', [[1, 0]]],
  ];
  test.each(cases)('sd, %s', (_name, effects, expected) => {
    const fit = fitOf(poisson(effects));
    const free = fitOf(poisson(effects.replace(/;.*/, '')));
    expect(fit.converged).toBe(true);
    const sds = fit.varcorr.flatMap((v) => v.sd);
    for (const [k, value] of expected) expect(sds[k]).toBeCloseTo(value, 12);
    expect(fit.logLik).toBeLessThan(free.logLik + 1e-8);
    expect(free.parameters - fit.parameters).toBe(effects.includes('homcs') ? 1 : expected.length);
  });

  test.each([
    ['of two terms', '(x | g); fix cor(g) = -0.4', -0.4],
    // the data say the other sign: standard deviations must not change theirs for it
    ['of two terms, one of them held too', '(x | g); fix cor(g) = 0.4; fix sd(g) = 0.3', 0.4],
    ['of compound symmetry', 'cs(0 + f | g); fix cor(g) = 0.4', 0.4],
    ['of an autoregression', 'ar1(time | g); fix cor(g) = 0.4', 0.4],
    ['over a unit of time', 'car1(time | g); fix cor(g) = 0.4', 0.4],
  ])('correlation %s', (_name, effects, expected) => {
    const fit = fitOf(poisson(effects));
    const free = fitOf(poisson(effects.replace(/;.*/, '')));
    expect(fit.varcorr[0]?.cor[1]?.[0]).toBeCloseTo(expected, 10);
    expect(free.parameters - fit.parameters).toBe(effects.includes('fix sd') ? 3 : 1);
  });
});

test('a correlation that the data deny is not turned round', () => {
  const free = fitOf(poisson('(x | g)'));
  const denied = -Math.sign(free.varcorr[0]?.cor[1]?.[0] ?? Number.NaN) * 0.4;
  const fit = fitOf(poisson(`(x | g); fix cor(g) = ${denied}`));
  // where a standard deviation has gone to zero there is none
  expect(fit.varcorr[0]?.cor[1]?.[0] ?? denied).toBeCloseTo(denied, 10);
  const agreed = fitOf(poisson(`(x | g); fix cor(g) = ${-denied}`));
  expect(fit.logLik).toBeLessThan(agreed.logLik);
});

describe('held at its estimate it changes nothing', () => {
  test.each([
    ['(x | g)', 'sd(g)[x]', 1],
    ['(1 + x + f | g)', 'sd(g)[x]', 1],
    ['cs(0 + f | g)', 'sd(g)[fb]', 1],
    ['ar1(time | g)', 'sd(g)', 0],
  ])('%s', (effects, target, k) => {
    const free = fitOf(poisson(effects));
    const value = free.varcorr[0]?.sd[k] ?? Number.NaN;
    const held = fitOf(poisson(`${effects}; fix ${target} = ${value}`));
    expect(held.logLik).toBeCloseTo(free.logLik, digits);
    expect(held.fixef[1]?.estimate).toBeCloseTo(free.fixef[1]?.estimate ?? Number.NaN, 3);
  });

  test('of a normal response with sigma free, against the mixed model fitted by maximum likelihood', () => {
    const program = 'real ~ normal(mu, sigma); mu = x + (x | g)';
    const { graph, design } = bindProgram(program, simulatedColumns(), 'ml');
    const free = fitLmm(graph, design, {});
    const held = fitOf(`${program}; fix sd(g)[x] = ${free.varcorr[0]?.sd[1]}`);
    expect(held.logLik).toBeCloseTo(free.logLik, digits);
    expect(held.parameters).toBe(free.parameters - 1);
  });
});

describe('a correlation of zero is the double bar', () => {
  test.each(['ml', 'reml'])('linear mixed model, %s', (method) => {
    const fits = ['(x | g); fix cor(g) = 0', '(x || g)'].map((effects) => {
      const { graph, design } = bindProgram(`real ~ x + ${effects}`, simulatedColumns(), method);
      return fitLmm(graph, design, {});
    });
    expect(fits[0]?.logLik).toBeCloseTo(fits[1]?.logLik ?? Number.NaN, digits);
    expect(fits[0]?.parameters).toBe(fits[1]?.parameters);
  });

  test('generalised', () => {
    const held = fitOf(poisson('(1 + x + f | g); fix cor(g) = 0'));
    const diagonal = fitOf(poisson('diag(1 + x + f | g)'));
    expect(held.logLik).toBeCloseTo(diagonal.logLik, digits);
    expect(held.parameters).toBe(diagonal.parameters);
  });
});

test('the gradient by what is left is exact', () => {
  const { graph, design } = bindProgram(poisson('(1 + x + f | g); fix sd(g)[x] = 0.4'), simulatedColumns());
  const { objective, space, work } = glmmProblem(graph, design);
  startInto(work, space);
  const x = Float64Array.from(space.free, (i, k) => space.full[i] + 0.1 * Math.cos(3 * k + 1));
  const gradient = new Float64Array(x.length);
  objective.evaluate(x, gradient);
  x.forEach((v, k) => {
    const at = (steps: number) => objective.evaluate(x.with(k, v + steps * 1e-3), null);
    const difference = (45 * (at(1) - at(-1)) - 9 * (at(2) - at(-2)) + (at(3) - at(-3))) / 60e-3;
    expect(Math.abs(difference - (gradient[k] ?? Number.NaN)) / (1 + Math.abs(difference))).toBeLessThan(1e-6);
  });
});
