import { join } from 'node:path';
import { compile } from '../../../src/compile.js';
import { schemaOf } from '../../../src/data/schema-of.js';
import type { Table } from '../../../src/data/table.js';
import { tableFromColumns } from '../../../src/data/table-from.js';
import type { EngineOptions } from '../../../src/engines/engine.js';
import { fit } from '../../../src/fit.js';
import { readTable } from '../../../src/hosts/read-file.js';
import type { Fit } from '../../../src/results/fit.js';

const folder = join(import.meta.dirname, '..', '..', 'data');

/** Fits a program that names one of the files in `test/data`. */
export async function fitFile(source: string, options: EngineOptions = {}): Promise<Fit> {
  const file = /data "([^"]+)"/.exec(source)?.[1];
  if (file === undefined) throw new Error('no data');
  const { table } = await readTable(join(folder, file));
  if (table === undefined) throw new Error(file);
  return fitTable(source, table, options);
}

export function fitColumns(
  source: string,
  columns: Parameters<typeof tableFromColumns>[0],
  options: EngineOptions = {},
): Fit {
  return fitTable(source, tableFromColumns(columns), options);
}

function fitTable(source: string, table: Table, options: EngineOptions): Fit {
  const { models, diagnostics } = compile(source, { schema: schemaOf(table), name: 'case' });
  const outcome = fit(models[0], table, options);
  if (outcome.fit === undefined) throw new Error(JSON.stringify([...diagnostics, ...outcome.diagnostics]));
  return outcome.fit;
}
