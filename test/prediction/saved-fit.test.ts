import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { rowsOfColumn } from '../../src/data/frame.js';
import type { Table } from '../../src/data/table.js';
import { predict } from '../../src/predict.js';
import { summaryText } from '../../src/results/summary-text.js';
import { savedJsonSchema } from '../../src/saved/schema.js';
import { loadFit, saveFit } from '../../src/saved-fit.js';
import { simulate } from '../../src/simulate.js';
import { fitted, numbersOf, tableOf } from './fitted.js';

/** Answers of the first 40 of 316 persons to all 24 items. */
function someAnswers(): Table {
  const table = tableOf('VerbAgg.csv');
  const kept = Int32Array.from(Array.from({ length: table.rows }, (_, i) => i).filter((i) => i % 316 < 40));
  return {
    ...table,
    rows: kept.length,
    columns: new Map([...table.columns].map(([k, c]) => [k, rowsOfColumn(c, kept)])),
  };
}

const models: readonly (readonly [string, string | Table, string])[] = [
  [
    'splines, derived columns, where and missing values',
    'sleepstudy_na.csv',
    'let d = Days / 2\nwhere Days < 9\nlog(Reaction) ~ ns(d, 3) + (Days | Subject)',
  ],
  ['prior weights', 'sleepstudy_wt.csv', 'Reaction ~ normal(mu, sigma / sqrt(w))\nmu = Days + (1 | Subject)'],
  [
    'correlated errors and a predictor of sigma',
    'Orthodont.csv',
    'distance ~ normal(mu, sigma, cor = ar1(age | Subject))\nmu = age * Sex\nlog(sigma) = Sex',
  ],
  ['effects in time', 'sim_ar1.csv', 'y ~ normal(mu, sigma)\nmu = time + ar1(time | unit)\nfit ml'],
  [
    'an ordered response',
    someAnswers(),
    'data "VerbAgg.csv" { resp: ordered("no", "perhaps", "yes") }\nresp ~ cumulative(eta, logit)\neta = Anger + mode + (1 | id)\nfit laplace',
  ],
  [
    'zero inflation with two predictors',
    'sim_zip.csv',
    'y ~ zero_inflated(poisson(lambda), zi)\nlog(lambda) = x + (1 | g)\nlogit(zi) = x',
  ],
  [
    'a mixture per group',
    'mix_gauss_well2.csv',
    readFileSync(join(import.meta.dirname, '../models/mix-gauss-well2.mm'), 'utf8'),
  ],
  ['a mixture per row', 'NPreg.csv', readFileSync(join(import.meta.dirname, '../models/mix-npreg-obs.mm'), 'utf8')],
];

describe.each(models)('%s', (_, data, text) => {
  const outcome = fitted(data, text);
  const saved = JSON.stringify(saveFit(outcome));
  const { fitted: loaded, diagnostics } = loadFit(saved);
  if (loaded === undefined || outcome.fit === undefined) throw new Error(JSON.stringify(diagnostics));

  test('rows of the fit, coded again, are predicted as the engine has fitted them', () => {
    const { fit } = numbersOf(predict(loaded));
    const wanted = outcome.fit?.fitted ?? new Float64Array(0);
    expect(fit).toHaveLength(wanted.length);
    fit.forEach((v, i) => {
      expect(Math.abs(v - (wanted[i] ?? 0))).toBeLessThan(1e-7 * (1 + Math.abs(v)));
    });
  });

  test('what is read says what was saved, to the last digit', () => {
    expect(summaryText(loaded.fit)).toBe(summaryText(outcome.fit ?? loaded.fit));
    const options = { se: true, interval: 'confidence' } as const;
    expect(predict(loaded, null, options).prediction).toEqual(predict(outcome, null, options).prediction);
    expect(simulate(loaded, null, { n: 2 })).toEqual(simulate(outcome, null, { n: 2 }));
    expect(JSON.stringify(saveFit(loaded))).toBe(saved);
  });

  test('standard errors are there for every row and quantity', () => {
    for (const type of ['response', 'link', 'parameters'] as const) {
      const { prediction } = predict(loaded, null, { type, se: true, interval: 'confidence' });
      for (const { se, lower, upper, fit } of prediction?.quantities ?? [])
        fit.forEach((v, i) => {
          expect(se?.[i]).toBeGreaterThanOrEqual(0);
          expect(lower?.[i]).toBeLessThanOrEqual(v + 1e-12 * Math.abs(v));
          expect(upper?.[i]).toBeGreaterThanOrEqual(v - 1e-12 * Math.abs(v));
        });
    }
  });
});

describe('a file that is not what it should be', () => {
  const outcome = fitted('sleepstudy.csv', 'Reaction ~ Days + (1 | Subject)');
  const good = saveFit(outcome);
  const codesOf = (saved: unknown) => loadFit(saved, 'fit.json').diagnostics.map((d) => d.code);
  const changed = (path: readonly string[], value: unknown): unknown => {
    const copy = JSON.parse(JSON.stringify(good));
    let at = copy.content;
    for (const key of path.slice(0, -1)) at = at[key];
    at[path.at(-1) ?? ''] = value;
    return copy;
  };

  test('no JSON, other JSON, another form', () => {
    expect(codesOf('{"schema": "mm.saved-')).toEqual(['MM591']);
    expect(codesOf('[1, 2]')).toEqual(['MM591']);
    expect(codesOf({ schema: 'mm.fit/1' })).toEqual(['MM591']);
    expect(codesOf({ ...good, schema: 'mm.saved-fit/2' })).toEqual(['MM592']);
  });

  test('a number that was edited', () => {
    expect(codesOf(changed(['fit', 'sigma'], 1))).toEqual(['MM593']);
  });

  test('the shape is checked besides, and the place is named', async () => {
    const { checksum } = await import('../../src/saved/checksum.js');
    const resigned = (saved: unknown): unknown => {
      const { content, ...rest } = JSON.parse(JSON.stringify(saved));
      return { ...rest, content, checksum: checksum(JSON.stringify(content)) };
    };
    const wrong = loadFit(resigned(changed(['estimates', 'axes'], 'two')), 'fit.json');
    expect(wrong.diagnostics[0]?.message).toMatch(/content\.estimates\.axes/);
    const dangling = loadFit(resigned(changed(['graph', 'predictors'], [])), 'fit.json');
    expect(dangling.diagnostics[0]?.message).toMatch(/refers to/);
    expect(loadFit(resigned(good)).diagnostics).toEqual([]);
  });

  test('without rows: new rows only', () => {
    const { fitted: loaded } = loadFit(JSON.stringify(saveFit(outcome, { rows: false })));
    if (loaded === undefined) throw new Error('not read');
    expect(predict(loaded).diagnostics.map((d) => d.code)).toEqual(['MM594']);
    expect(numbersOf(predict(loaded, { Days: [3], Subject: ['308'] })).fit).toHaveLength(1);
  });

  test('nothing was fitted', () => {
    expect(() => saveFit({ diagnostics: [] })).toThrow(RangeError);
  });
});

test('spec/saved-fit.schema.json is what the reader checks', () => {
  const file = readFileSync(join(import.meta.dirname, '../../spec/saved-fit.schema.json'), 'utf8');
  expect(JSON.parse(file)).toEqual(savedJsonSchema());
});
