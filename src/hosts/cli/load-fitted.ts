import { open, readFile } from 'node:fs/promises';
import type { Table } from '../../data/table.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { diagnostic } from '../../diagnostics/report.js';
import { fitAsync } from '../../fit.js';
import type { FittedModel } from '../../index.js';
import { fittedModel, loadFit } from '../../saved-fit.js';
import { fileProblem } from '../file-problem.js';
import { withThreads } from '../workers/with-threads.js';
import { type ExitStatus, exitStatus, worse } from './exit-status.js';
import { type ModelOptions, statusOf } from './load-models.js';
import { fileDiagnostic } from './model-file.js';
import { printDiagnostics } from './print-diagnostics.js';
import { progressLine } from './progress-line.js';
import { readNewData } from './read-new-data.js';
import { readyModels } from './ready-models.js';
import type { Terminal } from './terminal.js';

export type SavedOptions = Pick<ModelOptions, 'quiet' | 'color'>;

export interface LoadedFit {
  readonly fitted?: FittedModel;
  readonly status: ExitStatus;
  tell(diagnostics: readonly Diagnostic[]): void;
}

/** A fit to go on from: read from what `mm fit --save` wrote, or made by fitting the one model of a file. */
export async function loadFitted(path: string, options: ModelOptions, terminal: Terminal): Promise<LoadedFit> {
  if (path === '-' || !(await looksSaved(path))) return fitModel(path, options, terminal);
  const option = (['data', 'model', 'fit'] as const).find((name) => options[name] !== undefined);
  if (option === undefined) return readSaved(path, options, terminal);
  const tell = (diagnostics: readonly Diagnostic[]) => printDiagnostics(diagnostics, null, options, terminal);
  tell([diagnostic('MM596', {}, { option })]);
  return { status: exitStatus.usage, tell };
}

/** `loadFitted`, and the rows of `--newdata`: null where none were named, undefined where they could not be read. */
export async function loadFittedAndRows(
  path: string,
  options: ModelOptions & { readonly newdata?: string },
  terminal: Terminal,
): Promise<LoadedFit & { readonly rows: Table | null | undefined }> {
  const loaded = await loadFitted(path, options, terminal);
  if (loaded.fitted === undefined) return { ...loaded, rows: undefined };
  const { table, diagnostics } = await readNewData(options.newdata);
  loaded.tell(diagnostics);
  return { ...loaded, rows: table };
}

/** JSON begins with a brace, a model never does. A file that cannot be read is left to who reads it. */
async function looksSaved(path: string): Promise<boolean> {
  try {
    const file = await open(path);
    try {
      const { buffer, bytesRead } = await file.read(new Uint8Array(256), 0, 256, 0);
      return new TextDecoder().decode(buffer.subarray(0, bytesRead)).trimStart().startsWith('{');
    } finally {
      await file.close();
    }
  } catch {
    return false;
  }
}

/** Reads what `mm fit --save` wrote. */
export async function readSaved(path: string, options: SavedOptions, terminal: Terminal): Promise<LoadedFit> {
  const tell = (diagnostics: readonly Diagnostic[]) => printDiagnostics(diagnostics, null, options, terminal);
  try {
    const { fitted, diagnostics } = loadFit(await readFile(path, 'utf8'), path);
    tell(diagnostics);
    return { ...(fitted === undefined ? {} : { fitted }), status: statusOf(diagnostics), tell };
  } catch (error) {
    tell([fileDiagnostic('MM401', path, fileProblem(error))]);
    return { status: exitStatus.wrong, tell };
  }
}

async function fitModel(path: string, options: ModelOptions, terminal: Terminal): Promise<LoadedFit> {
  const file = await readyModels(path, options, terminal);
  const { tell } = file;
  const [only] = file.models;
  if (file.models.length > 1) {
    const names = file.models.map((m) => m.model.name);
    tell([diagnostic('MM595', {}, { models: names })]);
    return { status: exitStatus.usage, tell };
  }
  if (only === undefined) return { status: file.status, tell };
  const line = progressLine(options.quiet ? { ...terminal, interactive: false } : terminal, only.model.name);
  line.begin(only.table.rows);
  const outcome = await withThreads(undefined, (parallel) =>
    fitAsync(only.model, only.table, {
      onProgress: line.update,
      ...(parallel === undefined ? {} : { parallel }),
    }),
  );
  line.clear();
  const found = [...outcome.diagnostics, ...(outcome.fit?.warnings ?? [])];
  tell(found);
  let status = worse(file.status, statusOf(found));
  if (outcome.fit === undefined) return { status, tell };
  if (!outcome.fit.converged) status = worse(status, exitStatus.notConverged);
  return { fitted: fittedModel(outcome), status, tell };
}
