import { gzipSync } from 'node:zlib';
import {
  tableFromColumns as arrowFromColumns,
  columnFromArray,
  dictionary,
  int64,
  tableToIPC,
  utf8,
} from '@uwdata/flechette';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, test } from 'vitest';
import { tableFromArrow } from '../../src/data/arrow-table.js';
import { readTableBytes } from '../../src/data/read-bytes.js';
import type { Column, Table } from '../../src/data/table.js';

function cells(column: Column | undefined): (number | string | null)[] {
  if (column === undefined) return [];
  if (column.kind === 'number') return Array.from(column.values, (v) => (Number.isNaN(v) ? null : v));
  return Array.from(column.codes, (code) => (code < 0 ? null : column.levels[code]));
}

async function tableOf(bytes: Uint8Array): Promise<Table> {
  const { table, diagnostics } = await readTableBytes(bytes, { source: 'd' });
  if (table === undefined) throw new Error(diagnostics[0]?.message);
  return table;
}

const parquet = (rows: number, codec: 'SNAPPY' | 'UNCOMPRESSED') =>
  new Uint8Array(
    parquetWriteBuffer({
      codec,
      rowGroupSize: 40,
      columnData: [
        {
          name: 'y',
          data: Array.from({ length: rows }, (_, i) => (i === 3 ? null : i / 4)),
          type: 'DOUBLE',
          nullable: true,
        },
        { name: 'k', data: Array.from({ length: rows }, (_, i) => BigInt(i)), type: 'INT64' },
        {
          name: 'f',
          data: Array.from({ length: rows }, (_, i) => (i === 5 ? null : ['b', 'a', 'c'][i % 3])),
          type: 'STRING',
          nullable: true,
        },
        { name: 'b', data: Array.from({ length: rows }, (_, i) => i % 2 === 0), type: 'BOOLEAN' },
      ],
    }),
  );

describe('Parquet', () => {
  test.each(['SNAPPY', 'UNCOMPRESSED'] as const)('%s, in several row groups', async (codec) => {
    const table = await tableOf(parquet(100, codec));
    expect(table.rows).toBe(100);
    expect(cells(table.columns.get('y')).slice(0, 5)).toEqual([0, 0.25, 0.5, null, 1]);
    expect(table.columns.get('k')).toMatchObject({ kind: 'number', type: 'int' });
    expect(cells(table.columns.get('k'))[99]).toBe(99);
    expect(table.columns.get('f')).toMatchObject({ kind: 'label', levels: ['a', 'b', 'c'] });
    expect(cells(table.columns.get('f')).slice(3, 7)).toEqual(['b', 'a', null, 'b']);
    expect(table.columns.get('b')?.type).toBe('bool');
  });

  test('identifiers that a double would round are labels', async () => {
    const ids = [9007199254740992n, 9007199254740993n, 9007199254740993n];
    const bytes = new Uint8Array(parquetWriteBuffer({ columnData: [{ name: 'id', data: ids, type: 'INT64' }] }));
    expect(cells((await tableOf(bytes)).columns.get('id'))).toEqual(ids.map(String));
    const arrow = tableToIPC(arrowFromColumns({ id: columnFromArray(ids, int64()) }), { format: 'file' });
    if (arrow === null) throw new Error('no Arrow');
    expect(cells((await tableOf(arrow)).columns.get('id'))).toEqual(ids.map(String));
  });

  test('damaged', async () => {
    const { diagnostics } = await readTableBytes(parquet(10, 'SNAPPY').subarray(0, 200), { source: 'd' });
    expect(diagnostics.map((d) => d.code)).toEqual(['MM412']);
  });
});

describe('Arrow', () => {
  const arrow = arrowFromColumns({
    y: columnFromArray([0.5, null, 2]),
    x: columnFromArray(Float64Array.of(1, 2, 3)),
    n: columnFromArray(Int32Array.of(3, 4, 5)),
    f: columnFromArray(['b', null, 'a'], dictionary(utf8())),
    o: columnFromArray(['lo', 'hi', 'lo'], dictionary(utf8(), undefined, true)),
    b: columnFromArray([true, false, null]),
  });

  function expectTable(table: Table) {
    expect(table.rows).toBe(3);
    expect(cells(table.columns.get('y'))).toEqual([0.5, null, 2]);
    expect(cells(table.columns.get('x'))).toEqual([1, 2, 3]);
    expect(table.columns.get('n')).toMatchObject({ type: 'int' });
    expect(cells(table.columns.get('f'))).toEqual(['b', null, 'a']);
    expect(table.columns.get('f')).toMatchObject({ type: 'factor', levels: ['a', 'b'] });
    expect(table.columns.get('o')).toMatchObject({ type: 'ordered', levels: ['lo', 'hi'] });
    expect(cells(table.columns.get('b'))).toEqual([1, 0, null]);
  }

  test('a table in memory', () => {
    expectTable(tableFromArrow(arrow));
  });

  test.each(['file', 'stream'] as const)('IPC %s', async (format) => {
    const bytes = tableToIPC(arrow, { format });
    expectTable(await tableOf(bytes ?? new Uint8Array(0)));
    expectTable(await tableOf(gzipSync(bytes ?? new Uint8Array(0))));
  });
});

test('damaged compression is said', async () => {
  const { diagnostics } = await readTableBytes(gzipSync('a,b\n1,2\n'.repeat(500)).subarray(0, 30), { source: 'd' });
  expect(diagnostics.map((d) => d.code)).toEqual(['MM401']);
});
