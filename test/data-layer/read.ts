import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseTable } from '../../src/data/parse-table.js';
import type { Table } from '../../src/data/table.js';

/** A file of test/data as a table. */
export function readData(name: string): Table {
  const { table, diagnostics } = parseTable(readFileSync(join(import.meta.dirname, '../data', name)), { source: name });
  if (table === undefined) throw new Error(`${name}: ${diagnostics[0]?.message}`);
  return table;
}
