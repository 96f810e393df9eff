import { describe, expect, test } from 'vitest';
import { fitEm } from '../../../src/engines/em/fit-em.js';
import { fitGlmm } from '../../../src/engines/glmm/fit-glmm.js';
import type { Fit } from '../../../src/results/fit.js';
import { bindProgram } from '../glmm/bind.js';
import { simulate } from './simulate.js';

/** What two searches may leave of a log-likelihood, each. */
const optimumTolerance = 1e-6;

const columns = simulate({ groups: 20, rows: 6 });

function em(program: string): Fit {
  const { graph, design } = bindProgram(program, columns);
  return fitEm(graph, design, {});
}

const counts = (body: string, after = '', method = 'em(quadrature = 5, starts = 4)') => `
  mixture z per id {
    c ~ poisson(lambda)
    class low, high { log(lambda) = ${body} }
  }
  order z by intercept
  ${after}
  fit ${method}`;
const shared = (after = '', method = 'em(quadrature = 5, starts = 4)') =>
  `v = (1 + x | id)\n${counts('x + v', after, method)}`;

describe('what is held stands in the fit as it was written', () => {
  test.each([
    ['of a shared effect', shared('fix sd(v)[x] = 0.3'), [[0, 1, 0.3]], 1],
    [
      'both of them',
      shared('fix sd(v) = 0.3'),
      [
        [0, 0, 0.3],
        [0, 1, 0.3],
      ],
      2,
    ],
    ['at zero', shared('fix sd(v)[x] = 0'), [[0, 1, 0]], 1],
    ['by draws', shared('fix sd(v)[x] = 0.3', 'em(draws = 64, starts = 4)'), [[0, 1, 0.3]], 1],
    [
      'of each class',
      counts('x + (1 | id)', 'fix sd(id) = 0.2'),
      [
        [0, 0, 0.2],
        [1, 0, 0.2],
      ],
      2,
    ],
  ])('sd %s', (_name, program, expected, fewer) => {
    const held = em(program);
    const free = em(program.replace(/fix sd.*/, ''));
    expect(held.converged).toBe(true);
    for (const [block, c, value] of expected) expect(held.varcorr[block].sd[c]).toBeCloseTo(value, 12);
    expect(held.logLik).toBeLessThan(free.logLik + optimumTolerance);
    expect(free.parameters - held.parameters).toBe(fewer);
  });

  test('the correlation of two terms', () => {
    const held = em(shared('fix cor(v) = 0.4'));
    expect(held.converged).toBe(true);
    expect(held.varcorr[0].cor[1][0]).toBeCloseTo(0.4, 10);
  });
});

test.each([
  ['points', shared()],
  ['closed forms', shared().replace('c ~ poisson(lambda)', 'y ~ normal(mu, sigma)').replace('log(lambda)', 'mu')],
])('held at its estimate it changes nothing: %s', (_name, program) => {
  const free = em(program);
  const held = em(program.replace('fit', `fix sd(v)[x] = ${free.varcorr[0].sd[1]}\nfit`));
  expect(Math.abs(held.logLik - free.logLik)).toBeLessThan(optimumTolerance);
  expect(held.parameters).toBe(free.parameters - 1);
});

test('in a mixture of one class it is what the model without classes does', () => {
  const program = 'c ~ poisson(lambda)\nlog(lambda) = x + (1 + x | id)\nfix sd(id)[x] = 0.3';
  const { graph, design } = bindProgram(`${program}\nfit agq(9)`, columns);
  const theirs = fitGlmm(graph, design, {});
  const ours = em(`mixture z per id { c ~ poisson(lambda)\n class all { log(lambda) = x + (1 + x | id) } }
    fix sd(id)[x] = 0.3\nfit em(quadrature = 9)`);
  expect(Math.abs(ours.logLik - theirs.logLik)).toBeLessThan(optimumTolerance);
  expect(ours.varcorr[0].sd[0]).toBeCloseTo(theirs.varcorr[0].sd[0], 4);
});

test('classes that are held at different values keep them when they are put in order', () => {
  const program = (low: number, high: number) => `
    mixture z per id {
      c ~ poisson(lambda)
      class low { log(lambda) = x + (1 | id); fix sd(id) = ${low} }
      class high { log(lambda) = x + (1 | id); fix sd(id) = ${high} }
    }
    order z by intercept
    fit em(quadrature = 7)`;
  for (const [low, high] of [
    [0.1, 0.6],
    [0.6, 0.1],
  ]) {
    const found = em(program(low, high));
    expect(found.varcorr.map((v) => v.sd[0].toFixed(6))).toEqual([low, high].map((v) => v.toFixed(6)));
  }
});
