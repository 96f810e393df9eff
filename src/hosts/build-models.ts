import { resolve } from 'node:path';
import packageJson from '../../package.json' with { type: 'json' };
import { type BuildModel, type ModuleKind, moduleText } from '../build/module-text.js';
import { schemaOf } from '../data/schema-of.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { diagnostic } from '../diagnostics/report.js';
import { bindData } from '../fit.js';
import { type Loaded, loadModels, type ModelOptions } from './cli/load-models.js';
import type { ModelFile } from './cli/model-file.js';
import type { Terminal } from './cli/terminal.js';

/** A model file as modules can be written of it. */
export interface BuiltModels {
  readonly file: ModelFile | null; // null: it could not be read
  readonly diagnostics: readonly Diagnostic[];
  /** Files whose change changes the modules: the data that the models name. */
  readonly dependencies: readonly string[];
  /** Undefined where a model or its data are wrong: there is then no part of it either. */
  readonly text: ((kind: ModuleKind, source: string) => string) | undefined;
}

/**
 * Compiles a model file against the data it names, as `mm check` does. Data that cannot be read are told and done without, unless they
 * were asked for by `options.data`.
 */
export async function buildModels(path: string, options: ModelOptions, terminal: Terminal): Promise<BuiltModels> {
  const loaded = await loadModels(path, options, terminal);
  const { file, compiled } = loaded;
  if (file === null || compiled === null)
    return { file, diagnostics: loaded.diagnostics, dependencies: [], text: undefined };
  const dependencies = compiled.models.flatMap(({ graph }) =>
    options.data !== undefined
      ? [resolve(options.data)]
      : graph === undefined || graph.data.file === null
        ? []
        : [resolve(file.folder, graph.data.file)],
  );
  const diagnostics = [...compiled.diagnostics, ...dataProblems(loaded, options)];
  const models: BuildModel[] = [];
  const sources: string[] = [];
  for (const { name, graph, plan } of compiled.models) {
    if (graph === undefined || plan === undefined || plan.engine === 'refused') continue;
    const text = file.text.slice(graph.origin.start, graph.origin.end);
    const table = loaded.tables.get(name);
    if (table === undefined) {
      models.push({ graph, text });
      sources.push(`${name}: no data`);
      continue;
    }
    const bound = bindData(graph, plan.engine, table);
    diagnostics.push(...bound.diagnostics);
    models.push({
      graph,
      text,
      schema: schemaOf(table),
      ...(bound.design === undefined ? {} : { design: bound.design }),
    });
    sources.push(`${name}: ${table.source} (${table.rows} rows)`);
  }
  const wrong = diagnostics.some((d) => d.severity === 'error') || models.length < compiled.models.length;
  const text = (kind: ModuleKind, source: string) =>
    moduleText(models, kind, [
      `Made from ${source} by mm build (mmlang ${packageJson.version}). Do not edit: it is written anew when the model changes.`,
      `Names of columns and coefficients from ${sources.join(', ')}.`,
    ]);
  return { file, diagnostics, dependencies: [...new Set(dependencies)], text: wrong ? undefined : text };
}

/** What is wrong with the data: an error where they were asked for or were read, else a warning. */
function dataProblems({ compiled, diagnostics, tables }: Loaded, options: ModelOptions): Diagnostic[] {
  const ofProgram = new Set(compiled?.diagnostics ?? []);
  const problems = diagnostics.filter((d) => !ofProgram.has(d));
  const without = (compiled?.models ?? []).filter((m) => !tables.has(m.name) && m.graph?.data.file != null);
  const [first] = problems.filter((d) => d.severity === 'error');
  if (options.data !== undefined || first === undefined) return problems;
  return [
    ...problems.filter((d) => d.severity !== 'error'),
    ...without.map(({ name, graph }) => {
      const own = problems.find((d) => d.severity === 'error' && d.data?.file === graph?.data.file) ?? first;
      return diagnostic(
        'MM493',
        { ...(graph === undefined ? {} : { span: graph.origin }) },
        { model: name, reason: own.message },
      );
    }),
  ];
}
