import { describe, expect, test } from 'vitest';
import { DataProblem } from '../../src/data/data-problem.js';
import { evaluate } from '../../src/data/evaluate.js';
import { tableFromColumns } from '../../src/data/table-from.js';
import type { Expr } from '../../src/graph/model-graph.js';
import { call, column, number, op, text } from './graph-helper.js';

const table = tableFromColumns({
  x: [1, -2, null, 4, 0],
  y: [10, 20, 30, null, 50],
  b: [true, false, null, true, false],
  f: ['lo', 'hi', 'lo', null, 'mid'],
  g: ['lo', 'lo', 'hi', 'mid', 'other'],
  o: { codes: Int32Array.of(0, 2, 1, -1, 1), levels: ['lo', 'mid', 'hi'], ordered: true },
});

const NA = null;

function cells(expr: Expr): (number | string | null)[] {
  const value = evaluate(expr, table);
  if (value.kind === 'number') return Array.from(value.values, (v) => (Number.isNaN(v) ? null : v));
  return Array.from(value.codes, (code) => (code < 0 ? null : value.levels[code]));
}

function problem(expr: Expr): string {
  try {
    evaluate(expr, table);
  } catch (error) {
    if (error instanceof DataProblem) return error.identity.slice(0, 5);
    throw error;
  }
  return 'none';
}

const missing: Expr = { kind: 'missing' };
const not = (operand: Expr): Expr => ({ kind: 'unary', operator: 'not', operand });

describe('arithmetic and comparisons, missing values as in R', () => {
  test.each<[string, Expr, (number | null)[]]>([
    ['x + y', op('x', '+', 'y'), [11, 18, NA, NA, 50]],
    ['x ^ 2 - 1', op(op('x', '^', 2), '-', 1), [0, 3, NA, 15, -1]],
    ['1 ^ NA is 1', op(1, '^', 'x'), [1, 1, 1, 1, 1]],
    ['NA ^ 0 is 1', op('x', '^', 0), [1, 1, 1, 1, 1]],
    ['-x', { kind: 'unary', operator: '-', operand: column('x') }, [-1, 2, NA, -4, -0]],
    ['x >= 1', op('x', '>=', 1), [1, 0, NA, 1, 0]],
    ['x == NA', op('x', '==', missing), [NA, NA, NA, NA, NA]],
    ['x > 0 and y > 15', op(op('x', '>', 0), 'and', op('y', '>', 15)), [0, 0, NA, NA, 0]],
    ['x > 0 or y > 15', op(op('x', '>', 0), 'or', op('y', '>', 15)), [1, 1, 1, 1, 1]],
    ['NA and false', op(op('x', '>', 9), 'and', op('y', '>', 99)), [0, 0, 0, 0, 0]],
    ['not b', not(column('b')), [0, 1, NA, 0, 1]],
    ['b + 1', op('b', '+', 1), [2, 1, NA, 2, 1]],
  ])('%s', (_, expr, expected) => {
    expect(cells(expr)).toEqual(expected);
  });
});

describe('factors', () => {
  test.each<[string, Expr, (number | string | null)[]]>([
    ['f == "lo"', op('f', '==', text('lo')), [1, 0, 1, NA, 0]],
    ['"lo" != f', op(text('lo'), '!=', 'f'), [0, 1, 0, NA, 1]],
    ['f == g', op('f', '==', 'g'), [1, 0, 0, NA, 0]],
    ['g != f', op('g', '!=', 'f'), [0, 1, 1, NA, 1]],
    ['o >= "mid"', op('o', '>=', text('mid')), [0, 1, 1, NA, 1]],
    ['"mid" > o', op(text('mid'), '>', 'o'), [1, 0, 0, NA, 0]],
    ['f == NA', op('f', '==', missing), [NA, NA, NA, NA, NA]],
    ['factor(x)', call('factor', 'x'), ['1', '-2', NA, '4', '0']],
    ['factor(b)', call('factor', 'b'), ['TRUE', 'FALSE', NA, 'TRUE', 'FALSE']],
    ['factor(x) == 4', op(call('factor', 'x'), '==', 4), [0, 0, NA, 1, 0]],
    ['x == "4"', op('x', '==', text('4')), [0, 0, NA, 1, 0]],
    ['if(b, f, g)', call('if', 'b', 'f', 'g'), ['lo', 'lo', NA, NA, 'other']],
    [
      'if(x > 0, "up", "down")',
      call('if', op('x', '>', 0), text('up'), text('down')),
      ['up', 'down', NA, 'up', 'down'],
    ],
    ['if(x > 0, y, 0)', call('if', op('x', '>', 0), 'y', 0), [10, 0, NA, NA, 0]],
    ['if(y > 15, NA, x)', call('if', op('y', '>', 15), missing, 'x'), [1, NA, NA, NA, NA]],
    ['is.na(f)', call('is.na', 'f'), [0, 0, 0, 1, 0]],
    ['is.na(x)', call('is.na', 'x'), [0, 0, 1, 0, 0]],
    ['number(factor(x))', call('number', call('factor', 'x')), [1, -2, NA, 4, 0]],
  ])('%s', (_, expr, expected) => {
    expect(cells(expr)).toEqual(expected);
  });

  test('levels of factor(x) are in numeric order', () => {
    const value = evaluate(call('factor', 'x'), table);
    expect(value.kind === 'label' && value.levels).toEqual(['-2', '0', '1', '4']);
  });
});

describe('functions', () => {
  test.each<[string, Expr, (number | null)[]]>([
    ['log of what has none is missing', call('log', 'x'), [0, NA, NA, Math.log(4), Number.NEGATIVE_INFINITY]],
    [
      'log to a base',
      call('log', 'y', { base: number(10) }),
      [1, Math.log(20) / Math.log(10), Math.log(30) / Math.log(10), NA, Math.log(50) / Math.log(10)],
    ],
    ['halves go to even', call('round', op('y', '/', 20)), [0, 1, 2, NA, 2]],
    ['decimals', call('round', op('y', '/', 7), 1), [1.4, 2.9, 4.3, NA, 7.1]],
    ['min of two, row by row', call('min', 'x', 'y'), [1, -2, NA, NA, 0]],
    ['max with a number', call('max', 'x', 0), [1, 0, NA, 4, 0]],
    ['max of one column', op('x', '-', call('max', 'x')), [-3, -6, NA, 0, -4]],
    ['mean, without the missing', op('x', '-', call('mean', 'x')), [0.25, -2.75, NA, 3.25, -0.75]],
    ['median', op('y', '-', call('median', 'y')), [-15, -5, 5, NA, 25]],
    ['center', call('center', 'y'), [-17.5, -7.5, 2.5, NA, 22.5]],
    ['row', call('row'), [1, 2, 3, 4, 5]],
    ['abs, floor, ceiling, sign', op(call('abs', 'x'), '+', call('sign', 'x')), [2, 1, NA, 5, 0]],
  ])('%s', (_, expr, expected) => {
    cells(expr).forEach((value, i) => {
      if (expected[i] === null || value === null) expect(value).toBe(expected[i]);
      else expect(value).toBeCloseTo(expected[i], 12);
    });
  });
});

describe('what makes no sense', () => {
  test.each<[string, Expr, string]>([
    ['a column that is not there', column('z'), 'MM420'],
    ['arithmetic with a factor', op('f', '+', 1), 'MM421'],
    ['the order of what has none', op('f', '<', text('lo')), 'MM421'],
    ['a level that an order does not have', op('o', '<', text('low')), 'MM421'],
    ['numbers against text', op('x', '==', text('lo')), 'MM421'],
    ['an unknown function', call('lgo', 'x'), 'MM422'],
    ['too many arguments', call('sqrt', 'x', 'y'), 'MM423'],
    ['too few', call('sqrt'), 'MM423'],
    ['an argument that is no constant', call('poly', 'x', 'y'), 'MM423'],
    ['a polynomial of too high a degree', call('poly', 'x', 4), 'MM421'],
    ['a constant column has no scale', call('scale', op('x', '*', 0)), 'MM421'],
    ['a matrix is no column', call('poly', 'x', 2), 'MM421'],
    ['number() of words', call('number', 'f'), 'MM421'],
  ])('%s', (_, expr, code) => {
    expect(problem(expr)).toBe(code);
  });
});
