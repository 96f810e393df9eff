import type { DataSchema } from './data/table.js';
import type { Diagnostic } from './diagnostics/diagnostic.js';
import { Report } from './diagnostics/report.js';
import type { ColumnType, ModelGraph } from './graph/model-graph.js';
import { lowerModel } from './lower/lower-model.js';
import { chooseEngine, reportChoices, reportRefusal } from './plan/choose-engine.js';
import type { EnginePlan } from './plan/engine-plan.js';
import { checkData } from './semantics/check-data.js';
import { readMethod } from './semantics/check-method.js';
import { checkProgram, dataFileOf } from './semantics/check-program.js';
import type { CheckedMethod } from './semantics/checked-model.js';
import { ColumnScope } from './semantics/column-scope.js';
import { outlineProgram } from './semantics/outline.js';
import type { Program } from './syntax/ast.js';
import { parseProgram } from './syntax/build-ast.js';

/** What is known or asked for beside the text. */
export interface CompileOptions {
  /** What is known of the data. Without it, unknown names are taken for columns and looked up when data are bound. */
  readonly schema?: DataSchema | ((file: string | null, model: string) => DataSchema | undefined);
  /** Replaces the method of every model: `ml`, `agq(25)`. */
  readonly fit?: string;
  /** Compiles this model only. */
  readonly model?: string;
  /** What a program without `model NAME { ... }` is called. */
  readonly name?: string;
}

/** What `compile` gives: the tree, and every model as far as it could be compiled. */
export interface Compiled {
  readonly ast: Program;
  readonly models: readonly CompiledModel[];
  /** Of the text and of all models, each once, in source order. */
  readonly diagnostics: readonly Diagnostic[];
}

/** One model of a program. */
export interface CompiledModel {
  readonly name: string;
  /** Absent where the model has errors. */
  readonly graph?: ModelGraph;
  readonly plan?: EnginePlan;
  readonly diagnostics: readonly Diagnostic[];
}

/** Text -> tree -> checked model -> graph -> plan. Nothing is thrown for a wrong program: see `diagnostics`. */
export function compile(source: string, options: CompileOptions = {}): Compiled {
  const report = new Report();
  const ast = parseProgram(source, report);
  const method = options.fit === undefined ? null : methodFromOutside(options.fit, report);
  const wellRead = !report.hasErrors;
  const checked = checkProgram(ast, schemaFor(options.schema), method, options.name ?? 'model');
  const chosen = checked.filter((c) => options.model === undefined || c.outline.name === options.model);
  if (chosen.length === 0)
    reportNoModel(
      options.model ?? '',
      checked.map((c) => c.outline.name),
      report,
    );

  const models = chosen.map((c): CompiledModel => {
    const { name } = c.outline;
    // Of a text that could not be read in full, hints would speak of what may not have been meant.
    if (!wellRead) return { name, diagnostics: c.diagnostics.filter((d) => d.severity === 'error') };
    if (c.hasErrors) return { name, diagnostics: c.diagnostics };
    const graph = lowerModel(c.model, source);
    const plan = chooseEngine(graph);
    const refusals = new Report();
    reportRefusal(plan, graph, refusals);
    reportChoices(plan, graph, refusals);
    return { name, graph, plan, diagnostics: [...c.diagnostics, ...refusals.sorted()] };
  });
  for (const m of models) report.push(m.diagnostics);
  return { ast, models, diagnostics: report.sorted() };
}

/** What a host needs to read the data of each model before it compiles with their schema. */
export interface DataRequest {
  readonly model: string;
  readonly file: string | null;
  /** Types that the program declares, which override those a reader would infer. */
  readonly columns: readonly {
    readonly name: string;
    readonly type: ColumnType;
    readonly levels: readonly string[] | null;
  }[];
}

/** What data the models of a program ask for, in their order. */
export function dataFiles(program: Program, anonymousName = 'model'): DataRequest[] {
  return outlineProgram(program, anonymousName).map((outline) => {
    const { columns } = checkData(outline.statements, new ColumnScope(undefined), new Report());
    return {
      model: outline.name,
      file: dataFileOf(outline),
      columns: columns.map(({ name, type, levels }) => ({ name, type, levels })),
    };
  });
}

function schemaFor(schema: CompileOptions['schema']) {
  return typeof schema === 'function' ? schema : () => schema;
}

/** Reads `--fit` with the language's own reader; its place is outside of the source, so it has none. */
function methodFromOutside(text: string, report: Report): CheckedMethod | null {
  const own = new Report();
  const [statement] = parseProgram(`fit ${text}`, own).statements;
  const method = statement?.kind === 'fit' && !own.hasErrors ? readMethod(statement.method, own) : null;
  if (own.hasErrors || method === null) {
    const [first] = own.sorted();
    report.addData('MM383', undefined, {}, { text, reason: first?.message ?? 'it is no method', hint: first?.hint });
    return null;
  }
  return { ...method, span: null };
}

function reportNoModel(name: string, known: readonly string[], report: Report): void {
  report.addData('MM384', undefined, {}, { name, known: known.join(', ') });
}
