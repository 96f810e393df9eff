import { describe, expect, test } from 'vitest';
import { schemaOf } from '../../src/data/schema-of.js';
import { compile, explain, fit as fitModel, MmError, type Table } from '../../src/index.js';
import { crossedRows, modelAt, tableAt } from './models.js';

function error(action: () => unknown): MmError {
  try {
    action();
  } catch (caught) {
    if (caught instanceof MmError) return caught;
    throw caught;
  }
  throw new Error('nothing was thrown');
}

describe('data in memory', () => {
  const rows = crossedRows();
  const source = 'y ~ x + f + (1 | g)';
  const expected = compile(source).bind(rows).fit();
  const text = (name: 'g' | 'f') => rows.map((r) => r[name]);
  const numbers = (name: 'x' | 'y') => rows.map((r) => r[name]);

  test('columns, typed arrays, factors by their codes, and a table are the same as rows', () => {
    const g = text('g');
    const levels = [...new Set(g)].sort();
    const codes = Int32Array.from(g, (v) => levels.indexOf(v));
    const plain = { x: numbers('x'), y: numbers('y'), f: text('f'), g };
    const typed = { x: Float64Array.from(numbers('x')), y: Float64Array.from(numbers('y')), f: text('f') };
    for (const data of [plain, { ...typed, g: { codes, levels } }]) {
      const fit = compile(source).bind(data).fit();
      expect(fit.fixef).toEqual(expected.fixef);
      expect(fit.ranef).toEqual(expected.ranef);
    }
    const table: Table = tableAt('test/data/sleepstudy.csv');
    expect(compile('Reaction ~ Days + (Days | Subject)').bind(table).rows).toBe(180);
  });

  test('missing values leave rows out', () => {
    const some = rows.map((r, i) => (i < 5 ? { ...r, x: i === 0 ? null : Number.NaN } : r));
    expect(compile(source).bind(some).rows).toBe(rows.length - 5);
  });

  test('what does not fit together is refused', () => {
    expect(() => compile(source).bind({ y: [1, 2], x: [1], f: ['a', 'b'], g: ['u', 'v'] })).toThrow(RangeError);
  });
});

describe('bind', () => {
  test.each(['sleepstudy-slope-reml', 'epil-slope', 'cake-rankdef-reml', 'blme-sleepstudy-combo-ml'])(
    '%s: the same fit as `fit` gives, and again after others',
    (name) => {
      const { source, table } = modelAt(name);
      const [model] = compile(source, { schema: schemaOf(table) }).models;
      if (model === undefined) throw new Error('no model');
      const expected = fitModel(model, table).fit;
      const problem = compile(source).bind(table);
      expect(problem.fit()).toEqual(expected);
      problem.gradient(problem.start());
      problem.optimize().run();
      expect(problem.fit()).toEqual(expected);
    },
  );

  test('passes on how degrees of freedom are to be had, progress and the wish to stop', () => {
    const { source, table } = modelAt('sleepstudy-slope-reml');
    const problem = compile(source).bind(table);
    expect(problem.fit({ degreesOfFreedom: 'none' }).fixef[0].df).toBeNull();
    const seen: number[] = [];
    problem.fit({ onProgress: ({ objective }) => seen.push(objective) });
    expect(seen.length).toBeGreaterThan(3);
    for (const name of ['sleepstudy-slope-reml', 'epil-slope']) {
      const other = modelAt(name);
      const stop = new AbortController();
      const bound = compile(other.source).bind(other.table);
      const options = { signal: stop.signal, onProgress: () => stop.abort() };
      expect(() => bound.fit(options)).toThrow();
      expect(() => bound.fitNumerically(options)).toThrow();
      expect(bound.fit().converged).toBe(true);
    }
  });

  test('a wrong program is an exception with its diagnostics, readable and with the place', () => {
    const found = error(() => compile('y ~ x + (1 | subjet)').bind(crossedRows()));
    expect(found.diagnostics.map((d) => d.code)).toContain('MM231');
    expect(found.message).toMatch(/^error\[MM231\]: .*subjet.*\n {2}model:1:\d+ \| y ~ x \+ \(1 \| subjet\)\n/);
    expect(found).toBeInstanceOf(Error);
    expect(error(() => compile('y ~ ~ x').bind(crossedRows())).diagnostics[0]?.code).toMatch(/^MM1/);
  });

  test('so are data that cannot be fitted', () => {
    const rows = crossedRows().map((r) => ({ ...r, y: 1 }));
    const found = error(() => compile('y ~ x + (1 | g)').bind(rows));
    expect(found.diagnostics.map((d) => d.code)).toEqual(['MM441']);
    expect(found.message).toContain('MM441');
  });

  test('asks which of several models is meant, and which engine', () => {
    const two = 'model a { y ~ normal(mu, sigma)\n mu = x }\nmodel b { y ~ normal(mu, sigma)\n mu = z }';
    expect(() => compile(two).bind(crossedRows())).toThrow(/2 models: choose one/);
    expect(compile(two, { model: 'b' }).bind(crossedRows()).model).toBe('b');
    expect(() => compile('y ~ x + (1 | g)').bind(crossedRows(), { engine: 'glmm' })).toThrow(/goes to the lmm engine/);
    expect(compile('y ~ x + (1 | g)\nfit laplace').bind(crossedRows(), { engine: 'glmm' }).engine).toBe('glmm');
  });

  test('tells what the program and the data gave rise to', () => {
    const { source, table } = modelAt('sleepstudy-slope-reml');
    expect(compile(source).bind(table).diagnostics).toEqual([]);
    const rows = crossedRows().map((r) => ({ ...r, k: r.z > 0 ? 2 : 1 }));
    const found = compile('y ~ x + f + (1 | g)').bind(rows.map((r) => ({ ...r, f: r.k, g: 'only' }))).diagnostics;
    expect(found.map((d) => d.code)).toContain('MM451'); // a group of one level
  });

  test('does not take `compile` from what it was: plain values, nothing thrown', () => {
    const wrong = compile('y ~ ~ x');
    expect(wrong.diagnostics.some((d) => d.severity === 'error')).toBe(true);
    const [model] = compile('y ~ x + (1 | g)').models;
    expect(model?.graph === undefined ? '' : explain(model)).toContain('normal');
    expect(JSON.parse(JSON.stringify(compile('y ~ x'))).models).toHaveLength(1);
  });

  test('names coefficients and effects', () => {
    const problem = compile('y ~ x + f + (x | g) + (1 | h)').bind(crossedRows(), { engine: 'lmm' });
    expect(problem.coefficients).toEqual(['(Intercept)', 'x', 'fb', 'fc']);
    expect(problem.parameters.map((p) => p.name)).toEqual(['g.(Intercept)', 'g.x.(Intercept)', 'g.x', 'h.(Intercept)']);
    const [g, h] = problem.effects;
    expect(g).toMatchObject({ group: 'g', terms: ['(Intercept)', 'x'], start: 0 });
    expect(h?.start).toBe(14);
    expect([...(h?.columnStart ?? [])]).toEqual([0, 1, 2, 3, 4, 5]);
    const { b } = problem.at(problem.fit().theta).jointMode();
    const { mode } = problem.fit().ranef[1];
    mode.forEach(([v], level) => {
      expect(b[h.start + level]).toBeCloseTo(v, 9);
    });
  });
});
