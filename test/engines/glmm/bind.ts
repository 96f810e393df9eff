import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { compile, dataFiles } from '../../../src/compile.js';
import { buildDesign } from '../../../src/data/build-design.js';
import type { Design } from '../../../src/data/design.js';
import { parseTable } from '../../../src/data/parse-table.js';
import { schemaOf } from '../../../src/data/schema-of.js';
import type { Table } from '../../../src/data/table.js';
import { type ColumnValues, tableFromColumns } from '../../../src/data/table-from.js';
import { Report } from '../../../src/diagnostics/report.js';
import type { ModelGraph } from '../../../src/graph/model-graph.js';
import { parseProgram } from '../../../src/syntax/build-ast.js';

export interface Bound {
  readonly graph: ModelGraph;
  readonly design: Design;
}

const folder = resolve('test/data');

/** Compiles a program and binds it to data: a file of test/data, or columns. */
export function bindProgram(
  source: string,
  data?: string | Readonly<Record<string, ColumnValues>>,
  fit?: string,
): Bound {
  const [request] = dataFiles(parseProgram(source, new Report()));
  const file = typeof data === 'string' ? data : request?.file?.replace(/^.*\//, '');
  let table: Table | undefined;
  if (data !== undefined && typeof data !== 'string') table = tableFromColumns(data);
  else if (file != null) table = parseTable(readFileSync(join(folder, file))).table;
  if (table === undefined) throw new Error('no data');
  const compiled = compile(source, { schema: schemaOf(table), ...(fit === undefined ? {} : { fit }) });
  const [model] = compiled.models;
  if (model?.graph === undefined) throw new Error(compiled.diagnostics.map((d) => d.message).join('\n'));
  const report = new Report();
  const design = buildDesign(model.graph, table, report);
  if (design === undefined)
    throw new Error(
      report
        .sorted()
        .map((d) => d.message)
        .join('\n'),
    );
  return { graph: model.graph, design };
}

/** A program of test/models with its data. */
export function bindFile(name: string): Bound {
  return bindProgram(readFileSync(join(folder, '../models', `${name}.mm`), 'utf8'));
}
