import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { bootstrap, bootstrapIntervals, bootstrapKey } from '../../src/bootstrap.js';
import type { PieceResult } from '../../src/bootstrap-task.js';
import { oneByOne, type Parallel } from '../../src/engines/index.js';
import { fitStatistics } from '../../src/results/fit-statistics.js';
import { simulate } from '../../src/simulate.js';
import { fitted, tableOf } from './fitted.js';

const sleepstudy = fitted('sleepstudy.csv', 'Reaction ~ Days + (Days | Subject)');

/** A search that leaves 1e-10 of deviance leaves a hundred-thousandth of a standard error in the estimates. */
const leftOver = 1e-5;

/** Does the pieces in the wrong order, each with a problem of its own, as threads do that start one after the other. */
const backwards: Parallel = {
  threads: 3,
  async run(task, shared, inputs) {
    const results = [...inputs].reverse().map((input) => task.prepare(structuredClone(shared))(input, () => {}));
    return results.reverse();
  },
};

describe('replicates', () => {
  test('are the same in threads, in pieces and after an interruption', async () => {
    const whole = await bootstrap(sleepstudy, { n: 24, seed: 5 });
    const threads = await bootstrap(sleepstudy, { n: 24, seed: 5, parallel: backwards });
    expect(threads.run.values).toEqual(whole.run.values);

    const kept: PieceResult[] = [];
    const controller = new AbortController();
    const stopped = await bootstrap(sleepstudy, {
      n: 100,
      seed: 5,
      signal: controller.signal,
      onBatch: (pieces) => {
        kept.push(...pieces);
        controller.abort();
      },
    });
    expect(stopped.run.stopped).toBe(true);
    expect(stopped.diagnostics.map((d) => d.code)).toEqual(['MM590']);
    expect(stopped.run.done).toBeGreaterThan(0);
    expect(stopped.run.done).toBeLessThan(100);
    const rest = await bootstrap(sleepstudy, { n: 60, seed: 5, known: kept });
    expect(rest.run.values.slice(0, 24)).toEqual(whole.run.values);
    expect(rest.run.done).toBe(60);
  });

  test.each([
    ['sleepstudy.csv', 'Reaction ~ Days + (Days | Subject)', 'Reaction', 6],
    ['sleepstudy.csv', 'Reaction ~ Days + (Days || Subject)', 'Reaction', 5],
    ['Penicillin.csv', 'diameter ~ 1 + (1 | plate) + (1 | sample)', 'diameter', 4],
    ['Pastes.csv', 'strength ~ 1 + (1 | batch / cask)', 'strength', 4],
  ])('are what a fit of the drawn response gives: %s, %s', async (file, formula, response, statistics) => {
    const model = fitted(file, formula);
    const n = 12; // of Pastes some are singular
    const { run } = await bootstrap(model, { n, seed: 2 });
    const { responses = [] } = simulate(model, null, { n, seed: 2 });
    const table = tableOf(file);
    responses.forEach((y, r) => {
      const column = { kind: 'number', name: response, type: 'real', values: y } as const;
      const own = { ...table, columns: new Map([...table.columns, [response, column]]) };
      const { fit } = fitted(own, formula);
      const wanted = fit === undefined ? [] : fitStatistics(fit).map((s) => s.estimate);
      expect(wanted).toHaveLength(statistics);
      wanted.forEach((w, k) => {
        expect(Math.abs((run.values[r]?.[k] ?? Number.NaN) - w)).toBeLessThan(leftOver * (1 + Math.abs(w)));
      });
    });
  });

  test('are about the estimates, with the spread that standard errors say', async () => {
    const { run } = await bootstrap(sleepstudy, { n: 400 });
    const at = run.statistics.findIndex((s) => s.name === 'Days');
    const days = run.values.map((v) => v[at] ?? Number.NaN);
    const mean = days.reduce((a, b) => a + b, 0) / days.length;
    const sd = Math.sqrt(days.reduce((a, b) => a + (b - mean) ** 2, 0) / (days.length - 1));
    const se = sleepstudy.fit?.fixef[1]?.se ?? 0;
    expect(Math.abs(mean - (sleepstudy.fit?.fixef[1]?.estimate ?? 0))).toBeLessThan((5 * se) / 20);
    expect(Math.abs(sd / se - 1)).toBeLessThan(5 / Math.sqrt(2 * 400));
    expect(run.statistics.map((s) => s.name)).toEqual([
      'sd_(Intercept)|Subject',
      'cor_Days.(Intercept)|Subject',
      'sd_Days|Subject',
      'sigma',
      '(Intercept)',
      'Days',
    ]);
  });

  test('of generalised models', async () => {
    const text = 'data "cbpp.csv" { period: factor }\nincidence ~ binomial(size, p)\nlogit(p) = period + (1 | herd)';
    const { run } = await bootstrap(fitted('cbpp.csv', text), { n: 12 });
    expect(run).toMatchObject({ done: 12, failed: 0 });
    expect(run.values.every((v) => v.every(Number.isFinite))).toBe(true);
  });

  test('of mixtures keep their classes apart, though a refit may number them otherwise', async () => {
    const text = readFileSync(join(import.meta.dirname, '../models/mix-gauss-well2.mm'), 'utf8')
      .replace('order z by intercept', '')
      .replace('quadrature = 61', 'quadrature = 15, starts = 3');
    const model = fitted('mix_gauss_well2.csv', text);
    const { run } = await bootstrap(model, { n: 6 });
    for (const name of ['(Intercept)@low', '(Intercept)@high', 'prob@low']) {
      const at = run.statistics.findIndex((s) => s.name === name);
      const other = run.statistics.findIndex(
        (s) => s.name === name.replace('low', '*').replace('high', 'low').replace('*', 'high'),
      );
      const own = run.statistics[at]?.estimate ?? Number.NaN;
      const swapped = run.statistics[other]?.estimate ?? Number.NaN;
      for (const v of run.values) expect(Math.abs((v[at] ?? 0) - own)).toBeLessThan(Math.abs((v[at] ?? 0) - swapped));
    }
  }, 30_000);

  test('a key tells runs of other data and seeds apart', () => {
    const key = bootstrapKey(sleepstudy, { seed: 1 });
    expect(bootstrapKey(fitted('sleepstudy.csv', 'Reaction ~ Days + (Days | Subject)'), { seed: 1 })).toBe(key);
    expect(bootstrapKey(sleepstudy, { seed: 2 })).not.toBe(key);
    expect(bootstrapKey(sleepstudy, { seed: 1, effects: 'kept' })).not.toBe(key);
    const less = tableOf('sleepstudy.csv');
    const reaction = less.columns.get('Reaction');
    if (reaction?.kind !== 'number') throw new Error('no response');
    const values = reaction.values.slice();
    values[0] = 250;
    const other = { ...less, columns: new Map([...less.columns, ['Reaction', { ...reaction, values }]]) };
    expect(bootstrapKey(fitted(other, 'Reaction ~ Days + (Days | Subject)'), { seed: 1 })).not.toBe(key);
  });

  test('one piece after the other is what a host without threads does', async () => {
    const { run } = await bootstrap(sleepstudy, { n: 4, parallel: oneByOne });
    expect(run.done).toBe(4);
  });
});

describe('intervals by the book', () => {
  // replicates 1, 2 ... 99 of a statistic estimated as 40: type 7 quantiles of 99 numbers at 0.05 and 0.95 are 5.9 and 94.1
  const statistic = {
    name: 'a',
    kind: 'coefficient' as const,
    group: null,
    terms: [],
    predictor: 'mu',
    class: null,
    estimate: 40,
  };
  const values = Array.from({ length: 99 }, (_, k) => Float64Array.of(k + 1));
  const of = (kind: 'percentile' | 'basic' | 'bc') =>
    bootstrapIntervals({ statistics: [statistic], values }, { level: 0.9, kind }).intervals[0];

  test('percentile and basic', () => {
    expect(of('percentile')?.lower).toBeCloseTo(5.9, 12);
    expect(of('percentile')?.upper).toBeCloseTo(94.1, 12);
    expect(of('basic')?.lower).toBeCloseTo(80 - 94.1, 12);
    expect(of('basic')?.upper).toBeCloseTo(80 - 5.9, 12);
  });

  test('bias-corrected: 39.5 of 99 lie below, so z0 = qnorm(39.5 / 99)', () => {
    // pnorm(2 qnorm(39.5/99) -+ qnorm(0.95)) in R: 0.01551145905 and 0.87137788882
    expect(of('bc')?.lower).toBeCloseTo(1 + 98 * 0.01551145905, 8);
    expect(of('bc')?.upper).toBeCloseTo(1 + 98 * 0.87137788882, 8);
  });

  test('too few replicates are no interval', () => {
    const few = bootstrapIntervals({ statistics: [statistic], values: values.slice(0, 5) }).intervals[0];
    expect(few).toMatchObject({ lowerStatus: 'failed', upperStatus: 'failed' });
  });
});
