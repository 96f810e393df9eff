import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { buildDesign } from '../../src/data/build-design.js';
import { codeNewRows } from '../../src/data/code-new-rows.js';
import type { NewRows } from '../../src/data/design.js';
import { parseTable } from '../../src/data/parse-table.js';
import { tableFromColumns } from '../../src/data/table-from.js';
import { Report } from '../../src/diagnostics/report.js';
import type { ModelGraph } from '../../src/graph/model-graph.js';
import { call, column, effect, graphOf, group, op, text } from './graph-helper.js';
import { readData } from './read.js';

interface Case {
  readonly fixef: { readonly estimate: number[] };
  readonly predict: { readonly newdata: Record<string, (number | string)[]>; readonly population: number[] };
}

function caseOf(id: string): Case {
  return JSON.parse(readFileSync(join(import.meta.dirname, '../reference', `${id}.json`), 'utf8'));
}

function newRowsOf(graph: ModelGraph, fitted: ReturnType<typeof readData>, fresh: ReturnType<typeof readData>) {
  const report = new Report();
  const design = buildDesign(graph, fitted, report);
  expect(report.hasErrors).toBe(false);
  if (design === undefined) throw new Error('no design');
  const said = new Report();
  const rows = codeNewRows(JSON.parse(JSON.stringify(design.memory)), fresh, said);
  return { design, rows, diagnostics: said.sorted() };
}

function linear(rows: NewRows, estimate: readonly number[]): number[] {
  const { X, columns } = rows.predictors[0];
  return Array.from({ length: rows.rows }, (_, i) =>
    columns.reduce((sum, _, c) => sum + X[i + c * rows.rows] * estimate[c], 0),
  );
}

describe('predictions of the reference from stored bases', () => {
  test.each([
    ['sleepstudy-poly-reml', 'poly(Days, 3)', call('poly', 'Days', 3)],
    ['sleepstudy-ns-reml', 'ns(Days, 3)', call('ns', 'Days', 3)],
    ['sleepstudy-slope-reml', 'Days', column('Days')],
  ])('%s', (id, label, value) => {
    const c = caseOf(id);
    const graph = graphOf({
      response: 'Reaction',
      mean: ['1', label],
      expressions: { [label]: value },
      effects: [effect(group('Subject'), ['1'])],
    });
    const { rows } = newRowsOf(graph, readData('sleepstudy.csv'), tableFromColumns(c.predict.newdata));
    if (rows === undefined) throw new Error('no rows');
    // Coefficients are printed with 15 digits, predictions are about 300 to 450.
    linear(rows, c.fixef.estimate).forEach((value, i) => {
      expect(value).toBeCloseTo(c.predict.population[i], 9);
    });
    expect(Array.from(rows.blocks[0].codes).at(-1)).toBe(-1);
    expect(rows.blocks[0].codes[0]).toBe(0); // subject 308
  });
});

describe('new rows', () => {
  const table = (text: string) => {
    const parsed = parseTable(text).table;
    if (parsed === undefined) throw new Error('no table');
    return parsed;
  };
  const fitted = table('y,x,f,g\n1,1,a,p\n3,2,b,p\n2,4,a,q\n5,7,b,q\n4,9,c,r\n2,3,c,r\n6,5,b,r\n');

  test('a row with a missing value stays, with NaN; none is dropped', () => {
    const graph = graphOf({ mean: ['1', 'x', 'f'], effects: [effect(group('g'), ['1', 'x'])] });
    const { rows, diagnostics } = newRowsOf(graph, fitted, table('x,f,g\nNA,b,p\n5,NA,q\n1,a,NA\n'));
    expect(diagnostics).toEqual([]);
    const X = rows?.predictors[0].X ?? new Float64Array(0);
    const row = (i: number) => [0, 1, 2, 3].map((c) => X[i + 3 * c]);
    expect(row(0)).toEqual([1, Number.NaN, 1, 0]);
    expect(row(1)).toEqual([1, 5, Number.NaN, Number.NaN]);
    expect(row(2)).toEqual([1, 1, 0, 0]);
    expect(Array.from(rows?.blocks[0].codes ?? [])).toEqual([0, 1, -1]);
  });

  test('an unknown level of a fixed factor is an error, of a group it is -1', () => {
    const graph = graphOf({ mean: ['1', 'f'], effects: [effect(group('g'), ['1'])] });
    const bad = newRowsOf(graph, fitted, table('f,g\nd,p\n'));
    expect(bad.rows).toBeUndefined();
    expect(bad.diagnostics.map((d) => [d.code, d.data?.row])).toEqual([['MM461', 1]]);
    const good = newRowsOf(graph, fitted, table('f,g\na,new\nb,r\n'));
    expect(Array.from(good.rows?.blocks[0].codes ?? [])).toEqual([-1, 2]);
  });

  test('also of a group whose levels were declared', () => {
    const graph = graphOf({
      mean: ['1'],
      columns: { g: { type: 'factor', levels: ['r', 'q', 'p'] } },
      effects: [effect(group('g'), ['1'])],
    });
    const { rows } = newRowsOf(graph, fitted, table('g\nnew\np\nr\n'));
    expect(Array.from(rows?.blocks[0].codes ?? [])).toEqual([-1, 2, 0]);
  });

  test('a group that new rows lack is unknown; a missing variable is an error', () => {
    const graph = graphOf({ mean: ['1', 'x'], effects: [effect(group('g'), ['1'])] });
    expect(Array.from(newRowsOf(graph, fitted, table('x\n1\n2\n')).rows?.blocks[0].codes ?? [])).toEqual([-1, -1]);
    expect(newRowsOf(graph, fitted, table('g\np\n')).diagnostics.map((d) => d.code)).toEqual(['MM420']);
  });

  test('let and what it learned are remembered; where chooses no rows', () => {
    const graph = graphOf({
      mean: ['1', 'xc', 'late'],
      derived: { xc: op('x', '-', call('mean', 'x')), late: op('xc', '>', 0) },
      where: [op('f', '!=', text('c'))],
    });
    const { design, rows } = newRowsOf(graph, fitted, table('x,f\n8,c\n'));
    expect(design.rows).toBe(5);
    expect(Array.from(design.rowNumbers)).toEqual([1, 2, 3, 4, 7]);
    // The mean of x in these rows is 3.8.
    expect(Array.from(rows?.predictors[0].X ?? [])).toEqual([1, 8 - 3.8, 1]);
  });

  test('positions of ar1 and car1', () => {
    const data = table('y,t,g\n1,1,a\n2,2,a\n4,5,a\n2,2,b\n3,5,b\n1,9,b\n');
    const block = (covariance: 'ar1' | 'car1') =>
      graphOf({
        mean: ['1'],
        effects: [effect(group('g'), [], { covariance, position: { kind: 'column', name: 't' } })],
      });
    const fresh = table('t,g\n2,a\n9,a\n5,b\n3,b\n1,new\n');
    const ar1 = newRowsOf(block('ar1'), data, fresh).rows;
    expect(Array.from(ar1?.blocks[0].position ?? [])).toEqual([1, 3, 2, Number.NaN, 0]);
    const z = ar1?.predictors[0].random[0].z;
    expect(z?.kind === 'indicator' && Array.from(z.column)).toEqual([1, -1, 1, -1, -1]);
    expect(Array.from(newRowsOf(block('car1'), data, fresh).rows?.blocks[0].position ?? [])).toEqual([2, 9, 5, 3, 1]);
  });
});
