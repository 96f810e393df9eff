import { resolve } from 'node:path';
import { type CompiledModel, compile, dataFiles } from '../../compile.js';
import { buildDesign } from '../../data/build-design.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { Report } from '../../diagnostics/report.js';
import { parseProgram } from '../../syntax/build-ast.js';
import type { DataFile, LoadedTable, Session, SessionModel } from './session.js';
import { type Assembled, assemble } from './statements.js';

/** A model of the session as the compiler and its data see it. */
export interface CheckedSessionModel extends Assembled {
  readonly compiled: CompiledModel;
  readonly data: LoadedTable | null;
  readonly diagnostics: readonly Diagnostic[];
}

/** The data of a model: its own file, else that of the session. */
export function dataOf(session: Session, model: SessionModel): DataFile | null {
  const { source } = assemble(model.statements);
  const [request] = dataFiles(parseProgram(source, new Report()), model.name);
  const file = request?.file ?? null;
  return file === null ? session.data : { path: resolve(model.folder, file), shown: file };
}

/**
 * Compiles a model of the session against its data and binds them to each other; nothing is fitted.
 * @param method  in place of the model's own, as `--fit` gives it
 */
export function checkSessionModel(
  session: Session,
  model: SessionModel,
  method: string | null = null,
): CheckedSessionModel {
  const assembled = assemble(model.statements);
  const file = dataOf(session, model);
  const data = file === null ? null : (session.tables.get(file.path) ?? null);
  const { models, diagnostics } = compile(assembled.source, {
    name: model.name,
    ...(data === null ? {} : { schema: data.schema }),
    ...(method === null ? {} : { fit: method }),
  });
  const compiled = models[0] ?? { name: model.name, diagnostics };
  const report = new Report();
  report.push(diagnostics);
  if (!report.hasErrors && compiled.graph !== undefined && data !== null)
    buildDesign(compiled.graph, data.table, report);
  return { ...assembled, compiled, data, diagnostics: report.sorted() };
}
