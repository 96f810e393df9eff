import { describe, expect, test } from 'vitest';
import { tableFromColumns, tableFromRows } from '../../src/data/table-from.js';
import { tableFromText } from '../../src/data/table-from-text.js';
import { MmError } from '../../src/diagnostics/mm-error.js';

describe('tables from memory', () => {
  test('numbers are taken as they are, without a copy', () => {
    const y = Float64Array.of(1.5, Number.NaN, 3);
    const table = tableFromColumns({ y, n: Int32Array.of(1, 2, 3), f: new Float32Array(3) });
    const column = table.columns.get('y');
    expect(column?.kind === 'number' && column.values).toBe(y);
    expect(column?.type).toBe('real');
    expect(table.columns.get('n')).toMatchObject({ kind: 'number', type: 'int', values: Float64Array.of(1, 2, 3) });
    expect(table.rows).toBe(3);
  });

  test('arrays are typed by their values; text stays text', () => {
    const table = tableFromColumns({
      a: [1, null, 2n],
      b: [true, false, null],
      c: ['10', '9', 'NA'],
      d: ['x', 1.5, undefined],
      e: [null, null, null],
    });
    expect(table.columns.get('a')).toMatchObject({ type: 'int', values: Float64Array.of(1, Number.NaN, 2) });
    expect(table.columns.get('b')).toMatchObject({ type: 'bool', values: Float64Array.of(1, 0, Number.NaN) });
    expect(table.columns.get('c')).toMatchObject({
      kind: 'label',
      levels: ['9', '10'],
      codes: Int32Array.of(1, 0, -1),
    });
    expect(table.columns.get('d')).toMatchObject({ kind: 'label', levels: ['1.5', 'x'] });
    expect(table.columns.get('e')).toMatchObject({ kind: 'number', type: 'int' });
  });

  test('a factor keeps the order of its levels', () => {
    const f = { codes: Int32Array.of(1, 0, -1), levels: ['lo', 'hi'], ordered: true };
    expect(tableFromColumns({ f }).columns.get('f')).toMatchObject({
      kind: 'label',
      type: 'ordered',
      levels: ['lo', 'hi'],
    });
  });

  test('rows may lack keys', () => {
    const table = tableFromRows([{ a: 1 }, { b: 'x' }, { a: 3, b: 'y' }]);
    expect(table.rows).toBe(3);
    expect(table.columns.get('a')).toMatchObject({ values: Float64Array.of(1, Number.NaN, 3) });
    expect(table.columns.get('b')).toMatchObject({ codes: Int32Array.of(-1, 0, 1) });
    expect(tableFromRows([]).rows).toBe(0);
  });

  test('columns of different lengths and cells that are objects are refused', () => {
    expect(() => tableFromColumns({ a: [1], b: [1, 2] })).toThrow(RangeError);
    expect(() => tableFromColumns({ a: [new Date(0) as unknown as string] })).toThrow(TypeError);
  });

  test('a name like any other', () => {
    expect([...tableFromRows([{ constructor: 1, __proto__: 2 } as Record<string, number>]).columns.keys()]).toEqual([
      'constructor',
    ]);
  });

  test('a text is a table, or says what is wrong with it', () => {
    expect(tableFromText('a,b\n1,x\n2,y\n').rows).toBe(2);
    expect(() => tableFromText('a,a\n1,2\n')).toThrow(MmError);
  });
});
