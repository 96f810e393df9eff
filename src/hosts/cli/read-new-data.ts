import { resolve } from 'node:path';
import type { Table } from '../../data/table.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';

export interface NewData {
  /** Null: none was named; undefined: it could not be read. */
  readonly table: Table | null | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** The file of `--newdata`. */
export async function readNewData(path: string | undefined): Promise<NewData> {
  if (path === undefined) return { table: null, diagnostics: [] };
  const { readTable } = await import('../read-file.js');
  return readTable(resolve(path), { source: path });
}
