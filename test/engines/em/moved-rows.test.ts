import { expect, test } from 'vitest';
import { EStep } from '../../../src/engines/em/e-step.js';
import { emObjective } from '../../../src/engines/em/em-objective.js';
import { quadratureRule } from '../../../src/engines/em/node-rules.js';
import { integralOf } from '../../../src/engines/em/search-starts.js';
import { bindMixture, draws } from './problem.js';
import { simulate } from './simulate.js';

/** Sums in another order, of some hundreds. */
const roundingTolerance = 1e-10;

test.each([
  ['quadrature', quadratureRule(7)],
  ['draws', draws(12, 64)],
])('groups whose rows move together are what they are row by row: %s', (_name, rule) => {
  const program = `
    v = (1 | id)
    mixture z per id {
      c ~ poisson(lambda)
      class low, high { log(lambda) = x + v }
    }`;
  const { objective, model, x } = bindMixture(program, simulate({ groups: 12, rows: 6 }), rule);
  const classes = model.classes.map(({ work, ...owner }) => {
    const { exponential, ...density } = work.model.density;
    expect(exponential).toBeDefined();
    return { ...owner, work: { ...work, model: { ...work.model, density } } };
  });
  const alone = emObjective(
    new EStep(
      { ...model, classes },
      classes.map((c) => integralOf(c, model, rule)),
    ),
    [],
  );
  alone.evaluate(x, null);
  alone.eStep.adapt();
  const [first, second] = [objective, alone].map(({ evaluate, eStep }) => {
    const gradient = new Float64Array(x.length);
    const value = evaluate(x, gradient);
    const atOrder2 = eStep.run(2);
    const sums = eStep.sums.flatMap((s) => [...s.first, ...s.second, ...s.G, ...s.moments]);
    return [evaluate(x, null), value, atOrder2, ...gradient, ...sums];
  });
  expect(first.length).toBe(second.length);
  expect(first).not.toEqual(second); // they are summed in another order
  first.forEach((v, i) => {
    expect(Math.abs(v - second[i])).toBeLessThan(roundingTolerance * (1 + Math.abs(v)));
  });
});
