import * as fc from 'fast-check';
import Papa from 'papaparse';
import { describe, expect, test } from 'vitest';
import { DelimitedReader } from '../../src/data/delimited-reader.js';
import { parseTable } from '../../src/data/parse-table.js';
import { schemaOf } from '../../src/data/schema-of.js';
import type { Column, Table } from '../../src/data/table.js';

function tableOf(input: string | Uint8Array): Table {
  const { table, diagnostics } = parseTable(input, { source: 'd.csv' });
  if (table === undefined) throw new Error(diagnostics.map((d) => d.message).join('; '));
  return table;
}

function codesOf(input: string | Uint8Array): string[] {
  return parseTable(input, { source: 'd.csv' }).diagnostics.map((d) => d.code);
}

/** Cells as a reader of the table sees them: numbers, labels, null. */
function cells(column: Column | undefined): (number | string | null)[] {
  if (column === undefined) return [];
  if (column.kind === 'number') return Array.from(column.values, (v) => (Number.isNaN(v) ? null : v));
  return Array.from(column.codes, (code) => (code < 0 ? null : column.levels[code]));
}

function columnOf(text: string): Column {
  const column = tableOf(`a,b\n${text.split('\n').join(',0\n')},0\n`).columns.get('a');
  if (column === undefined) throw new Error('no column');
  return column;
}

describe('delimited text', () => {
  test('commas, tabs, semicolons and bars are told apart by the first lines', () => {
    for (const delimiter of [',', '\t', ';', '|']) {
      const table = tableOf(
        [
          ['a', 'b', 'c'],
          ['1', 'x', '2.5'],
          ['3', 'y', '4'],
        ]
          .map((r) => r.join(delimiter))
          .join('\n'),
      );
      expect([...table.columns.keys()]).toEqual(['a', 'b', 'c']);
      expect(cells(table.columns.get('c'))).toEqual([2.5, 4]);
    }
  });

  test('a separator inside labels does not win over the one between fields', () => {
    const table = tableOf('name;y\n"Doe, J";1\nRoe, P;2\n');
    expect(cells(table.columns.get('name'))).toEqual(['Doe, J', 'Roe, P']);
  });

  test('quoted fields may hold separators, line ends and quotes', () => {
    const table = tableOf('a,b\n"x, ""y""\nz",1\n"plain",2\n');
    expect(cells(table.columns.get('a'))).toEqual(['x, "y"\nz', 'plain']);
  });

  test('CRLF, CR, mixed line ends, a byte order mark, blank lines and a missing last line end', () => {
    for (const text of ['a,b\r\n1,2\r\n3,4\r\n', 'a,b\r1,2\r3,4', '\ufeffa,b\n1,2\r\n\r\n3,4', 'a,b\n\n1,2\n3,4\n\n']) {
      const table = tableOf(text);
      expect([...table.columns.keys()]).toEqual(['a', 'b']);
      expect(cells(table.columns.get('a'))).toEqual([1, 3]);
      expect(cells(table.columns.get('b'))).toEqual([2, 4]);
    }
  });

  test('one column needs no separator', () => {
    expect(cells(tableOf('y\n1\n2\n').columns.get('y'))).toEqual([1, 2]);
  });

  test('empty cells, NA and nan are missing, in numbers and in labels', () => {
    const table = tableOf('x,f\n1,a\nNA,\n,NA\nnan,b\n NaN , NA \n');
    expect(cells(table.columns.get('x'))).toEqual([1, null, null, null, null]);
    expect(cells(table.columns.get('f'))).toEqual(['a', null, null, 'b', null]);
  });

  test('bytes that are not UTF-8 are read as Windows-1252, and that is said', () => {
    const bytes = Uint8Array.from(
      [...'a,b\nM', 0xfc, ...'ller,1\n'].map((c) => (typeof c === 'number' ? c : c.charCodeAt(0))),
    );
    const { table, diagnostics } = parseTable(bytes);
    expect(cells(table?.columns.get('a'))).toEqual(['Müller']);
    expect(diagnostics.map((d) => d.code)).toEqual(['MM409']);
  });

  test('UTF-16 with its mark', () => {
    const text = 'a,b\nMüller,1\n';
    const bytes = new Uint8Array(2 + 2 * text.length);
    bytes.set([0xff, 0xfe]);
    for (let i = 0; i < text.length; i++) new DataView(bytes.buffer).setUint16(2 + 2 * i, text.charCodeAt(i), true);
    expect(cells(tableOf(bytes).columns.get('a'))).toEqual(['Müller']);
  });

  test.each([true, false])('UTF-16 without a mark, little end first: %s', (little) => {
    const text = 'a,b\nMüller,1\n';
    const view = new DataView(new ArrayBuffer(2 * text.length));
    for (let i = 0; i < text.length; i++) view.setUint16(2 * i, text.charCodeAt(i), little);
    expect(cells(tableOf(new Uint8Array(view.buffer)).columns.get('a'))).toEqual(['Müller']);
  });

  test('decimal commas between semicolons are numbers, and that is said', () => {
    const { table, diagnostics } = parseTable('y;f\n1,5;a\n2;b\n-0,25;a\n');
    expect(cells(table?.columns.get('y'))).toEqual([1.5, 2, -0.25]);
    expect(diagnostics.map((d) => d.code)).toEqual(['MM408']);
  });
});

describe('types by looks', () => {
  test('whole numbers, numbers, bools, labels', () => {
    expect(columnOf('1\n-2\n30').type).toBe('int');
    expect(columnOf('1\n2.5\n1e-3').type).toBe('real');
    expect(columnOf('true\nFALSE\nTrue').type).toBe('bool');
    expect(cells(columnOf('true\nFALSE\nTrue'))).toEqual([1, 0, 1]);
    expect(columnOf('a\n1\n2').type).toBe('factor');
    expect(columnOf('0\n1\n0').type).toBe('int');
  });

  test('numbers as they are written', () => {
    expect(cells(columnOf('1e-3\n+.5\n-2.\n1E5\ninf\n-Inf\n 7 \n123456789012345680'))).toEqual([
      0.001,
      0.5,
      -2,
      1e5,
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
      7,
      123456789012345680,
    ]);
  });

  test('leading zeros make text; so do units, dates and hexadecimal', () => {
    expect(cells(columnOf('007\n010'))).toEqual(['007', '010']);
    expect(columnOf('1\n007').kind).toBe('label');
    expect(cells(columnOf('0\n0.5\n-0.25'))).toEqual([0, 0.5, -0.25]);
    for (const text of ['5mg', '2020-01-01', '0x1F', '1 000', '1_000', '--1', '.', '-', 'e5']) {
      expect(columnOf(text).kind, text).toBe('label');
    }
  });

  test('whole numbers that a double would round make text: none becomes its neighbour', () => {
    expect(cells(columnOf('9007199254740992\n9007199254740993'))).toEqual(['9007199254740992', '9007199254740993']);
    expect(cells(columnOf('-00123456789012345678901'))).toEqual(['-00123456789012345678901']);
    expect(columnOf('9'.repeat(400)).kind).toBe('label');
    expect(cells(columnOf('1152921504606846976\n+100000000000000000000'))).toEqual([2 ** 60, 1e20]);
    expect(cells(columnOf('12345678901234567890.5'))).toEqual([Number('12345678901234567890')]);
  });

  test('a column that becomes text late keeps the text of its first rows', () => {
    const first = Array.from({ length: 70_000 }, (_, i) => `${i % 7}.0`);
    const column = columnOf([...first, 'seven', 'NA'].join('\n'));
    expect(column.kind).toBe('label');
    expect(cells(column).slice(0, 3)).toEqual(['0.0', '1.0', '2.0']);
    expect(cells(column).slice(-3)).toEqual(['6.0', 'seven', null]);
    expect(cells(columnOf('TRUE\ntrue\nmaybe'))).toEqual(['TRUE', 'true', 'maybe']);
  });

  test('levels are in numeric order where all are integers, else by code point', () => {
    const labels = (text: string) => {
      const column = columnOf(text);
      return column.kind === 'label' ? column.levels : [];
    };
    expect(labels('10\n9\n-1\nx'.replace('x', '08'))).toEqual(['-1', '08', '9', '10']);
    expect(labels('b\nB\na\n10\n9')).toEqual(['10', '9', 'B', 'a', 'b']);
    expect(labels('\u{1F600}\n\uFF5E\nz')).toEqual(['z', '\uFF5E', '\u{1F600}']);
  });

  test('an empty column is missing numbers', () => {
    expect(cells(columnOf('NA\n\nNA'.replace('\n\n', '\nnan\n')))).toEqual([null, null, null]);
  });
});

describe('what cannot be read', () => {
  test('rows of another length, each with its number', () => {
    const { table, diagnostics } = parseTable('a,b\n1,2\n3\n4,5\n6,7,8\n', { source: 'd.csv' });
    expect(table).toBeUndefined();
    expect(diagnostics.map((d) => [d.code, d.data?.row])).toEqual([
      ['MM405', 2],
      ['MM405', 4],
    ]);
    const many = parseTable(`a,b\n${'1\n'.repeat(9)}`).diagnostics;
    expect(many.map((d) => d.code)).toEqual([...Array(5).fill('MM405'), 'MM406']);
    expect(many.at(-1)?.message).toMatch(/^4 more/);
  });

  test('empty, header only, equal names, quotes gone astray, binary', () => {
    expect(codesOf('')).toEqual(['MM402']);
    expect(codesOf('\n \n')).toEqual(['MM402']);
    expect(codesOf('a,b\n')).toEqual(['MM403']);
    expect(codesOf('a,b,a\n1,2,3\n')).toEqual(['MM404']);
    expect(codesOf('a,b\n1,"2\n3,4\n')).toEqual(['MM407']);
    expect(codesOf('a,b\n1,"2"x\n3,4\n')).toEqual(['MM407']);
    expect(codesOf(Uint8Array.from([0, 1, 2, 3, 255, 0, 7]))).toEqual(['MM410']);
  });

  test('JSON: rows or columns, else what is wrong', () => {
    expect(cells(tableOf('[{"a": 1, "f": "x"}, {"a": null, "f": "y"}, {"f": "x"}]').columns.get('a'))).toEqual([
      1,
      null,
      null,
    ]);
    expect(cells(tableOf('{"a": [1, 2.5], "b": [true, null]}').columns.get('b'))).toEqual([1, null]);
    expect(tableOf('{"a": ["1", "2"]}').columns.get('a')?.kind).toBe('label');
    for (const text of [
      '[1, 2]',
      '{"a": 3}',
      '{"a": [1], "b": [1, 2]}',
      '[{"a": {"b": 1}}]',
      '{"a": [1',
      '{"a": [[1]]}',
    ]) {
      expect(codesOf(text), text).toEqual(['MM411']);
    }
    expect(codesOf('[]')).toEqual(['MM402']);
  });
});

const cell = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
  fc.integer().map(String),
  fc.string({ unit: fc.constantFrom('a', 'Z', ',', ';', '"', '\n', '\r\n', ' ', 'é', '漢', '\t') }),
  fc.constant('NA'),
);

/** What comes out of a table must be what went in. */
function expectSame(table: Table, rows: readonly (readonly string[])[]) {
  expect(table.rows).toBe(rows.length);
  [...table.columns.values()].forEach((column, j) => {
    const expected = rows.map((row) => row[j].replace(/\r\n?/g, '\n'));
    cells(column).forEach((value, i) => {
      const text = expected[i].trim();
      if (text === '' || text === 'NA' || text.toLowerCase() === 'nan') expect(value).toBeNull();
      else if (typeof value === 'number') expect(value).toBe(Number(text));
      else expect(value).toBe(expected[i]);
    });
  });
}

describe('laws', () => {
  test('what is written comes back, however the text is cut into pieces', () => {
    const rows = fc
      .integer({ min: 1, max: 4 })
      .chain((width) =>
        fc.array(fc.array(cell, { minLength: width + 1, maxLength: width + 1 }), { minLength: 1, maxLength: 30 }),
      );
    fc.assert(
      fc.property(rows, fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 20 }), (body, cuts) => {
        const header = body[0].map((_, j) => `c${j}`);
        const text = Papa.unparse({ fields: header, data: body as string[][] }, { quotes: true, newline: '\n' });
        const bytes = new TextEncoder().encode(text);
        const reader = new DelimitedReader('d.csv');
        do {
          reader.begin();
          for (let at = 0, k = 0; at < bytes.length; k++) {
            const length = cuts[k % cuts.length];
            reader.push(bytes.subarray(at, at + length));
            at += length;
          }
        } while (!reader.end());
        const { table, diagnostics } = reader.result();
        expect(diagnostics).toEqual([]);
        if (table !== undefined) expectSame(table, body);
      }),
      { numRuns: 150 },
    );
  });
});

describe('schemaOf', () => {
  test('types, levels, distinct values, range', () => {
    const schema = schemaOf(tableOf('x,f,k\n1.5,b,1\nNA,a,2\n-3,b,1\n'));
    expect(schema.columns.get('f')).toEqual({ type: 'factor', levels: ['a', 'b'], distinct: null });
    expect(schema.columns.get('x')).toEqual({ type: 'real', levels: null, distinct: [-3, 1.5], range: [-3, 1.5] });
    expect(schema.columns.get('k')?.distinct).toEqual([1, 2]);
    const many = `k\n${Array.from({ length: 17 }, (_, i) => i).join('\n')}\n`;
    expect(schemaOf(tableOf(many)).columns.get('k')?.distinct).toBeNull();
  });
});
