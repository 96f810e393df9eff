import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type ClassConstraints, constraintTerm } from '../../../src/engines/em/constraints.js';
import { fitEm } from '../../../src/engines/em/fit-em.js';
import { bindProgram } from '../glmm/bind.js';
import { simulate } from './simulate.js';

interface Example {
  readonly groups: number;
  readonly classes: number;
  readonly xbar: readonly (readonly number[])[];
  readonly w: readonly (readonly number[])[];
  readonly center: readonly number[];
  readonly mu: readonly (readonly number[])[];
}

const { examples } = JSON.parse(readFileSync(resolve('test/reference/sum-to-zero.json'), 'utf8')) as {
  readonly examples: readonly Example[];
};
const roundingTolerance = 1e-12;

/** A class whose groups have one level each, known by the rows with precision w and mean xbar. */
function constraints(xbar: readonly number[], w: readonly number[]): ClassConstraints {
  return {
    count: 1,
    weights: Float64Array.from(w),
    mean: Float64Array.from(xbar, (x, i) => w[i] * x),
    covariance: Float64Array.from(w),
    a: new Float64Array(1),
    Q: new Float64Array(1),
  };
}

test('the examples are there', () => expect(examples.length).toBeGreaterThan(3));

describe('effects that the rows alone know are the weighted means about their centre', () => {
  test.each(examples.map((e, i) => [i, e] as const))('example %i', (_i, { classes, xbar, w, center, mu }) => {
    for (let k = 0; k < classes; k++) {
      const own = constraints(
        xbar.map((row) => row[k]),
        w.map((row) => row[k]),
      );
      expect(Number.isFinite(constraintTerm(own))).toBe(true);
      expect(Math.abs(own.a[0] - center[k])).toBeLessThan(roundingTolerance * (1 + Math.abs(center[k])));
      // u~ - Cov(u, s) a, with Cov(u_l, s) = w_l / w_l
      xbar.forEach((row, l) => {
        expect(Math.abs(row[k] - own.a[0] - mu[l][k])).toBeLessThan(roundingTolerance * 10);
      });
    }
  });
});

test('in every class the weighted sum of its effects is zero', () => {
  const columns = simulate({ groups: 30, rows: 8, seed: 4 });
  const program = (fit: string) => `
    mixture z per id {
      c ~ poisson(lambda)
      class low, high { log(lambda) = x + sum_to_zero(1 | unit) }
    }
    order z by intercept
    fit ${fit}`;
  for (const method of ['em(quadrature = 9)', 'em(draws = 128)']) {
    const { graph, design } = bindProgram(program(method), columns);
    const fit = fitEm(graph, design, {});
    expect(fit.converged).toBe(true);
    const posterior = fit.mixture?.posterior;
    fit.mixture?.classes.forEach((name, k) => {
      const effects = fit.ranef.find((r) => r.class === name);
      let sum = 0;
      let size = 0;
      effects?.levels.forEach((level, l) => {
        const g = posterior?.levels.indexOf(level.replace(/u\d$/, '')) ?? -1;
        const rows = design.blocks[0].group.codes.filter((code) => code === l).length;
        const w = rows * (posterior?.probabilities[g][k] ?? Number.NaN);
        sum += w * effects.mode[l][0];
        size += w * Math.abs(effects.mode[l][0]);
      });
      expect(size).toBeGreaterThan(1);
      // the weights are those of the last placing but one
      expect(Math.abs(sum) / size).toBeLessThan(1e-6);
    });
  }
});
