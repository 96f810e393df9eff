import { describe, expect, test } from 'vitest';
import { buildDesign } from '../../src/data/build-design.js';
import type { Design } from '../../src/data/design.js';
import { parseTable } from '../../src/data/parse-table.js';
import type { Diagnostic } from '../../src/diagnostics/diagnostic.js';
import { Report } from '../../src/diagnostics/report.js';
import type { FamilyArgument, ModelGraph, PartNode } from '../../src/graph/model-graph.js';
import {
  call,
  column,
  effect,
  type GraphParts,
  graphOf,
  group,
  number,
  op,
  predictor,
  terms,
  text,
} from './graph-helper.js';

interface Bound {
  readonly design: Design | undefined;
  readonly diagnostics: readonly Diagnostic[];
  readonly codes: readonly string[];
}

function bind(csv: string, graph: GraphParts | ModelGraph): Bound {
  const { table } = parseTable(csv, { source: 'd.csv' });
  if (table === undefined) throw new Error('no table');
  const report = new Report();
  const design = buildDesign('kind' in graph ? graph : graphOf(graph), table, report);
  const diagnostics = report.sorted();
  expect(design === undefined).toBe(report.hasErrors);
  return { design, diagnostics, codes: diagnostics.map((d) => d.code) };
}

/** A CSV of one column `y` and whatever else is given, row by row. */
function csv(names: string, ...rows: string[]): string {
  return [names, ...rows].join('\n');
}

const origin = { start: 0, end: 0 };
const data = (name: string, value: string): FamilyArgument => ({ kind: 'data', name, value: column(value) });

describe('columns', () => {
  test('a column that is not there, with the nearest name, once', () => {
    const { diagnostics } = bind(csv('y,days,g', '1,2,a', '2,3,b', '4,4,a'), {
      mean: ['1', 'Days'],
      effects: [effect(group('g'), ['1', 'Days'])],
    });
    expect(diagnostics.map((d) => [d.code, d.hint])).toEqual([['MM420', "did you mean 'days'?"]]);
  });

  test('also one that is only declared', () => {
    const { diagnostics } = bind(csv('y,trt', '1,a', '2,b', '3,a'), { mean: ['1'], columns: { Trt: 'factor' } });
    expect(diagnostics.map((d) => [d.code, d.hint])).toEqual([['MM420', "did you mean 'trt'?"]]);
  });

  test('several problems are said together', () => {
    expect(bind(csv('y,x', '1,2', '2,3'), { mean: ['1', 'p', 'q'] }).codes).toEqual(['MM420', 'MM420']);
  });

  test('values that are not of the declared type', () => {
    const one = (type: 'real' | 'int' | 'count' | 'bool', value: string) =>
      bind(csv('y,x', '1,1', `2,${value}`, '3,0'), { mean: ['1', 'x'], columns: { x: type } }).diagnostics;
    expect(one('real', 'abc')[0]).toMatchObject({ code: 'MM427', data: { row: 2, column: 'x' } });
    expect(one('int', '1.5')[0]?.code).toBe('MM427');
    expect(one('count', '-1')[0]?.code).toBe('MM427');
    expect(one('bool', '2')[0]?.code).toBe('MM427');
    expect(one('bool', 'maybe')[0]?.code).toBe('MM427');
    for (const type of ['real', 'int', 'count', 'bool'] as const) expect(one(type, '1')).toEqual([]);
  });

  test('text that is declared a number is read as one, leading zeros and all', () => {
    const { design } = bind(csv('y,x', '1,007', '2,010', '3,001'), { mean: ['1', 'x'], columns: { x: 'int' } });
    expect([...(design?.predictors[0].X.slice(3) ?? [])]).toEqual([7, 10, 1]);
    const long = bind(csv('y,x', '1,12345678901234567891', '2,5', '3,1'), {
      mean: ['1', 'x'],
      columns: { x: 'real' },
    });
    expect([...(long.design?.predictors[0].X.slice(3) ?? [])]).toEqual([Number('12345678901234567891'), 5, 1]);
  });

  test('text whose levels hardly repeat, unless it is declared', () => {
    const days = Array.from({ length: 42 }, (_, i) => `2024-01-${10 + (i % 22)}`);
    const table = csv('y,day', ...days.map((day, i) => `${i % 5},${day}`));
    const { diagnostics } = bind(table, { mean: ['1', 'day'] });
    expect(diagnostics[0]).toMatchObject({ code: 'MM469', severity: 'warning', data: { column: 'day' } });
    expect(diagnostics[0]?.message).toMatch(/22 levels in 42 rows/);
    expect(bind(table, { mean: ['1', 'day'], columns: { day: 'factor' } }).codes).toEqual([]);
    const repeated = csv('y,day', ...[...days, ...days].map((day, i) => `${i % 5},${day}`));
    expect(bind(repeated, { mean: ['1', 'day'] }).codes).toEqual([]);
  });

  test('a value that is not among the declared levels', () => {
    const { diagnostics } = bind(csv('y,f', '1,placebo', '2,drug', '3,Drug', '4,drug', '5,drgu'), {
      mean: ['1', 'f'],
      columns: { f: { type: 'factor', levels: ['placebo', 'drug'] } },
    });
    expect(diagnostics[0]).toMatchObject({
      code: 'MM428',
      data: { row: 3, column: 'f' },
      hint: 'did you mean "drug"?',
    });
    expect(diagnostics[0]?.message).toMatch(/rows 3, 5/);
  });

  test('declared levels give the order, and may be numbers', () => {
    const { design } = bind(csv('y,f', '1,1', '2,2', '3,3', '4,1'), {
      mean: ['1', 'f'],
      columns: { f: { type: 'factor', levels: ['3', '1', '2'] } },
    });
    expect(design?.coefficients.map((c) => c.name).slice(0, 3)).toEqual(['(Intercept)', 'f1', 'f2']);
  });

  test('a level that nothing equals', () => {
    const { diagnostics } = bind(csv('y,f', '1,male', '2,female', '4,male'), {
      mean: ['1', 'I'],
      expressions: { I: op('f', '==', text('Male')) },
    });
    expect(diagnostics[0]).toMatchObject({ code: 'MM425', severity: 'warning', hint: 'did you mean "male"?' });
  });

  test('a logarithm of nothing', () => {
    const log = bind(csv('y,x', '1,1', '2,-1', '3,4', '4,5'), {
      mean: ['1', 'l'],
      expressions: { l: call('log', 'x') },
    });
    expect(log.diagnostics[0]).toMatchObject({ code: 'MM424', severity: 'warning', data: { row: 2 } });
    expect(log.design?.dropped).toBe(1);
    const infinite = bind(csv('y,x', '1,1', '2,0', '3,4'), { mean: ['1', 'l'], expressions: { l: call('log', 'x') } });
    expect(infinite.diagnostics[0]).toMatchObject({ code: 'MM447', data: { row: 2 } });
  });

  test('an order of levels that nobody declared and that may not be meant', () => {
    const rows = csv('y,f', '1,0.5', '2,10.5', '3,2.5', '5,2.5');
    const { diagnostics, design } = bind(rows, { mean: ['1', 'f'], columns: { f: 'factor' } });
    expect(diagnostics[0]).toMatchObject({ code: 'MM444', severity: 'note' });
    expect(diagnostics[0]?.message).toMatch(/0\.5, 10\.5, 2\.5$/);
    expect(design?.coefficients.map((c) => c.name).slice(1, 3)).toEqual(['f10.5', 'f2.5']);
    const words = csv('y,f', '1,low', '2,high', '3,mid', '5,mid');
    expect(bind(words, { mean: ['1', 'f'], columns: { f: 'ordered' } }).codes).toEqual(['MM444']);
    expect(bind(words, { mean: ['1', 'f'], columns: { f: 'factor' } }).codes).toEqual([]);
    const declared = { f: { type: 'ordered' as const, levels: ['low', 'mid', 'high'] } };
    expect(bind(words, { mean: ['1', 'f'], columns: declared }).codes).toEqual([]);
  });

  test('a basis of infinite values', () => {
    const { codes } = bind(csv('y,x', '1,1', '2,inf', '3,4', '4,5'), {
      mean: ['1', 'p'],
      expressions: { p: call('poly', 'x', 2) },
    });
    expect(codes).toEqual(['MM421']);
  });

  test('contrasts with a reference level that is not there', () => {
    const { codes } = bind(csv('y,f', '1,a', '2,b', '3,b'), {
      mean: ['1', 'f'],
      contrasts: { f: { kind: 'treatment', ref: 'c' } },
    });
    expect(codes).toEqual(['MM426']);
  });
});

describe('rows', () => {
  const table = csv(
    'y,x,f,g,w',
    '1,1,a,p,1',
    'NA,2,b,p,1',
    '3,NA,b,q,1',
    '4,4,NA,q,1',
    '5,5,b,NA,1',
    '6,3,b,q,NA',
    '7,8,c,q,2',
    '8,2,a,p,1',
    '5,3,a,q,4',
  );

  test('a missing value of any variable drops the row, and levels that are left without rows', () => {
    const { design } = bind(table, {
      mean: ['1', 'x', 'f'],
      weights: column('w'),
      effects: [effect(group('g'), ['1'])],
    });
    expect([...(design?.rowNumbers ?? [])]).toEqual([1, 7, 8, 9]);
    expect(design?.dropped).toBe(5);
    expect(design?.coefficients.map((c) => c.name).slice(0, 3)).toEqual(['(Intercept)', 'x', 'fc']);
    expect([...(design?.likelihoods[0].weights ?? [])]).toEqual([1, 2, 1, 4]);
  });

  test('where comes first: what it leaves out is not counted, and a missing condition leaves out', () => {
    const { design } = bind(table, { mean: ['1'], where: [op('x', '>', 1), op(call('row'), '<', 8)] });
    expect([...(design?.rowNumbers ?? [])]).toEqual([4, 5, 6, 7]);
    expect(design?.dropped).toBe(1); // row 2
  });

  test('where sees let, and let sees only the rows that stay', () => {
    const { design } = bind(table, {
      mean: ['1', 'd'],
      derived: { d: op('x', '-', call('mean', 'x')), big: op('x', '>', 2) },
      where: [column('big')],
    });
    // The mean of 4, 5, 3, 8 and 3 is 4.6.
    const d = [...(design?.predictors[0].X.slice(5) ?? [])];
    expect(d.map((v) => Math.round(v * 1e9) / 1e9)).toEqual([-0.6, 0.4, -1.6, 3.4, -1.6]);
  });

  test('nothing left', () => {
    expect(bind(table, { where: [op('x', '>', 99)] }).codes).toEqual(['MM430']);
    const none = bind(csv('y,x', '1,NA', 'NA,2', 'NA,3'), { mean: ['1', 'x'] }).diagnostics;
    expect(none.map((d) => [d.code, d.hint])).toEqual([['MM431', "'y' is missing in 2 of them"]]);
  });
});

describe('responses', () => {
  const family = (name: string, ...values: string[]) =>
    bind(csv('y,x', ...values.map((v, i) => `${v},${i}`)), { family: name });

  test.each([
    ['poisson', ['1', '-2', '0'], 2],
    ['poisson', ['1', '0', '2.5'], 3],
    ['bernoulli', ['1', '0', '2'], 3],
    ['gamma', ['1', '0', '2'], 2],
    ['beta', ['0.5', '1', '0.2'], 2],
    ['normal', ['1', 'inf', '2'], 2],
    ['cumulative', ['1', '0', '2'], 2],
  ])('%s of %j', (name, values, row) => {
    const { diagnostics } = family(name, ...values);
    expect(diagnostics[0]).toMatchObject({ code: 'MM440', data: { row, column: 'y' } });
  });

  test('many bad rows are named up to three and counted', () => {
    expect(family('poisson', '-1', '0', '-1', '2', '-3', '-1', '-1').diagnostics[0]?.message).toMatch(
      /rows 1, 3, 5 and 2 more/,
    );
  });

  test('a constant response', () => {
    expect(family('normal', '2', '2', '2').codes).toEqual(['MM441']);
    expect(family('bernoulli', 'yes', 'yes').codes).toEqual(['MM441']);
  });

  test('two levels are 0 and 1; three are too many', () => {
    expect([...(family('bernoulli', 'no', 'yes', 'no').design?.likelihoods[0].y ?? [])]).toEqual([0, 1, 0]);
    expect([...(family('bernoulli', 'true', 'false', 'true').design?.likelihoods[0].y ?? [])]).toEqual([1, 0, 1]);
    expect(family('bernoulli', 'a', 'b', 'c').codes).toEqual(['MM443']);
    expect(family('bernoulli', '1', '2', '1').diagnostics[0]?.hint).toMatch(/declare 'y' as factor/);
  });

  test('words where numbers are needed', () => {
    expect(family('poisson', 'few', 'many').codes).toEqual(['MM442']);
  });

  test('an ordered response has categories from 1', () => {
    const { design, codes } = family('cumulative', 'mid', 'low', 'top', 'mid');
    expect(codes).toEqual(['MM444']);
    expect(design?.likelihoods[0]).toMatchObject({ categories: ['low', 'mid', 'top'] });
    expect([...(design?.likelihoods[0].y ?? [])]).toEqual([2, 1, 3, 2]);
    const numbers = family('cumulative', '5', '1', '3', '1').design?.likelihoods[0];
    expect(numbers?.categories).toEqual(['1', '3', '5']);
    expect([...(numbers?.y ?? [])]).toEqual([3, 1, 2, 1]);
  });

  const binomial = (rows: string[], size: FamilyArgument) =>
    bind(csv('y,size', ...rows), {
      family: 'binomial',
      likelihood: {
        family: {
          name: 'binomial',
          base: null,
          arguments: [size, { kind: 'predictor', name: 'p', predictor: 'p' }],
          origin,
        },
      },
    });

  test('more successes than trials; a size that is none', () => {
    expect(binomial(['1,2', '3,2', '2,2'], data('size', 'size')).diagnostics[0]).toMatchObject({
      code: 'MM445',
      data: { row: 2 },
    });
    expect(binomial(['1,2', '3,3.5', '2,2'], data('size', 'size')).diagnostics[0]).toMatchObject({
      code: 'MM446',
      data: { row: 2 },
    });
    expect([
      ...(binomial(['1,0', '3,0'], { kind: 'number', name: 'size', value: 4 }).design?.likelihoods[0].data.get(
        'size',
      ) ?? []),
    ]).toEqual([4, 4]);
  });

  test('hurdle and zero inflation allow a zero whatever the family inside says', () => {
    const inside = {
      name: 'gamma',
      base: null,
      arguments: [{ kind: 'predictor' as const, name: 'mu', predictor: 'mu' }],
      origin,
    };
    const { codes } = bind(csv('y', '0', '1.5', '2'), {
      family: 'normal',
      likelihood: {
        family: {
          name: 'hurdle',
          base: inside,
          arguments: [{ kind: 'predictor', name: 'hu', predictor: 'hu' }],
          origin,
        },
      },
      predictors: [predictor('hu', ['1'])],
    });
    expect(codes).toEqual([]);
  });

  test('weights are positive', () => {
    expect(bind(csv('y,w', '1,1', '2,0', '3,2'), { weights: column('w') }).diagnostics[0]).toMatchObject({
      code: 'MM446',
      data: { row: 2 },
    });
  });

  test('an offset is finite', () => {
    const { diagnostics } = bind(csv('y,x', '1,1', '2,0', '3,2'), { offsets: [call('log', 'x')] });
    expect(diagnostics[0]).toMatchObject({ code: 'MM446', data: { row: 2 } });
  });
});

describe('factors and groups', () => {
  test('a fixed factor with one level is an error, a group with one a warning', () => {
    expect(bind(csv('y,f', '1,a', '2,a', '3,a'), { mean: ['1', 'f'] }).codes).toEqual(['MM450']);
    const { design, codes } = bind(csv('y,g', '1,a', '2,a', '3,a'), { effects: [effect(group('g'), ['1'])] });
    expect(codes).toEqual(['MM451']);
    expect(design?.blocks[0].group.levels).toEqual(['a']);
  });

  test('matrices that no memory holds are refused before they are made', () => {
    const many = Array.from({ length: 20_000 }, (_, i) => `${i % 7},l${i % 10_000},m${i % 40},${i % 100}`);
    const rows = csv('y,f,g,h', ...many);
    expect(bind(rows, { mean: ['1', 'f'] }).diagnostics[0]).toMatchObject({
      code: 'MM456',
      hint: 'make it a random effect, (1 | f), or a number',
    });
    expect(bind(rows, { mean: ['1'], effects: [effect(group('h'), ['1', 'f'])] }).codes).toEqual(['MM456']);
    expect(bind(rows, { mean: ['1'], effects: [effect(group('f'), ['1'])] }).codes).toEqual([]);
    // 600 x 600 columns of products for 2000 rows
    const crossed = Array.from({ length: 2000 }, (_, i) => `${i % 7},a${i % 600},b${(i * 7) % 600},${i % 50}`);
    const products = csv('y,a,b,h', ...crossed);
    expect(bind(products, { mean: ['1', 'a:b'] }).codes).toEqual(['MM455']);
    expect(bind(products, { mean: ['1'], effects: [effect(group('h'), ['1', 'a:b'])] }).codes).toEqual(['MM448']);
  });

  const paired = csv('y,x,g', '1,1,a', '2,2,a', '4,1,b', '3,2,b', '6,1,c', '8,2,c');

  test('one grouping under two names', () => {
    const table = csv('y,x,g,h,k', '1,1,a,p,u', '2,2,a,p,u', '4,1,b,q,u', '3,2,b,q,v', '6,1,c,r,v', '8,2,c,r,v');
    const of = (...names: string[]) => names.map((name) => effect(group(name), ['1']));
    const [found] = bind(table, { effects: of('g', 'h') }).diagnostics;
    expect(found).toMatchObject({ code: 'MM468', severity: 'warning' });
    expect(found?.message).toContain("'g' and 'h'");
    expect(bind(table, { effects: of('g', 'k') }).codes).toEqual([]);
    // other columns are other variances
    expect(bind(table, { effects: [effect(group('g'), ['1']), effect(group('h'), ['0', 'x'])] }).codes).toEqual([]);
  });

  test('as many levels as rows, or as many random effects', () => {
    const rows = csv('y,i', '1,1', '2,2', '4,3');
    expect(bind(rows, { effects: [effect(group('i'), ['1'])] }).codes).toEqual(['MM452']);
    expect(bind(paired, { effects: [effect(group('g'), ['1', 'x'])] }).codes).toEqual(['MM453']);
    // Independent columns stand on their own, as lme4's `||` does.
    expect(bind(paired, { effects: [effect(group('g'), ['1', 'x'], { covariance: 'diag' })] }).codes).toEqual([]);
    // Counts have no residual scale to confuse them with.
    expect(bind(rows, { family: 'poisson', effects: [effect(group('i'), ['1'])] }).codes).toEqual([]);
    // Nor does a known one.
    const fixed = graphOf({ effects: [effect(group('i'), ['1'])] });
    const left = { kind: 'parameter' as const, ref: { kind: 'scalar' as const, name: 'sigma', predictors: ['sigma'] } };
    expect(bind(rows, { ...fixed, fixes: [{ text: 'sigma = 1', left, value: number(1), origin }] }).codes).toEqual([]);
  });

  test('as many coefficients as rows', () => {
    expect(bind(csv('y,x', '1,1', '2,3'), { mean: ['1', 'x'] }).codes).toEqual(['MM457']);
  });

  test('where thresholds take the place of an intercept, factors are coded as if it were there', () => {
    const { design, codes } = bind(csv('y,f,k', '1,a,2', '2,b,2', '3,c,2', '1,b,2', '2,c,2'), {
      family: 'cumulative',
      mean: ['0', 'f', 'k'],
      predictor: { interceptAbsorbed: true },
    });
    expect(design?.coefficients.map((c) => c.name)).toEqual(['fb', 'fc']);
    expect(codes).toEqual(['MM454']); // k is constant, which the thresholds span
  });

  test('columns that others determine are dropped and named', () => {
    const { design, diagnostics } = bind(csv('y,x,z', '1,1,3', '2,2,5', '4,5,11', '3,7,15'), { mean: ['1', 'x', 'z'] });
    expect(diagnostics[0]).toMatchObject({ code: 'MM454', severity: 'warning' });
    expect(diagnostics[0]?.message).toMatch(/'z'/);
    expect(design?.predictors[0].dropped).toEqual([{ name: 'z', term: 'z' }]);
  });

  test('two rows of a group at one position', () => {
    const correlated = (structure: 'ar1' | 'cs') =>
      bind(csv('y,t,g', '1,1,a', '2,2,a', '4,2,a', '3,1,b'), {
        likelihood: { correlation: { structure, position: column('t'), group: group('g'), origin } },
      });
    expect(correlated('ar1').diagnostics[0]).toMatchObject({ code: 'MM458', data: { row: 3 } });
    const { design } = correlated('cs');
    expect(design?.likelihoods[0].correlation).toMatchObject({ structure: 'cs', positionLabels: ['1', '2'] });
    expect([...(design?.likelihoods[0].correlation?.position ?? [])]).toEqual([0, 1, 1, 0]);
  });

  test('correlations that the data cannot tell', () => {
    const correlated = (structure: 'us' | 'ar1', ...rows: string[]) =>
      bind(csv('y,t,g', ...rows), {
        likelihood: { correlation: { structure, position: column('t'), group: group('g'), origin } },
      }).codes;
    expect(correlated('ar1', '1,1,a', '2,2,b', '4,3,c', '3,1,d')).toEqual(['MM464']);
    expect(correlated('us', '1,1,a', '2,2,a', '4,3,a', '3,4,a', '5,5,a')).toEqual(['MM465']);
    expect(correlated('us', '1,1,a', '2,2,a', '4,2,b', '3,3,b')).toEqual(['MM466']);
    expect(correlated('ar1', '1,1,a', '2,2,a', '4,2,b', '3,3,b')).toEqual([]);
    expect(correlated('us', '1,1,a', '2,2,a', '4,2,b', '3,3,b', '3,1,c', '2,3,c')).toEqual([]);
  });
});

describe('magnitudes', () => {
  const codesOf = (y: string, x: string) =>
    bind(csv('y,x', ...['1', '2', '3'].map((n) => `${n}${y},${n}${x}`)), { mean: ['1', 'x'] }).codes;

  test('numbers that cannot be squared are refused', () => {
    expect(codesOf('', 'e150')).toEqual(['MM467']);
    expect(codesOf('e-150', '')).toEqual(['MM467']);
    expect(codesOf('e140', 'e-140')).toEqual([]);
  });
});

describe('mixtures', () => {
  const mixture = (labels: string | null, rows: string[], part: Partial<PartNode> = {}, high = ['1', 'z']) => {
    const likelihoods = ['low', 'high'].map((name) => ({
      ...graphOf({}).likelihoods[0],
      id: `y@${name}`,
      class: name,
      family: {
        name: 'normal',
        base: null,
        arguments: [
          { kind: 'predictor' as const, name: 'mu', predictor: `mu@${name}` },
          { kind: 'predictor' as const, name: 'sigma', predictor: 'sigma' },
        ],
        origin,
      },
    }));
    const common = {
      id: 'common',
      name: 'common',
      withoutIntercept: false,
      terms: graphOf({ mean: ['1', 'x'] }).predictors[0].terms,
      offsets: [],
      origin,
      ...part,
    };
    return bind(csv('y,x,g,c', ...rows), {
      ...graphOf({}),
      likelihoods,
      predictors: [
        predictor('mu@low', ['1'], { parts: ['common'] }),
        predictor('mu@high', high, { parts: ['common'], expressions: { z: op('x', '^', 2) } }),
        predictor('sigma', ['1'], { constant: true, link: 'log' }),
      ],
      parts: [common],
      mixture: {
        name: 'z',
        per: group('g'),
        classes: ['low', 'high'],
        gating: { kind: 'free' },
        labels,
        order: null,
        origin,
      },
    });
  };
  const rows = ['1,1,a,low', '2,2,a,NA', '4,5,b,NA', '3,7,b,NA', '5,3,c,high'];

  test('a shared part has one coefficient, and the classes share what they can', () => {
    const { design, codes } = mixture(null, rows);
    expect(codes).toEqual([]);
    expect(design?.coefficients.map((c) => [c.name, c.class, c.part])).toEqual([
      ['(Intercept)', 'low', null],
      ['x', null, 'common'],
      ['(Intercept)', 'high', null],
      ['z', 'high', null],
      ['(Intercept)', null, null],
    ]);
    expect([...(design?.predictors[0].columns ?? [])]).toEqual([0, 1]);
    expect([...(design?.predictors[1].columns ?? [])]).toEqual([2, 3, 1]);
    expect(design?.likelihoods[0].y).toBe(design?.likelihoods[1].y);
    expect(design?.classGroup?.levels).toEqual(['a', 'b', 'c']);
    expect(design?.knownClass).toBeNull();
  });

  test('a class known in one row of a group is known in all; missing labels drop nothing', () => {
    const { design } = mixture('c', rows);
    expect(design?.rows).toBe(5);
    expect([...(design?.knownClass ?? [])]).toEqual([0, 0, -1, -1, 1]);
  });

  test('a shared factor by all its levels is one level too many beside an intercept in every class', () => {
    const { design, codes } = mixture(null, ['1,1,a,p', '2,2,a,q', '4,5,b,r', '3,7,b,p', '5,3,c,q'], {
      withoutIntercept: true,
      terms: terms(['c']),
    });
    expect(codes).toEqual(['MM454']);
    expect(design?.coefficients.filter((c) => c.part === 'common').map((c) => c.name)).toEqual(['cp', 'cq']);
    expect(design?.predictors.slice(0, 2).map((p) => p.dropped)).toEqual([
      [{ name: 'cr', term: 'c' }],
      [{ name: 'cr', term: 'c' }],
    ]);
  });

  test('a shared column counts as dependent only where it is so in all classes together', () => {
    // x is among the own columns of one class and shared by both: in the other class it stands alone.
    const { codes, design } = mixture(null, rows, {}, ['1', 'x']);
    expect(codes).toEqual([]);
    expect([...(design?.predictors[1].columns ?? [])].length).toBe(3);
  });

  test('labels that are no class, or two at once', () => {
    expect(mixture('c', [...rows, '1,1,d,hihg']).diagnostics[0]).toMatchObject({
      code: 'MM459',
      hint: 'did you mean "high"?',
    });
    expect(mixture('c', [...rows, '1,1,a,high']).diagnostics[0]).toMatchObject({ code: 'MM460', data: { row: 6 } });
  });
});
