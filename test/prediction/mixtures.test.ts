import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { predict } from '../../src/predict.js';
import { simulate } from '../../src/simulate.js';
import { fitted, numbersOf, tableOf } from './fitted.js';

/** Two engines end within 1e-6 of deviance of the same optimum; their Hessians are differences of gradients. */
const enginesAgree = 2e-4;

test('a mixture of one class is the plain model, standard errors included', () => {
  const one = fitted(
    'epil.csv',
    `mixture z per subject {
  y ~ poisson(lambda)
  class all { log(lambda) = lbase + trt + (1 | subject) }
}
fit em(quadrature = 25)`,
  );
  const plain = fitted('epil.csv', 'y ~ poisson(lambda)\nlog(lambda) = lbase + trt + (1 | subject)\nfit agq(25)');
  const table = tableOf('epil.csv');
  for (const effects of ['include', 'exclude'] as const) {
    const a = numbersOf(predict(one, table, { se: true, effects }));
    const b = numbersOf(predict(plain, table, { se: true, effects }));
    b.fit.forEach((v, i) => {
      expect(Math.abs((a.fit[i] ?? 0) / v - 1)).toBeLessThan(enginesAgree);
      expect(Math.abs((a.se[i] ?? 0) / (b.se[i] ?? 0) - 1)).toBeLessThan(enginesAgree);
    });
  }
});

describe('classes per group', () => {
  const text = readFileSync(join(import.meta.dirname, '../models/mix-gauss-well2.mm'), 'utf8');
  const model = fitted('mix_gauss_well2.csv', text);
  const { mixture } = model.fit ?? {};
  const [low = 0, high = 0] = mixture?.weights ?? [];

  test('a new group has the class probabilities of the population, a known one its own', () => {
    const { prediction, diagnostics } = predict(model, { id: ['new', '1'], x: [0.5, 0.5] }, { type: 'classes' });
    expect(diagnostics.map((d) => d.code)).toEqual(['MM582']);
    const of = (name: string) => Array.from(prediction?.quantities.find((q) => q.name === name)?.fit ?? []);
    expect(of('low')[0]).toBeCloseTo(low, 12);
    expect(of('high')[0]).toBeCloseTo(high, 12);
    const [own] = mixture?.posterior.probabilities ?? [];
    expect(of('low')[1]).toBeCloseTo(own?.[0] ?? Number.NaN, 8);
  });

  test('the whole is the average of the classes, and its variance theirs and what lies between them', () => {
    const rows = { id: ['new', '1', '40'], x: [0, 1, 2] };
    const quantities = predict(model, rows, { se: true }).prediction?.quantities ?? [];
    const p = predict(model, rows, { type: 'classes' }).prediction?.quantities ?? [];
    const [whole, first, second] = quantities;
    expect(quantities.map((q) => [q.name, q.class])).toEqual([
      ['response', null],
      ['response', 'low'],
      ['response', 'high'],
    ]);
    for (let i = 0; i < 3; i++) {
      const [a = 0, b = 0] = [p[0]?.fit[i], p[1]?.fit[i]];
      const [m = 0, k = 0] = [first?.fit[i], second?.fit[i]];
      expect(whole?.fit[i]).toBeCloseTo(a * m + b * k, 10);
      const between = a * (m - (whole?.fit[i] ?? 0)) ** 2 + b * (k - (whole?.fit[i] ?? 0)) ** 2;
      expect((whole?.se?.[i] ?? 0) ** 2).toBeGreaterThan(between * (1 - 1e-9));
    }
  });

  test('a prediction interval covers drawn observations of new groups as often as it says', () => {
    const { lower, upper } = numbersOf(predict(model, { id: ['new'], x: [1] }, { interval: 'prediction', level: 0.8 }));
    const groups = Array.from({ length: 4000 }, (_, k) => `new ${k}`);
    const { responses } = simulate(model, { id: groups, x: groups.map(() => 1) });
    const [y = new Float64Array(0)] = responses ?? [];
    const inside = y.filter((v) => v >= (lower[0] ?? 0) && v <= (upper[0] ?? 0)).length / y.length;
    // five binomial standard errors; the interval is wider by the uncertainty of the parameters, which the draws lack
    expect(inside).toBeGreaterThan(0.8 - 5 * Math.sqrt((0.8 * 0.2) / 4000));
    expect(inside).toBeLessThan(0.87);
  });
});

test('classes per row: the mean and the classes come from the probabilities before the response is seen', () => {
  const text = readFileSync(join(import.meta.dirname, '../models/mix-npreg-obs.mm'), 'utf8');
  const model = fitted('NPreg.csv', text);
  const quantities = predict(model, { x: [2, 5] }, { se: true, interval: 'confidence' }).prediction?.quantities ?? [];
  const weights = model.fit?.mixture?.weights ?? [];
  const [whole, low, high] = quantities;
  for (let i = 0; i < 2; i++) {
    const mean = (weights[0] ?? 0) * (low?.fit[i] ?? 0) + (weights[1] ?? 0) * (high?.fit[i] ?? 0);
    expect(whole?.fit[i]).toBeCloseTo(mean, 10);
    expect(whole?.se?.[i]).toBeGreaterThan(0);
  }
});
