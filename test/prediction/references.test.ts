import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { rowsOfColumn } from '../../src/data/frame.js';
import type { Table } from '../../src/data/table.js';
import { type PredictOptions, predict } from '../../src/predict.js';
import { loadFit, saveFit } from '../../src/saved-fit.js';
import { fitted, numbersOf, tableOf } from './fitted.js';

/** Written by predictions.R with lme4 and glmmTMB. */
const reference = JSON.parse(readFileSync(join(import.meta.dirname, 'predictions.json'), 'utf8'));

/** What two optimizers leave in theta: a derivative of a prediction by it is of the prediction's own size. */
const lmmTolerance = 2e-6;
/** glmmTMB stops earlier, and its Hessian is a difference of gradients. */
const tmbTolerance = 2e-5;

function close(found: readonly number[], wanted: readonly number[], relative: number): void {
  expect(found).toHaveLength(wanted.length);
  wanted.forEach((w, i) => {
    const difference = Math.abs((found[i] ?? Number.NaN) - w);
    expect(difference, `${i}: ${found[i]} for ${w}`).toBeLessThanOrEqual(relative * Math.max(1, Math.abs(w)));
  });
}

function rowsAt(table: Table, rows: readonly number[], change: Record<string, readonly string[]> = {}): Table {
  const kept = Int32Array.from(rows, (r) => r - 1);
  const columns = new Map([...table.columns].map(([name, column]) => [name, rowsOfColumn(column, kept)]));
  for (const [name, labels] of Object.entries(change))
    columns.set(name, {
      kind: 'label',
      name,
      type: 'factor',
      codes: Int32Array.from(labels, (label) => [...new Set(labels)].indexOf(label)),
      levels: [...new Set(labels)],
    });
  return { ...table, rows: kept.length, columns };
}

describe('a linear mixed model: Henderson equations at the estimates of lme4', () => {
  const { sleepstudy, penicillin } = reference;
  const model = fitted('sleepstudy.csv', 'Reaction ~ Days + (Days | Subject)');
  const rows = { Days: sleepstudy.Days, Subject: sleepstudy.Subject };

  test.each([
    ['as fitted', model],
    ['saved and read', loadFit(JSON.stringify(saveFit(model))).fitted ?? model],
  ])('slopes, %s', (_, from) => {
    const all = numbersOf(predict(from, rows, { se: true }));
    close(all.fit, sleepstudy.fit, lmmTolerance);
    close(all.se, sleepstudy.se, lmmTolerance);
    const population = numbersOf(predict(from, rows, { se: true, effects: 'exclude' }));
    close(population.fit, sleepstudy.population, lmmTolerance);
    close(population.se, sleepstudy.populationSe, lmmTolerance);
  });

  test('a level that was not seen adds the variance of its effects', () => {
    const fresh = { Days: sleepstudy.Days, Subject: ['n1', 'n2', 'n3', 'n3'] };
    const { fit, se } = numbersOf(predict(model, fresh, { se: true }));
    close(fit, sleepstudy.population, lmmTolerance);
    const wanted = sleepstudy.unseenVariance.map((v: number, i: number) =>
      Math.sqrt(v + sleepstudy.populationSe[i] ** 2),
    );
    close(se, wanted, lmmTolerance);
  });

  test('a prediction interval is that of a new observation, from the standard error and sigma', () => {
    const { se, lower, upper } = numbersOf(predict(model, rows, { se: true, interval: 'prediction', level: 0.9 }));
    const half = se.map((s) => 1.6448536269514722 * Math.hypot(s, sleepstudy.sigma));
    close(
      upper.map((u, i) => (u - (lower[i] ?? 0)) / 2),
      half,
      lmmTolerance,
    );
  });

  test('crossed effects, for levels that met and for some that did not', () => {
    const table = tableOf('Penicillin.csv');
    const left = new Set<number>(penicillin.left);
    const rest = Array.from({ length: table.rows }, (_, i) => i + 1).filter((r) => !left.has(r));
    const crossed = fitted(rowsAt(table, rest), 'diameter ~ 1 + (1 | plate) + (1 | sample)');
    const { fit, se } = numbersOf(
      predict(crossed, { plate: penicillin.plate, sample: penicillin.sample }, { se: true }),
    );
    close(fit, penicillin.fit, lmmTolerance);
    close(se, penicillin.se, lmmTolerance);
  });
});

describe('generalised models: predict(se.fit = TRUE) of glmmTMB', () => {
  const cases = [
    [
      'cbpp',
      'cbpp.csv',
      'data "cbpp.csv" { period: factor }\nincidence ~ binomial(size, p)\nlogit(p) = period + (1 | herd)',
      // its response is the probability, ours the number of successes
      { type: 'parameters' },
      { herd: ['77', '77', '88', '99'] },
    ],
    [
      'epil',
      'epil.csv',
      'y ~ negative_binomial(mu, shape)\nlog(mu) = trt + base + (1 | subject)',
      {},
      { subject: ['701', '702', '703', '704'] },
    ],
    [
      'zip',
      'sim_zip.csv',
      'y ~ zero_inflated(poisson(lambda), zi)\nlog(lambda) = x + (1 | g)',
      {},
      { g: ['901', '902', '903', '904'] },
    ],
  ] as const satisfies readonly (readonly [
    string,
    string,
    string,
    PredictOptions,
    Record<string, readonly string[]>,
  ])[];

  test.each(cases)('%s', (name, file, text, response, fresh) => {
    const wanted = reference[name];
    const model = fitted(file, text);
    const table = rowsAt(tableOf(file), wanted.rows);
    const check = (options: PredictOptions, data: Table, fit: string, se: string) => {
      const found = numbersOf(predict(model, data, { ...options, se: true }));
      close(found.fit, wanted[fit], tmbTolerance);
      close(found.se, wanted[se], tmbTolerance);
    };
    check({ type: 'link' }, table, 'link', 'linkSe');
    check({ type: 'link', effects: 'exclude' }, table, 'population', 'populationSe');
    check(response, table, 'response', 'responseSe');
    check({ type: 'link' }, rowsAt(tableOf(file), wanted.rows, fresh), 'unseen', 'unseenSe');
  });
});
