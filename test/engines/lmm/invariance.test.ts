import { describe, expect, test } from 'vitest';
import type { Fit } from '../../../src/results/fit.js';
import { handFit } from './hand-fit.js';
import { type HandBlock, type HandModel, handRows } from './hand-rows.js';
import { random } from './shapes.js';

/** Fits of the same model in other words may differ by what the optimizer leaves (1e-10 of deviance) and by rounding. */
const devianceTolerance = 1e-8;
const relativeTolerance = 1e-6;

const { normal, uniform } = random('invariance');
const rows = 120;
const index = Array.from({ length: rows }, (_, i) => i);
const one = index.map(() => 1);
const x = index.map((i) => (i % 6) + 0.3 * normal());
const group = index.map((i) => `s${Math.floor(i / 6)}`);
const other = index.map(() => `t${Math.floor(8 * uniform())}`);
const effects = new Map<string, [number, number]>();
for (const g of [...group, ...other]) if (!effects.has(g)) effects.set(g, [8 * normal(), 2 * normal()]);
const y = index.map((i) => {
  const [a, b] = effects.get(group[i]) ?? [0, 0];
  return 250 + 10 * x[i] + a + b * x[i] + (effects.get(other[i])?.[0] ?? 0) + 6 * normal();
});
const slope: HandBlock = { group, columns: [one, x], names: ['(Intercept)', 'x'] };
const crossed: HandBlock = { group: other };
const base: HandModel = { y, X: [one, x], blocks: [slope, crossed] };
const sizes = (fit: Fit): number[] => fit.varcorr.flatMap((v) => v.sd);

function expectSame(a: readonly (number | null | undefined)[], b: readonly (number | null | undefined)[]): void {
  expect(a.length).toBe(b.length);
  a.forEach((v, i) => {
    const w = b[i];
    if (typeof v !== 'number' || typeof w !== 'number') expect(v).toBe(w);
    else expect(Math.abs(v - w)).toBeLessThanOrEqual(relativeTolerance * Math.max(1e-3, Math.abs(w)));
  });
}

describe.each(['reml', 'ml'] as const)('what a fit does not depend on, %s', (method) => {
  const reference = handFit(handRows(base), method);

  test('the order of the rows', () => {
    const order = index.map((i) => (i * 47) % rows);
    const shuffle = <T>(v: readonly T[]): T[] => order.map((i) => v[i]);
    const fit = handFit(
      handRows({
        y: shuffle(y),
        X: [one, shuffle(x)],
        blocks: [{ ...slope, group: shuffle(group), columns: [one, shuffle(x)] }, { group: shuffle(other) }],
      }),
      method,
    );
    expect(Math.abs(fit.deviance - reference.deviance)).toBeLessThan(devianceTolerance);
    expectSame(sizes(fit), sizes(reference));
    expectSame(
      fit.fixef.map((f) => f.se),
      reference.fixef.map((f) => f.se),
    );
  });

  test('the names and the order of the levels', () => {
    const fit = handFit(
      handRows({ ...base, blocks: [{ ...slope, group: group.map((g) => `z${1000 - Number(g.slice(1))}`) }, crossed] }),
      method,
    );
    expect(Math.abs(fit.deviance - reference.deviance)).toBeLessThan(devianceTolerance);
    expectSame(sizes(fit), sizes(reference));
  });

  test('the order of the terms', () => {
    const fit = handFit(
      handRows({
        ...base,
        X: [x, one],
        blocks: [crossed, { ...slope, columns: [x, one], names: ['x', '(Intercept)'] }],
      }),
      method,
    );
    expect(Math.abs(fit.deviance - reference.deviance)).toBeLessThan(devianceTolerance);
    expectSame(
      [fit.fixef[1].estimate, fit.fixef[0].estimate],
      reference.fixef.map((f) => f.estimate),
    );
    expectSame([fit.varcorr[1].sd[1], fit.varcorr[1].sd[0], fit.varcorr[0].sd[0]], sizes(reference));
    expect(fit.varcorr[1].cor[0][1]).toBeCloseTo(reference.varcorr[0].cor[0][1] ?? Number.NaN, 5);
  });

  test('the unit of the response', () => {
    for (const c of [1e-6, -3, 1e9]) {
      const fit = handFit(handRows({ ...base, y: y.map((v) => c * v) }), method);
      const nu = rows - (method === 'reml' ? 2 : 0);
      expect(Math.abs(fit.deviance - nu * Math.log(c * c) - reference.deviance)).toBeLessThan(devianceTolerance);
      expectSame(
        sizes(fit).map((v) => v / Math.abs(c)),
        sizes(reference),
      );
      expectSame(
        fit.fixef.map((f) => (f.estimate ?? Number.NaN) / c),
        reference.fixef.map((f) => f.estimate),
      );
      expectSame(
        fit.fixef.map((f) => f.df),
        reference.fixef.map((f) => f.df),
      );
    }
  });

  test('the unit and the origin of a predictor with a correlated slope', () => {
    const far = x.map((v) => 1e6 * v + 1e8);
    const fit = handFit(handRows({ y, X: [one, far], blocks: [{ ...slope, columns: [one, far] }, crossed] }), method);
    // |X'X| has the unit in it
    const unit = method === 'reml' ? 2 * Math.log(1e6) : 0;
    expect(Math.abs(fit.deviance - unit - reference.deviance)).toBeLessThan(1e-6);
    expect(fit.converged).toBe(true);
    expectSame(
      [(fit.fixef[1].estimate ?? 0) * 1e6, fit.fixef[1].statistic],
      [reference.fixef[1].estimate, reference.fixef[1].statistic],
    );
    expectSame([fit.varcorr[0].sd[1] * 1e6, fit.sigma], [reference.varcorr[0].sd[1], reference.sigma]);
    fit.fitted.forEach((v, i) => {
      expect(Math.abs(v - reference.fitted[i])).toBeLessThan(1e-6);
    });
  });

  test('an interaction with a covariate that is far from zero, in units that make it nearly constant', () => {
    const unit = 1e-3;
    const f = index.map((i) => (i % 2 === 0 ? 1 : 0));
    const far = x.map((v) => 1000 + unit * v);
    const near = far.map((v) => (v - 1000) / unit); // the same digits
    const weights = index.map((i) => 1 + (i % 4));
    const of = (v: readonly number[]) => ({
      ...base,
      weights,
      X: [one, f, v, v.map((t, i) => t * f[i])],
    });
    const wanted = handFit(handRows(of(near)), method);
    const fit = handFit(handRows(of(far)), method);
    const squared = method === 'reml' ? 2 * 2 * Math.log(unit) : 0;
    expect(Math.abs(fit.deviance - squared - wanted.deviance)).toBeLessThan(1e-7);
    expect(fit.converged).toBe(true);
    for (const k of [2, 3])
      expectSame(
        [(fit.fixef[k].estimate ?? 0) * unit, fit.fixef[k].statistic, fit.fixef[k].df],
        [wanted.fixef[k].estimate, wanted.fixef[k].statistic, wanted.fixef[k].df],
      );
    expectSame([...sizes(fit), fit.sigma], [...sizes(wanted), wanted.sigma]);
    fit.fitted.forEach((v, i) => {
      expect(Math.abs(v - wanted.fitted[i])).toBeLessThan(1e-6);
    });
    const exact = { degreesOfFreedom: 'kenward-roger' } as const;
    expectSame(
      handFit(handRows({ ...of(far), weights: one }), method, exact)
        .fixef.map((v) => v.df)
        .slice(2),
      handFit(handRows({ ...of(near), weights: one }), method, exact)
        .fixef.map((v) => v.df)
        .slice(2),
    );
  });

  test('the year from which the powers of a correlated random slope are counted', () => {
    const t = index.map((i) => i % 6);
    const bent = y.map((v, i) => v + (effects.get(group[i])?.[1] ?? 0) * (t[i] - 3) ** 2);
    const weights = index.map((i) => 1 + (i % 4));
    const of = (from: number, degree: number) => {
      const columns = Array.from({ length: degree + 1 }, (_, d) => t.map((v) => (from + v) ** d)); // integers: no digit is lost
      return handFit(handRows({ y: bent, X: [one, t], weights, blocks: [{ group, columns }] }), method);
    };
    for (const degree of [2, 3]) {
      const wanted = of(0, degree);
      const fit = of(2001, degree);
      expect(Math.abs(fit.deviance - wanted.deviance)).toBeLessThan(1e-7);
      expect([fit.converged, fit.singular]).toEqual([true, wanted.singular]);
      expectSame([fit.sigma, fit.varcorr[0].sd[degree]], [wanted.sigma, wanted.varcorr[0].sd[degree]]);
      expectSame(
        fit.fixef.flatMap((f) => [f.estimate, f.se, f.df]),
        wanted.fixef.flatMap((f) => [f.estimate, f.se, f.df]),
      );
      fit.fitted.forEach((v, i) => {
        expect(Math.abs(v - wanted.fitted[i])).toBeLessThan(1e-5);
      });
    }
  });

  test('the unit of a predictor with independent, cs and homcs columns', () => {
    const f = [0, 1, 2].map((k) => index.map((i) => (i % 3 === k ? 1 : 0)));
    for (const covariance of ['diag', 'cs', 'homcs'] as const) {
      const columns = covariance === 'diag' ? [one, x] : f;
      const scaled = covariance === 'diag' ? [one, x.map((v) => 1e6 * v)] : f.map((c) => c.map((v) => 1e6 * v));
      const near = handFit(handRows({ y, X: [one, x], blocks: [{ group, covariance, columns }, crossed] }), method);
      const fit = handFit(
        handRows({ y, X: [one, x], blocks: [{ group, covariance, columns: scaled }, crossed] }),
        method,
      );
      expect(Math.abs(fit.deviance - near.deviance)).toBeLessThan(devianceTolerance);
      const last = near.varcorr[0].sd.length - 1;
      expectSame([fit.varcorr[0].sd[last] * 1e6], [near.varcorr[0].sd[last]]);
    }
  });

  test('weights of one, an offset of zero, and a weight is a repeated row', () => {
    const fit = handFit(handRows({ ...base, weights: one, offset: index.map(() => 0) }), method);
    expect(Math.abs(fit.deviance - reference.deviance)).toBeLessThan(devianceTolerance);
    const far = index.map(() => 1e8);
    const moved = handFit(handRows({ ...base, y: y.map((v, i) => v + far[i]), offset: far }), method);
    expect(Math.abs(moved.deviance - reference.deviance)).toBeLessThan(1e-4); // y itself has lost eight digits
  });
});
