import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import { codeNumbers } from '../../src/data/levels.js';
import { readTable } from '../../src/hosts/read-file.js';

const data = join(import.meta.dirname, '../data');
const folder = mkdtempSync(join(tmpdir(), 'mm-read-'));
afterAll(() => rmSync(folder, { recursive: true }));

function write(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

interface Level {
  readonly type: string;
  readonly n_levels: number;
  readonly order_rule: string;
  readonly levels?: readonly string[];
}
const levels: Record<string, Record<string, Level>> = JSON.parse(readFileSync(join(data, 'levels.json'), 'utf8'));

describe('the data sets of the tests', () => {
  test.each(Object.keys(levels))('%s has the levels it should, in their order', async (file) => {
    const { table, diagnostics } = await readTable(join(data, file));
    expect(diagnostics).toEqual([]);
    for (const [name, level] of Object.entries(levels[file])) {
      const column = table?.columns.get(name);
      expect(column, name).toBeDefined();
      if (level.order_rule !== 'default' || column === undefined || level.levels === undefined) continue;
      expect(column.kind === 'label' ? column.levels : codeNumbers(column.values).levels).toEqual(level.levels);
    }
  });
});

describe('files', () => {
  test('compressed text is told by its content, also under another name', async () => {
    const path = write('plain.csv', gzipSync('a,b\n1,x\n2,y\n'));
    const { table } = await readTable(path);
    expect(table?.rows).toBe(2);
    expect(table?.columns.get('b')?.kind).toBe('label');
  });

  test('compressed JSON', async () => {
    const { table } = await readTable(write('rows.json.gz', gzipSync('[{"a": 1}, {"a": 2}]')));
    expect(table?.rows).toBe(2);
  });

  test.each([
    ['a file that is not there', () => join(folder, 'nothing.csv'), 'MM401', /no such file/],
    ['a directory', () => folder, 'MM401', /directory/],
    [
      'damaged compression',
      () => write('bad.gz', gzipSync('a,b\n1,2\n'.repeat(1000)).subarray(0, 40)),
      'MM401',
      /damaged/,
    ],
    ['an empty file', () => write('empty.csv', ''), 'MM402', /empty/],
    ['binary', () => write('binary.csv', Uint8Array.from([127, 69, 76, 70, 0, 1, 2])), 'MM410', /neither text/],
  ])('%s is said', async (_, path, code, message) => {
    const { table, diagnostics } = await readTable(path());
    expect(table).toBeUndefined();
    expect(diagnostics[0]?.code).toBe(code);
    expect(diagnostics[0]?.message).toMatch(message);
  });
});
