import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type ClassConstraints, constraintTerm } from '../../../src/engines/em/constraints.js';
import { fitEm } from '../../../src/engines/em/fit-em.js';
import { quadratureRule } from '../../../src/engines/em/node-rules.js';
import { bindProgram } from '../glmm/bind.js';
import { bindMixture } from './problem.js';
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

/** log N(r; 0, V) by Cholesky's factor, row by row. */
function logNormal(r: readonly number[], V: readonly (readonly number[])[]): number {
  const L: number[][] = [];
  const z: number[] = [];
  let value = (-r.length / 2) * Math.log(2 * Math.PI);
  r.forEach((ri, i) => {
    const row: number[] = [];
    for (let j = 0; j <= i; j++) {
      let t = V[i][j];
      for (let k = 0; k < j; k++) t -= row[k] * (j === i ? row[k] : L[j][k]);
      row.push(j === i ? Math.sqrt(t) : t / L[j][j]);
    }
    L.push(row);
    z.push((ri - z.reduce((t, v, k) => t + v * row[k], 0)) / row[i]);
    value -= Math.log(row[i]) + z[i] ** 2 / 2;
  });
  return value;
}

test('with known classes the likelihood is that of normal rows whose covariance holds the constraint', () => {
  const program = `
    mixture z per id {
      y ~ normal(mu, sigma)
      class low, high { mu = x + sum_to_zero(1 | unit); log(sigma) = 1 }
      labels class
    }`;
  const simulated = simulate({ groups: 10, rows: 5, seed: 9 }); // units of three and of two rows
  const columns = {
    ...simulated,
    class: simulated.id.map((id) => (Number(String(id).replace(/\D/g, '')) % 3 === 0 ? 'low' : 'high')),
  };
  const { model, objective, x } = bindMixture(program, columns, quadratureRule(3));
  const ours = objective.evaluate(x, null) / -2;
  const { rows, known, classes, gates, design } = model;
  const { y } = design.likelihoods[0];
  let dense = 0;
  classes.forEach(({ work }, k) => {
    const at: number[] = [];
    for (let g = 0; g < rows.groups; g++) {
      if (known?.[g] !== k) continue;
      dense += gates.logPrior[g * classes.length + k];
      for (let i = rows.start[g]; i < rows.start[g + 1]; i++) at.push(i);
    }
    expect(at.length).toBeGreaterThan(0);
    const block = work.model.layout.blocks[0].block.group;
    const level = at.map((i) => block.codes[i]);
    const weight = (l: number) => level.filter((other) => other === l).length;
    const square = [...new Set(level)].reduce((t, l) => t + weight(l) ** 2, 0);
    const V = at.map((i, a) =>
      at.map((_, b) => {
        const noise = a === b ? Math.exp(2 * work.fixedEta[model.design.rows + i]) : 0;
        const same = level[a] === level[b] ? 1 : 0;
        return noise + work.lambda[0] ** 2 * (same - (weight(level[a]) * weight(level[b])) / square);
      }),
    );
    dense += logNormal(
      at.map((i) => y[i] - work.fixedEta[i]),
      V,
    );
  });
  expect(Math.abs(ours - dense)).toBeLessThan(1e-9 * Math.abs(dense));
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
