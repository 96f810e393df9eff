import { MmError } from '../diagnostics/mm-error.js';
import { type ParseOptions, parseTable } from './parse-table.js';
import type { Table } from './table.js';

/**
 * The table of a CSV, TSV or JSON text, or of its bytes: `parseTable` for callers who want exceptions.
 * @throws MmError where it is no table
 */
export function tableFromText(input: Uint8Array | string, options: ParseOptions = {}): Table {
  const { table, diagnostics } = parseTable(input, options);
  if (table === undefined) throw new MmError(diagnostics);
  return table;
}
