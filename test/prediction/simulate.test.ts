import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { predict } from '../../src/predict.js';
import { simulate } from '../../src/simulate.js';
import { fitted, numbersOf, tableOf } from './fitted.js';

/** Means of so many draws are normal to the eye; five standard errors are met once in two million. */
const errors = 5;

function responsesOf(outcome: ReturnType<typeof simulate>): readonly Float64Array[] {
  if (outcome.responses === undefined) throw new Error(outcome.diagnostics.map((d) => d.message).join('; '));
  return outcome.responses;
}

function meanAndVariance(values: readonly number[]) {
  const n = values.length;
  const mean = values.reduce((a, b) => a + b, 0) / n;
  return { mean, variance: values.reduce((a, b) => a + (b - mean) ** 2, 0) / (n - 1) };
}

const n = 2000;

describe('a linear mixed model', () => {
  const model = fitted('sleepstudy.csv', 'Reaction ~ Days + (Days | Subject)');
  const { fit } = model;
  if (fit === undefined) throw new Error('no fit');
  const at = (row: number, all: readonly Float64Array[]) => all.map((y) => y[row] ?? Number.NaN);

  test('new effects: mean X beta, variance z Sigma z + sigma^2, covariance z Sigma z within a subject and none between', () => {
    const all = responsesOf(simulate(model, null, { n, seed: 3 }));
    const population = numbersOf(predict(model, null, { effects: 'exclude' })).fit;
    const [sd0 = 0, sd1 = 0] = fit.varcorr[0]?.sd ?? [];
    const rho = fit.varcorr[0]?.cor[0]?.[1] ?? 0;
    const shared = (a: number, b: number) => sd0 ** 2 + (a + b) * rho * sd0 * sd1 + a * b * sd1 ** 2;
    const [one, nine] = [meanAndVariance(at(0, all)), meanAndVariance(at(9, all))]; // days 0 and 9 of the first subject
    const wanted = (day: number) => shared(day, day) + (fit.sigma ?? 0) ** 2;
    expect(Math.abs(one.mean - (population[0] ?? 0))).toBeLessThan(errors * Math.sqrt(wanted(0) / n));
    expect(Math.abs(one.variance / wanted(0) - 1)).toBeLessThan(errors * Math.sqrt(2 / n));
    expect(Math.abs(nine.variance / wanted(9) - 1)).toBeLessThan(errors * Math.sqrt(2 / n));
    const product = (a: number, b: number) =>
      meanAndVariance(all.map((y) => ((y[a] ?? 0) - (population[a] ?? 0)) * ((y[b] ?? 0) - (population[b] ?? 0)))).mean;
    const noise = errors * Math.sqrt((wanted(0) * wanted(9) + shared(0, 9) ** 2) / n);
    expect(Math.abs(product(0, 9) - shared(0, 9))).toBeLessThan(noise);
    expect(Math.abs(product(0, 19))).toBeLessThan(noise); // day 9 of the next subject
  });

  test('kept effects: mean as fitted, variance sigma^2; an unseen subject has drawn ones', () => {
    const all = responsesOf(simulate(model, null, { n, seed: 4, effects: 'kept' }));
    const { mean, variance } = meanAndVariance(at(7, all));
    const sigma2 = (fit.sigma ?? 0) ** 2;
    expect(Math.abs(mean - (fit.fitted[7] ?? 0))).toBeLessThan(errors * Math.sqrt(sigma2 / n));
    expect(Math.abs(variance / sigma2 - 1)).toBeLessThan(errors * Math.sqrt(2 / n));
    const fresh = responsesOf(simulate(model, { Days: [0], Subject: ['new'] }, { n, effects: 'kept' }));
    const sd0 = fit.varcorr[0]?.sd[0] ?? 0;
    const spread = meanAndVariance(at(0, fresh)).variance / (sigma2 + sd0 ** 2);
    expect(Math.abs(spread - 1)).toBeLessThan(errors * Math.sqrt(2 / n));
  });

  test('rows that miss a value have no response, which is said', () => {
    const found = simulate(model, { Days: [0, Number.NaN, 2], Subject: ['308', '308', '309'] }, { n: 2 });
    expect(responsesOf(found).map((y) => Array.from(y, Number.isNaN))).toEqual([
      [false, true, false],
      [false, true, false],
    ]);
    expect(found.diagnostics.map((d) => [d.code, d.message])).toEqual([
      ['MM585', 'row 2 has a missing value that the model needs: there is no response'],
    ]);
  });

  test('a replicate depends on the seed and its number, and on nothing else', () => {
    const two = responsesOf(simulate(model, null, { n: 2, seed: 9 }));
    const five = responsesOf(simulate(model, null, { n: 5, seed: 9 }));
    expect(five.slice(0, 2)).toEqual(two);
    expect(responsesOf(simulate(model, null, { n: 1, seed: 10 }))[0]).not.toEqual(two[0]);
  });

  test('missing values leave the response missing', () => {
    const [y] = responsesOf(simulate(model, { Days: [null, 2], Subject: ['308', '308'] }));
    expect(Number.isNaN(y?.[0])).toBe(true);
    expect(Number.isFinite(y?.[1])).toBe(true);
  });
});

test('errors that are correlated in time are drawn so', () => {
  const model = fitted('Orthodont.csv', 'distance ~ normal(mu, sigma, cor = ar1(age | Subject))\nmu = age\nfit ml');
  const rho = model.fit?.errors?.correlation ?? 0;
  expect(rho).toBeGreaterThan(0.3);
  const all = responsesOf(simulate(model, null, { n }));
  const mean = numbersOf(predict(model)).fit;
  const sigma2 = meanAndVariance(all.map((y) => (y[0] ?? 0) - (mean[0] ?? 0))).variance;
  // the rows of the first subject are four visits in order
  for (const steps of [1, 2, 3]) {
    const products = all.map((y) => (((y[0] ?? 0) - (mean[0] ?? 0)) * ((y[steps] ?? 0) - (mean[steps] ?? 0))) / sigma2);
    expect(Math.abs(meanAndVariance(products).mean - rho ** steps)).toBeLessThan(errors * Math.sqrt(2 / n));
  }
});

test('effects in time are drawn with their correlation', () => {
  const model = fitted('sim_ar1.csv', 'y ~ normal(mu, sigma)\nmu = time + ar1(time | unit)\nfit ml');
  const block = model.fit?.varcorr[0];
  const sd = block?.sd[0] ?? 0;
  const rho = block?.serial?.correlation ?? 0;
  const sigma2 = (model.fit?.sigma ?? 0) ** 2;
  const all = responsesOf(simulate(model, null, { n }));
  const mean = numbersOf(predict(model, null, { effects: 'exclude' })).fit;
  const products = all.map((y) => ((y[0] ?? 0) - (mean[0] ?? 0)) * ((y[1] ?? 0) - (mean[1] ?? 0)));
  const total = sd ** 2 + sigma2;
  expect(Math.abs(meanAndVariance(products).mean - rho * sd ** 2)).toBeLessThan(errors * total * Math.sqrt(2 / n));
});

test('counts have the mean of the prediction, given the effects', () => {
  const model = fitted('sim_zip.csv', 'y ~ zero_inflated(poisson(lambda), zi)\nlog(lambda) = x + (1 | g)');
  const all = responsesOf(simulate(model, null, { n, effects: 'kept' }));
  const wanted = numbersOf(predict(model)).fit;
  for (const row of [0, 40, 111]) {
    const { mean, variance } = meanAndVariance(all.map((y) => y[row] ?? Number.NaN));
    expect(Math.abs(mean - (wanted[row] ?? 0))).toBeLessThan(errors * Math.sqrt(variance / n));
    expect(all.every((y) => Number.isInteger(y[row]) && (y[row] ?? -1) >= 0)).toBe(true);
  }
});

test('classes: one for a group, as often as their probabilities say', () => {
  const text = readFileSync(join(import.meta.dirname, '../models/mix-gauss-well2.mm'), 'utf8');
  const model = fitted('mix_gauss_well2.csv', text);
  const { classes } = simulate(model, null, { n: 40 });
  const table = tableOf('mix_gauss_well2.csv');
  const id = table.columns.get('id');
  const groups = id?.kind === 'number' ? id.values : new Float64Array(0);
  const weight = model.fit?.mixture?.weights[0] ?? 0;
  let first = 0;
  let units = 0;
  for (const drawn of classes ?? [])
    groups.forEach((g, i) => {
      if (i > 0 && groups[i - 1] === g) expect(drawn[i]).toBe(drawn[i - 1]);
      else {
        units++;
        first += drawn[i] === 0 ? 1 : 0;
      }
    });
  expect(Math.abs(first / units - weight)).toBeLessThan(errors * Math.sqrt((weight * (1 - weight)) / units));
});

test('what the distribution needs and the rows lack is said', () => {
  const text = 'data "cbpp.csv" { period: factor }\nincidence ~ binomial(size, p)\nlogit(p) = period + (1 | herd)';
  const model = fitted('cbpp.csv', text);
  const found = simulate(model, { period: ['1'], herd: ['1'] });
  expect(found.diagnostics.map((d) => d.code)).toContain('MM583');
  expect(found.responses).toBeUndefined();
});
