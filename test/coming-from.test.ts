import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { compile } from '../src/compile.js';
import { schemaOf } from '../src/data/schema-of.js';
import type { DataSchema } from '../src/data/table.js';
import { tableFromColumns } from '../src/data/table-from.js';
import { fit } from '../src/fit.js';
import { readTable } from '../src/hosts/read-file.js';
import { disagreements } from './reference/agreement.js';
import { readReferenceCase } from './reference/reference-case.js';

interface Row {
  readonly program: string;
  readonly reference: string;
}

/** Rows of the tables whose second cell is a program: lines of code, one after the other. */
function rows(): Row[] {
  const text = readFileSync(join(import.meta.dirname, '..', 'spec', 'coming-from.md'), 'utf8');
  return text.split('\n').flatMap((line): Row[] => {
    const cells = line.split(/(?<!\\)\|/).map((cell) => cell.trim());
    const lines = cells[2]?.split('<br>') ?? [];
    if (cells.length !== 5 || !lines.every((code) => /^`[^`]+`$/.test(code))) return [];
    return [{ program: lines.map((code) => code.slice(1, -1).replaceAll('\\|', '|')).join('\n'), reference: cells[3] }];
  });
}

/** Levels that a CSV file does not know stand in the reference. */
function declared(reference: string, program: string): string {
  const { data, factors } = readReferenceCase(reference);
  const types = Object.entries(factors ?? {}).flatMap(([column, factor]) => {
    const { levels } = factor as { readonly levels?: readonly string[] };
    const grouping = new RegExp(`(\\||per |/) *${column}\\b`).test(program);
    if (grouping || levels === undefined || !new RegExp(`\\b${column}\\b`).test(program)) return [];
    return [`${column}: factor(${levels.map((level) => JSON.stringify(level)).join(', ')})`];
  });
  return `data ${JSON.stringify(data.file)} { ${types.join(', ')} }`;
}

const found = rows();
const held = found.filter(({ reference }) => reference !== '');

test('there are programs, most of them with a reference', () => {
  expect(found.length).toBeGreaterThan(40);
  expect(held.length).toBeGreaterThan(30);
});

test.each(held)('$reference', async ({ program, reference }) => {
  const expected = readReferenceCase(reference);
  const { table } = await readTable(join(import.meta.dirname, 'data', expected.data.file));
  if (table === undefined) throw new Error('no data');
  const { models, diagnostics } = compile(`${declared(reference, program)}\n${program}`, { schema: schemaOf(table) });
  expect(diagnostics.filter((d) => d.severity === 'error')).toEqual([]);
  const outcome = fit(models[0], table);
  if (outcome.fit === undefined) throw new Error(JSON.stringify(outcome.diagnostics));
  expect(disagreements(expected, outcome.fit)).toEqual([]);
});

describe('programs without a reference compile', () => {
  const schema: DataSchema = schemaOf(
    tableFromColumns({
      y: [0.5, 1.5],
      x: [0.1, 0.2],
      w: [0.1, 0.3],
      se: [0.5, 0.6],
      g: ['a', 'b'],
      n: [1, 2],
      size: [3, 4],
      o: ['a', 'b'],
    }),
  );
  test.each(found.filter(({ reference }) => reference === ''))('$program', ({ program }) => {
    const ordered = program.startsWith('o ~') ? 'data { o: ordered("a", "b", "c") }\n' : '';
    const { models, diagnostics } = compile(ordered + program, { schema });
    expect(diagnostics.filter((d) => d.severity === 'error')).toEqual([]);
    expect(models[0]?.plan?.engine).not.toBe('refused');
  });
});
