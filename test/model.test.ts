import { columnFromArray, tableFromArrays } from '@uwdata/flechette';
import { describe, expect, test } from 'vitest';
import type { ModelGraph } from '../src/graph/model-graph.js';
import { type CellValue, compile, MmError, type ModelTypes, mm, modelFrom, tableFromColumns } from '../src/index.js';
import { modelAt, tableAt } from './embedding/models.js';
import { readReferenceCase } from './reference/reference-case.js';

const sleepstudy = tableAt('test/data/sleepstudy.csv');
const reference = readReferenceCase('sleepstudy-slope-reml');
const source = 'Reaction ~ Days + (Days | Subject)';

/** The columns of sleepstudy as plain arrays. */
const columns = (() => {
  const numbers = (name: string) => {
    const column = sleepstudy.columns.get(name);
    if (column?.kind !== 'number') throw new Error(`no numbers: ${name}`);
    return column.values;
  };
  return { Reaction: numbers('Reaction'), Days: numbers('Days'), Subject: numbers('Subject') };
})();

describe('a model takes data in every form', () => {
  const rows: Record<string, CellValue>[] = Array.from(columns.Days, (_, i) => ({
    Reaction: columns.Reaction[i],
    Days: columns.Days[i],
    Subject: `s${columns.Subject[i]}`,
  }));
  const subjects = rows.map((r) => String(r.Subject));
  const levels = [...new Set(subjects)];
  const forms = {
    'a table': sleepstudy,
    'rows as objects': rows,
    'columns of typed arrays': columns,
    'integers and 32-bit numbers': { ...columns, Days: Int32Array.from(columns.Days) },
    'a factor by codes': {
      ...columns,
      Subject: { codes: Int32Array.from(subjects, (s) => levels.indexOf(s)), levels },
    },
    'an Arrow table': tableFromArrays({ Reaction: columns.Reaction, Days: columns.Days, Subject: subjects }),
  };
  test.each(Object.entries(forms))('%s', (_, data) => {
    const fit = compile(source).model().bind(data).fit();
    expect(fit.logLik).toBeCloseTo(reference.logLik, 6);
    expect(fit.fixef.Days?.estimate).toBeCloseTo(Number(reference.fixef?.estimate[1]), 4);
    expect(fit.ranef.Subject?.levels).toHaveLength(18);
    expect(fit.groups.Subject).toBe(18);
  });

  test('a dictionary of Arrow that is marked as ordered keeps its order; missing values are missing', () => {
    const days = [...columns.Days].map((d, i) => (i === 3 ? null : d));
    const arrow = tableFromArrays({ Reaction: columns.Reaction, Subject: subjects });
    const withDays = {
      ...arrow,
      numRows: arrow.numRows,
      schema: { fields: [...arrow.schema.fields, { name: 'Days' }] },
    };
    const table = {
      ...withDays,
      getChild: (name: string) => (name === 'Days' ? columnFromArray(days) : arrow.getChild(name)),
    };
    expect(compile(source).model().bind(table).rows).toBe(179);
  });
});

describe('a model without its source', () => {
  test('a graph that went through JSON fits identically', () => {
    const model = compile(source).model();
    const graph = JSON.parse(JSON.stringify(model.graph)) as ModelGraph;
    const again = modelFrom(graph).fit(sleepstudy);
    expect(again.result).toEqual(model.fit(sleepstudy).result);
    expect(modelFrom(graph).name).toBe('model');
    expect(modelFrom(graph).plan).toMatchObject({ engine: 'lmm', method: 'reml' });
  });

  test('a damaged graph is refused, with what is wrong', () => {
    const { graph } = compile(source).model();
    expect(() => modelFrom({ ...graph, randomEffects: [] })).toThrow(/'Subject', which is not there/);
    expect(() => modelFrom({ ...graph, version: 2 } as unknown as ModelGraph)).toThrow(RangeError);
  });

  test('data that do not fit are refused', () => {
    const model = modelFrom(compile(source).model().graph);
    expect(() => model.bind(tableFromColumns({ Reaction: [1, 2, 3] }))).toThrow(MmError);
  });
});

describe('every engine fits', () => {
  test.each([
    ['cbpp-logit-laplace', 'glmm'],
    ['mix-gauss-poor2', 'em'],
  ])('%s by %s', (name, engine) => {
    const { source: text, table } = modelAt(name);
    const bound = compile(text).model().bind(table);
    expect(bound.engine).toBe(engine);
    const fit = bound.fit();
    expect(fit.logLik).toBeCloseTo(readReferenceCase(name).logLik, 3);
    if (engine === 'em') {
      expect(fit.mixture?.classes).toEqual(['low', 'high']);
      expect(Number(fit.mixture?.share.low) + Number(fit.mixture?.share.high)).toBeCloseTo(1, 12);
      expect(Object.keys(fit.fixef)).toEqual([
        '(Intercept)@low',
        'x@low',
        'sigma[(Intercept)]',
        '(Intercept)@high',
        'x@high',
      ]);
      expect(() => bound.problem()).toThrow(RangeError);
    } else expect(bound.problem().fit().logLik).toBe(fit.logLik);
  });

  test('coefficients of another predictor are named by it', () => {
    const { source: text, table } = modelAt('disp-gauss');
    expect(Object.keys(compile(text).fit(table).fixef)).toEqual([
      '(Intercept)',
      'x',
      'sigma[(Intercept)]',
      'sigma[x]',
      'sigma[zb]',
      'sigma[zc]',
    ]);
  });
});

describe('progress and the wish to stop', () => {
  test('progress is told, and a signal that it aborts ends the fit with its reason', () => {
    const bound = compile(source).model().bind(sleepstudy);
    const controller = new AbortController();
    const stages: string[] = [];
    const stopped = new Error('enough');
    expect(() =>
      bound.fit({
        signal: controller.signal,
        onProgress: ({ stage, evaluations }) => {
          stages.push(stage);
          if (evaluations >= 2) controller.abort(stopped);
        },
      }),
    ).toThrow(stopped);
    expect(stages.length).toBeGreaterThan(0);
    expect(() => bound.fit({ signal: AbortSignal.abort(stopped) })).toThrow(stopped);
    expect(bound.fit().logLik).toBeCloseTo(reference.logLik, 6);
  });
});

describe('what a program has', () => {
  const two = 'model a { Reaction ~ Days + (1 | Subject) }\nmodel b { Reaction ~ 1 + (1 | Subject) }';

  test('one of several models is chosen by its name', () => {
    expect(() => compile(two).model()).toThrow(RangeError);
    expect(() => compile(two).model('c')).toThrow(/no model 'c', only a, b/);
    expect(compile(two).model('b').name).toBe('b');
    expect(Object.keys(compile(two).model('b').fit(sleepstudy).fixef)).toEqual(['(Intercept)']);
  });

  test('a wrong program is thrown when it is used', () => {
    const model = compile('Reaction ~ ').model();
    expect(() => model.graph).toThrow(MmError);
    expect(() => model.bind(sleepstudy)).toThrow(MmError);
  });

  test('a fit prints itself as the command does', () => {
    const fit = compile(source).fit(sleepstudy);
    expect(fit.summary()).toContain('Linear mixed model fitted by REML');
    expect(JSON.parse(JSON.stringify(fit))).toMatchObject({ schema: 'mm.fit/1', rows: 180 });
    expect(Object.keys(fit.fixef)).not.toContain('constructor');
    expect('constructor' in fit.fixef).toBe(false);
  });
});

describe('mm`...`', () => {
  test('fits', () => {
    const model = mm`Reaction ~ Days + (Days | Subject)`;
    expect(model.fit(sleepstudy).logLik).toBeCloseTo(reference.logLik, 6);
  });

  test('numbers and names are put in', () => {
    const model = mm`
      ${'Reaction'} ~ ${'Days'} + (${'Days'} | ${'Subject'})
      beta ~ normal(${-1.5}, ${1e21})
      intercept ~ normal(0, ${Number.POSITIVE_INFINITY})
    `;
    const fit = model.fit(sleepstudy);
    expect(Object.keys(fit.fixef)).toEqual(['(Intercept)', 'Days']);
    expect(fit.logLik).toBeCloseTo(reference.logLik, 4);
    expect(JSON.stringify(model.graph.priors)).toContain('1e+21');
  });

  test('a name is never anything but a name', () => {
    const odd = 'Days) + (1 | `x\\\n # ~';
    const table = tableFromColumns({ ...columns, [odd]: columns.Days, model: columns.Days });
    const fit = mm`Reaction ~ ${odd} + (1 | Subject)`.fit(table);
    expect(Object.keys(fit.fixef)).toHaveLength(2);
    expect(fit.fixef[odd]?.estimate ?? Object.values(fit.fixef)[1]?.estimate).toBeCloseTo(
      Number(reference.fixef?.estimate[1]),
      4,
    );
    expect(Object.keys(mm`Reaction ~ ${'model'} + (1 | Subject)`.fit(table).fixef)).toEqual(['(Intercept)', 'model']);
    expect(Object.keys(mm`Reaction ~ \`model\` + (1 | Subject)`.fit(table).fixef)).toEqual(['(Intercept)', 'model']);
  });

  test('it is compiled on first use, and what is wrong is told then', () => {
    const model = mm`Reaction ~ Dayz + (Days | Subject)`;
    expect(() => model.bind(sleepstudy)).toThrow(/no column 'Dayz'/);
  });

  test.each<[string, () => unknown]>([
    ['inside a text', () => mm`data "${'x'}.csv"`],
    ['inside a comment', () => mm`y ~ x # ${'z'}`],
    ['a number that touches a name', () => mm`y ~ x${1}`],
    ['a name that touches a name', () => mm`y ~ \`a${'b'}\``],
    ['NaN', () => mm`y ~ normal(${Number.NaN}, sigma)`],
    ['an empty name', () => mm`y ~ ${''}`],
    ['an object', () => mm`y ~ ${{} as unknown as string}`],
    ['null', () => mm`y ~ ${null as unknown as string}`],
  ])('refused at once: %s', (_, make) => {
    expect(make).toThrow(TypeError);
  });
});

interface Typed extends ModelTypes {
  readonly row: { readonly Reaction: number; readonly Days: number; readonly Subject: string };
  readonly coefficients: '(Intercept)' | 'Days';
  readonly effects: 'Subject';
  readonly groups: 'Subject';
  readonly classes: never;
}

test('names are types', () => {
  const model = modelFrom<Typed>(compile(source).model().graph);
  const fit = model.fit(sleepstudy);
  const days: number | null = fit.fixef.Days.estimate;
  expect(days).toBeCloseTo(Number(reference.fixef?.estimate[1]), 4);
  // @ts-expect-error no such coefficient
  expect(fit.fixef.Dayz).toBeUndefined();
  // @ts-expect-error no such group
  expect(fit.ranef.Subjects).toBeUndefined();
  // @ts-expect-error a column is missing
  expect(() => model.bind([{ Reaction: 1, Days: 2 }])).toThrow(MmError);
  // @ts-expect-error a column of the wrong type
  expect(() => model.bind([{ Reaction: 'slow', Days: 2, Subject: 'a' }])).toThrow(MmError);
});
