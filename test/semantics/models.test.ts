import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { compile, dataFiles } from '../../src/compile.js';
import { parseTable } from '../../src/data/parse-table.js';
import { schemaOf } from '../../src/data/schema-of.js';
import type { DataSchema } from '../../src/data/table.js';
import { graphProblems } from '../../src/graph/validate-graph.js';
import { modelFiles } from '../syntax/model-files.js';

const folder = join(import.meta.dirname, '..', 'models');
const schemas = new Map<string, DataSchema>();

function schemaAt(path: string): DataSchema {
  const known = schemas.get(path);
  if (known !== undefined) return known;
  const { table } = parseTable(readFileSync(path), { source: path });
  if (table === undefined) throw new Error(`cannot read ${path}`);
  const schema = schemaOf(table);
  schemas.set(path, schema);
  return schema;
}

/** What depends on the engines that this version has. */
const ofTheVersion = new Set(['MM381', 'MM385']);

test.each(modelFiles())('$name', ({ name, source }) => {
  const alone = compile(source);
  expect(alone.diagnostics.filter((d) => d.severity === 'error' && !ofTheVersion.has(d.code))).toEqual([]);

  const files = new Map(dataFiles(alone.ast).map((request) => [request.model, request.file]));
  const schema = (_: string | null, model: string) => {
    const file = files.get(model);
    return file === null || file === undefined ? undefined : schemaAt(join(folder, dirname(name), file));
  };
  const compiled = compile(source, { schema });
  expect(compiled.diagnostics.filter((d) => d.severity !== 'note' && !ofTheVersion.has(d.code))).toEqual(
    // Its classes have a sigma each and a row each, on purpose.
    name === 'mix-npreg-obs.mm' ? [expect.objectContaining({ code: 'MM380', severity: 'warning' })] : [],
  );
  for (const { graph } of compiled.models) {
    if (graph === undefined) throw new Error('no graph');
    expect(graphProblems(graph)).toEqual([]);
    expect(JSON.parse(JSON.stringify(graph))).toEqual(graph);
  }
  // What the data add are hints and sizes: names and terms mean the same without them.
  const bare = (models: typeof compiled.models) =>
    JSON.stringify(
      models.map((m) => m.graph),
      (key, value) => (key === 'size' ? undefined : value),
    );
  expect(bare(alone.models)).toBe(bare(compiled.models));
});
