import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { buildDesign } from '../../src/data/build-design.js';
import type { Design, RandomBlock } from '../../src/data/design.js';
import { crossFactors } from '../../src/data/group-factor.js';
import type { Table } from '../../src/data/table.js';
import { tableFromColumns } from '../../src/data/table-from.js';
import { Report } from '../../src/diagnostics/report.js';
import type { ModelGraph } from '../../src/graph/model-graph.js';
import { call, effect, graphOf, group, op } from './graph-helper.js';
import { readData } from './read.js';

function designOf(graph: ModelGraph, table: Table): Design {
  const report = new Report();
  const design = buildDesign(graph, table, report);
  if (design === undefined)
    throw new Error(
      report
        .sorted()
        .map((d) => d.message)
        .join('; '),
    );
  return design;
}

describe('groups', () => {
  test('a nested group has the combinations that occur, by the first factor and then the second', () => {
    const design = designOf(
      graphOf({
        response: 'strength',
        effects: [effect(group('batch'), ['1']), effect(group('batch', 'cask'), ['1'])],
      }),
      readData('Pastes.csv'),
    );
    const [batch, cask] = design.blocks;
    expect(batch.label).toBe('batch');
    expect(batch.group.levels).toEqual(['A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'I', 'J']);
    expect(cask.label).toBe('batch:cask');
    expect(cask.group.levels.slice(0, 4)).toEqual(['A:a', 'A:b', 'A:c', 'B:a']);
    expect(cask.group.levels.length).toBe(30);
    expect(cask.terms).toEqual(['(Intercept)']);
  });

  test('crossing is the same however few of the combinations occur', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: -1, max: 40 }), fc.integer({ min: -1, max: 900 })), {
          minLength: 1,
          maxLength: 60,
        }),
        (pairs) => {
          const levels = (count: number) => Array.from({ length: count }, (_, k) => String(k));
          const crossed = crossFactors([
            { codes: Int32Array.from(pairs, (p) => p[0]), levels: levels(41) },
            { codes: Int32Array.from(pairs, (p) => p[1]), levels: levels(901) },
          ]);
          const expected = [...new Set(pairs.filter((p) => p[0] >= 0 && p[1] >= 0).map((p) => p[0] * 1000 + p[1]))]
            .sort((a, b) => a - b)
            .map((key) => `${Math.floor(key / 1000)}:${key % 1000}`);
          expect(crossed.levels).toEqual(expected);
          pairs.forEach((p, i) => {
            expect(crossed.levels[crossed.codes[i]]).toBe(p[0] < 0 || p[1] < 0 ? undefined : `${p[0]}:${p[1]}`);
          });
        },
      ),
    );
  });

  test('a number right of the bar is a factor, and stays a number elsewhere', () => {
    const table = tableFromColumns({ y: [1, 3, 2, 5, 4, 7], t: [1, 1, 2, 2, 10, 10] });
    const design = designOf(graphOf({ mean: ['1', 't'], effects: [effect(group('t'), ['1'])] }), table);
    expect(design.coefficients.map((c) => c.name).slice(0, 2)).toEqual(['(Intercept)', 't']);
    expect(design.blocks[0].group.levels).toEqual(['1', '2', '10']);
  });
});

describe('left sides', () => {
  const table = tableFromColumns({
    y: [1, 3, 2, 5, 4, 7, 3, 2, 9],
    x: [0, 1, 2, 0, 1, 2, 0, 1, 3],
    f: ['a', 'b', 'c', 'a', 'b', 'c', 'b', 'c', 'a'],
    g: ['p', 'p', 'p', 'q', 'q', 'q', 'r', 'r', 'r'],
  });
  const block = (labels: string[], expressions = {}): { block: RandomBlock; z: number[] | null } => {
    // A third of the columns would be more random effects than rows; ten copies of the table are enough rows.
    const design = designOf(graphOf({ effects: [effect(group('g'), labels, { expressions })] }), repeated(table, 10));
    const { z } = design.predictors[0].random[0];
    const size = design.blocks[0].terms.length;
    return {
      block: design.blocks[0],
      z: z.kind === 'dense' && z.values !== null ? [...z.values.slice(0, 3 * size)] : null,
    };
  };

  test('an intercept alone has no values', () => {
    const { block: b, z } = block(['1']);
    expect(b.terms).toEqual(['(Intercept)']);
    expect(z).toBeNull();
    expect([...b.columnStart]).toEqual([0, 1, 2, 3]);
  });

  test('intercept and slope, row by row', () => {
    const { block: b, z } = block(['1', 'x']);
    expect(b.terms).toEqual(['(Intercept)', 'x']);
    expect(z).toEqual([1, 0, 1, 1, 1, 2]);
    expect([...b.columnStart]).toEqual([0, 2, 4, 6]);
  });

  test('a factor has contrasts beside an intercept and all its levels without', () => {
    expect(block(['1', 'f'])).toMatchObject({
      block: { terms: ['(Intercept)', 'fb', 'fc'] },
      z: [1, 0, 0, 1, 1, 0, 1, 0, 1],
    });
    expect(block(['0', 'f'])).toMatchObject({ block: { terms: ['fa', 'fb', 'fc'] }, z: [1, 0, 0, 0, 1, 0, 0, 0, 1] });
    expect(block(['0', 'x'])).toMatchObject({ block: { terms: ['x'] }, z: [0, 1, 2] });
  });

  test('a comparison is a factor', () => {
    expect(block(['1', 'I(x > 1)'], { 'I(x > 1)': call('I', op('x', '>', 1)) }).block.terms).toEqual([
      '(Intercept)',
      'I(x > 1)TRUE',
    ]);
  });
});

describe('positions', () => {
  const table = tableFromColumns({
    y: [1, 3, 2, 5, 4, 7, 6],
    t: [4, 1, 2.5, 1, 4, 9, 9],
    g: ['b', 'b', 'a', 'a', 'a', 'b', 'b'],
  });
  const blockOf = (covariance: 'ar1' | 'car1', position = 't') => {
    const graph = graphOf({
      derived: { ft: call('factor', 't') },
      effects: [effect(group('g'), [], { covariance, position: { kind: 'column', name: position } })],
    });
    const design = designOf(graph, table);
    const { z } = design.predictors[0].random[0];
    return { block: design.blocks[0], column: z.kind === 'indicator' ? [...z.column] : [] };
  };

  test('a level has a column for each of its own positions, ascending', () => {
    const { block, column } = blockOf('ar1');
    expect(block.terms).toEqual(['ft1', 'ft2.5', 'ft4', 'ft9']);
    expect([...block.columnStart]).toEqual([0, 3, 6]); // a: 1, 2.5, 4; b: 1, 4, 9
    expect([...(block.positions ?? [])]).toEqual([0, 1, 2, 0, 2, 3]);
    expect(column).toEqual([1, 0, 1, 0, 2, 2, 2]);
  });

  test('car1 measures', () => {
    expect([...(blockOf('car1').block.positions ?? [])]).toEqual([1, 2.5, 4, 1, 4, 9]);
  });

  test('a factor of numbers stands for them', () => {
    expect([...(blockOf('car1', 'ft').block.positions ?? [])]).toEqual([1, 2.5, 4, 1, 4, 9]);
    expect([...(blockOf('ar1', 'ft').block.positions ?? [])]).toEqual([0, 1, 2, 0, 2, 3]);
  });
});

function repeated(table: Table, times: number): Table {
  const columns: Record<string, (number | string | null)[]> = {};
  for (const [name, column] of table.columns) {
    const once =
      column.kind === 'number'
        ? Array.from(column.values, (v) => (Number.isNaN(v) ? null : v))
        : Array.from(column.codes, (code) => (code < 0 ? null : column.levels[code]));
    columns[name] = Array.from({ length: times }, () => once).flat();
  }
  return tableFromColumns(columns);
}
