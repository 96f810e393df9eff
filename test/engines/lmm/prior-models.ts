import { join } from 'node:path';
import { compile } from '../../../src/compile.js';
import { buildDesign } from '../../../src/data/build-design.js';
import type { Design } from '../../../src/data/design.js';
import { schemaOf } from '../../../src/data/schema-of.js';
import type { Table } from '../../../src/data/table.js';
import { Report } from '../../../src/diagnostics/report.js';
import { createWork, type LmmWork } from '../../../src/engines/lmm/lmm-work.js';
import { rowsFromDesign } from '../../../src/engines/lmm/rows-from-design.js';
import { type FitOutcome, fit } from '../../../src/fit.js';
import type { ModelGraph } from '../../../src/graph/model-graph.js';
import { readTable } from '../../../src/hosts/read-file.js';
import { lmmMethod } from '../../../src/priors/lmm-prior.js';

const tables = new Map<string, Table>();

export async function tableOf(file: string): Promise<Table> {
  const known = tables.get(file);
  if (known !== undefined) return known;
  const { table } = await readTable(join(import.meta.dirname, '..', '..', 'data', file));
  if (table === undefined) throw new Error(`cannot read ${file}`);
  tables.set(file, table);
  return table;
}

export interface BoundModel {
  readonly graph: ModelGraph;
  readonly design: Design;
  readonly work: LmmWork;
  fit(): Required<Pick<FitOutcome, 'fit'>>['fit'];
}

/** Compiles a model of the LMM engine, binds it to a file of test/data and lays its work out. */
export async function bindModel(source: string, file: string): Promise<BoundModel> {
  return bindTable(source, await tableOf(file));
}

export function bindTable(source: string, table: Table): BoundModel {
  const compiled = compile(source, { schema: schemaOf(table) });
  const [model] = compiled.models;
  const { graph } = model;
  const errors = compiled.diagnostics.filter((d) => d.severity === 'error');
  if (graph === undefined || errors.length > 0) throw new Error(errors.map((d) => d.message).join('; '));
  const report = new Report();
  const design = buildDesign(graph, table, report);
  if (design === undefined) throw new Error('no design');
  const input = rowsFromDesign(graph, design);
  const priors = { graph, design, location: input.location };
  const work = createWork(input.model, { reml: lmmMethod(graph) === 'reml', fixedSigma: input.fixedSigma, priors });
  return {
    graph,
    design,
    work,
    fit() {
      const outcome = fit(model, table);
      if (outcome.fit === undefined) throw new Error(outcome.diagnostics.map((d) => d.message).join('; '));
      return outcome.fit;
    },
  };
}
