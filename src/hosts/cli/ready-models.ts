import type { CompiledModel } from '../../compile.js';
import type { Table } from '../../data/table.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { diagnostic } from '../../diagnostics/report.js';
import { type ExitStatus, exitStatus, worse } from './exit-status.js';
import { type Loaded, loadModels, type ModelOptions, statusOf } from './load-models.js';
import { printDiagnostics } from './print-diagnostics.js';
import type { Terminal } from './terminal.js';

/** A model of a file that has no error, with its rows. */
export interface ReadyModel {
  readonly model: CompiledModel;
  readonly table: Table;
  readonly readSeconds: number;
}

export interface ReadyFile {
  readonly loaded: Loaded;
  readonly models: readonly ReadyModel[];
  readonly status: ExitStatus;
  /** Diagnostics to stderr, with their places in this file. */
  tell(diagnostics: readonly Diagnostic[]): void;
}

/** Loads a file and tells what is wrong with it; what is left can be fitted. */
export async function readyModels(path: string, options: ModelOptions, terminal: Terminal): Promise<ReadyFile> {
  const loaded = await loadModels(path, options, terminal);
  const tell = (diagnostics: readonly Diagnostic[]) => printDiagnostics(diagnostics, loaded.file, options, terminal);
  tell(loaded.diagnostics);
  let status = statusOf(loaded.diagnostics);
  const models: ReadyModel[] = [];
  for (const model of loaded.compiled?.models ?? []) {
    if (model.graph === undefined || model.diagnostics.some((d) => d.severity === 'error')) continue;
    const table = loaded.tables.get(model.name);
    if (table !== undefined) models.push({ model, table, readSeconds: loaded.readSeconds.get(model.name) ?? 0 });
    else if (model.graph.data.file === null && options.data === undefined) {
      tell([diagnostic('MM491', { span: model.graph.origin }, {})]);
      status = worse(status, exitStatus.wrong);
    } // data that could not be read have been told
  }
  return { loaded, models, status, tell };
}
