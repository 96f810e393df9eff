import { describe, expect, test } from 'vitest';
import type { Fit } from '../../../src/results/fit.js';
import { handFit } from './hand-fit.js';
import { handRows } from './hand-rows.js';
import { random, shapes } from './shapes.js';

const codesOf = (fit: Fit): string[] => fit.warnings.map((w) => w.code);
const one = (n: number): number[] => new Array<number>(n).fill(1);

describe('without random effects it is a plain regression', () => {
  // y on x by hand: means 3 and 12, Sxx = 10, Sxy = 41, slope 4.1, intercept -0.3, residual sum of squares 1.9
  const x = [1, 2, 3, 4, 5];
  const y = [4, 8, 11, 17, 20];
  const model = handRows({ y, X: [one(5), x], blocks: [] });

  test('estimates, standard errors, residual degrees of freedom', () => {
    const fit = handFit(model);
    expect(fit.converged).toBe(true);
    expect(fit.fixef.map((f) => f.estimate)).toEqual([expect.closeTo(-0.3, 10), expect.closeTo(4.1, 10)]);
    const s2 = 1.9 / 3;
    expect(fit.sigma).toBeCloseTo(Math.sqrt(s2), 10);
    expect(fit.fixef[1].se).toBeCloseTo(Math.sqrt(s2 / 10), 10);
    expect(fit.fixef[0].se).toBeCloseTo(Math.sqrt(s2 * (1 / 5 + 9 / 10)), 10);
    expect(fit.fixef.map((f) => f.df)).toEqual([expect.closeTo(3, 8), expect.closeTo(3, 8)]);
    expect(fit.theta.length).toBe(0);
    expect(fit.parameters).toBe(3);
    expect(fit.residuals[0]).toBeCloseTo(0.2, 10);
  });

  test('maximum likelihood: the textbook value', () => {
    const fit = handFit(model, 'ml');
    expect(fit.logLik).toBeCloseTo((-5 / 2) * (Math.log(2 * Math.PI) + Math.log(1.9 / 5) + 1), 10);
    expect(fit.aic).toBeCloseTo(-2 * fit.logLik + 6, 10);
    expect(fit.bic).toBeCloseTo(-2 * fit.logLik + 3 * Math.log(5), 10);
  });

  test('an integer weight is a repeated row', () => {
    const weights = [1, 3, 1, 2, 1];
    const weighted = handFit(handRows({ y, X: [one(5), x], weights, blocks: [] }));
    const rows = weights.flatMap((w, i) => new Array<number>(w).fill(i));
    const repeated = handFit(
      handRows({ y: rows.map((i) => y[i]), X: [one(rows.length), rows.map((i) => x[i])], blocks: [] }),
    );
    weighted.fixef.forEach((f, i) => {
      expect(f.estimate).toBeCloseTo(repeated.fixef[i].estimate ?? Number.NaN, 10);
    });
    expect((weighted.sigma ?? 0) ** 2 * 3).toBeCloseTo((repeated.sigma ?? 0) ** 2 * 6, 10);
  });
});

test('a balanced one-way layout has its closed form', () => {
  // REML: sigma^2 = MSE, tau^2 = (MSA - MSE) / n, var(mean) = MSA / (a n), df = a - 1
  const { normal } = random('anova');
  const [a, n] = [7, 4];
  const group = Array.from({ length: a * n }, (_, i) => `g${Math.floor(i / n)}`);
  const level = Array.from({ length: a }, () => 2 * normal());
  const y = group.map((_, i) => 10 + level[Math.floor(i / n)] + normal());
  const mean = y.reduce((s, v) => s + v, 0) / y.length;
  const means = level.map((_, g) => y.slice(g * n, (g + 1) * n).reduce((s, v) => s + v, 0) / n);
  const msa = (n * means.reduce((s, m) => s + (m - mean) ** 2, 0)) / (a - 1);
  const mse = y.reduce((s, v, i) => s + (v - means[Math.floor(i / n)]) ** 2, 0) / (a * (n - 1));
  const fit = handFit(handRows({ y, X: [one(a * n)], blocks: [{ group }] }), 'reml', {});
  expect(fit.sigma).toBeCloseTo(Math.sqrt(mse), 7);
  expect(fit.varcorr[0].sd[0]).toBeCloseTo(Math.sqrt((msa - mse) / n), 7);
  expect(fit.fixef[0]).toMatchObject({
    estimate: expect.closeTo(mean, 8),
    se: expect.closeTo(Math.sqrt(msa / (a * n)), 7),
  });
  expect(fit.fixef[0].df).toBeCloseTo(a - 1, 4);
  const kr = handFit(handRows({ y, X: [one(a * n)], blocks: [{ group }] }), 'reml', {
    degreesOfFreedom: 'kenward-roger',
  });
  expect(kr.fixef[0].df).toBeCloseTo(a - 1, 6);
  expect(kr.fixef[0].se).toBeCloseTo(Math.sqrt(msa / (a * n)), 7);
  const none = handFit(handRows({ y, X: [one(a * n)], blocks: [{ group }] }), 'reml', { degreesOfFreedom: 'none' });
  expect(none.fixef[0]).toMatchObject({ df: null, p: null, se: fit.fixef[0].se });
});

test('every shape converges to a certified minimum', () => {
  for (const { name, model } of shapes()) {
    for (const method of ['reml', 'ml'] as const) {
      const fit = handFit(model, method);
      expect(fit.converged, name).toBe(true);
      expect(fit.certificate.decrement, name).toBeLessThan(1e-10);
      expect(
        fit.certificate.eigenvalues.every((v) => v > -1e-4),
        name,
      ).toBe(true);
    }
  }
});

describe('warnings', () => {
  const { normal } = random('warnings');
  const group = Array.from({ length: 40 }, (_, i) => `g${Math.floor(i / 4)}`);
  const x = group.map((_, i) => (i % 4) - 1.5);
  const noise = group.map(() => normal());

  test('a variance of zero is named', () => {
    // group means exactly equal: no between-group variation at all
    const y = noise.map(
      (v, i) => v - noise.slice(4 * Math.floor(i / 4), 4 * Math.floor(i / 4) + 4).reduce((s, t) => s + t, 0) / 4,
    );
    const fit = handFit(handRows({ y, X: [one(40), x], blocks: [{ group }] }));
    expect(fit.singular).toBe(true);
    expect(fit.converged).toBe(true);
    expect(fit.varcorr[0]).toMatchObject({ sd: [0], cor: [[null]] });
    expect(fit.warnings.find((w) => w.code === 'MM501')?.message).toContain(
      'the standard deviation of (Intercept) is zero',
    );
    expect(fit.ranef[0].mode.flat().every((v) => Math.abs(v) < 1e-8)).toBe(true);
  });

  test('a correlation of one is named', () => {
    const level = Array.from({ length: 10 }, (_, k) => k - 4.5);
    const y = x.map((v, i) => level[Math.floor(i / 4)] * (1 + 0.4 * v) + 0.05 * noise[i]);
    const fit = handFit(
      handRows({ y, X: [one(40), x], blocks: [{ group, columns: [one(40), x], names: ['(Intercept)', 'x'] }] }),
    );
    expect(fit.singular).toBe(true);
    expect(fit.warnings.map((w) => w.message).join()).toContain('the correlation of (Intercept) and x is 1');
  });

  test('left-out columns, one level, as many effects as rows', () => {
    const y = noise;
    expect(codesOf(handFit(handRows({ y, X: [one(40)], blocks: [{ group }] }), 'reml', {}, ['x2', 'x3']))).toContain(
      'MM503',
    );
    expect(codesOf(handFit(handRows({ y, X: [one(40)], blocks: [{ group: group.map(() => 'a') }] })))).toContain(
      'MM505',
    );
    const each = group.map((_, i) => `row${i}`);
    expect(codesOf(handFit(handRows({ y, X: [one(40)], blocks: [{ group: each }] })))).toContain('MM504');
  });

  test('an exact fit is no convergence, and nothing is infinite', () => {
    const constant = handFit(handRows({ y: group.map(() => 7), X: [one(40)], blocks: [{ group }] }));
    expect(codesOf(constant)).toContain('MM506');
    expect(constant.converged).toBe(false);
    expect(constant.fixef[0].estimate).toBeCloseTo(7, 12);
    expect(constant.sigma).toBe(0);
    // equal within groups: the likelihood grows as sigma shrinks
    const steps = handFit(
      handRows({ y: group.map((g) => Number(g.slice(1)) ** 2), X: [one(40)], blocks: [{ group }] }),
    );
    expect(codesOf(steps)).toContain('MM509');
    expect(steps.converged).toBe(false);
  });

  test('Kenward and Roger are refused where they do not apply', () => {
    const model = handRows({ y: noise, X: [one(40), x], blocks: [{ group }] });
    const fit = handFit(model, 'ml', { degreesOfFreedom: 'kenward-roger' });
    expect(codesOf(fit)).toContain('MM507');
    expect(fit.fixef[0].df).toBeGreaterThan(0);
  });

  test('a search that is cut short says so', () => {
    const [, { model }] = shapes();
    const fit = handFit(model, 'reml', { maxEvaluations: 2 });
    expect(fit.converged).toBe(false);
    expect(codesOf(fit)).toContain('MM502');
  });
});

test('progress is reported and an exception of the caller stops the search', () => {
  const [, { model }] = shapes();
  const seen: number[] = [];
  handFit(model, 'reml', { onProgress: ({ objective }) => seen.push(objective) });
  expect(seen.length).toBeGreaterThan(2);
  expect(seen[seen.length - 1]).toBeLessThan(seen[0]);
  const stop = new Error('stop');
  expect(() =>
    handFit(model, 'reml', {
      onProgress: () => {
        throw stop;
      },
    }),
  ).toThrow(stop);
  expect(() => handFit(model, 'reml', { signal: AbortSignal.abort(stop) })).toThrow(stop);
});
