import type { CompiledModel } from '../../../compile.js';
import type { Table } from '../../../data/table.js';
import type { Diagnostic } from '../../../diagnostics/diagnostic.js';
import { diagnostic } from '../../../diagnostics/report.js';
import { type FitOutcome, fitAsync } from '../../../fit.js';
import type { Parallel } from '../../../index.js';
import type { Fit } from '../../../results/fit.js';
import { type FitJson, fitToJson } from '../../../results/fit-json.js';
import { type FitTableName, fitTable } from '../../../results/fit-tables.js';
import { posteriorCsv } from '../../../results/posterior-csv.js';
import { stacked } from '../../../results/result-table.js';
import { summaryText } from '../../../results/summary-text.js';
import { withOwn } from '../../../results/with-own.js';
import { withThreads } from '../../workers/with-threads.js';
import { fittedText, randomEffectsText } from '../effects-text.js';
import { type ExitStatus, exitStatus, worse } from '../exit-status.js';
import { loadModels, type ModelOptions, statusOf } from '../load-models.js';
import { fileDiagnostic } from '../model-file.js';
import { printDiagnostics } from '../print-diagnostics.js';
import { printJson } from '../print-json.js';
import { progressLine } from '../progress-line.js';
import type { Terminal } from '../terminal.js';
import { writeTable, writeText } from '../write-table.js';

export interface FitOptions extends ModelOptions {
  readonly ranef?: boolean;
  readonly fitted?: boolean;
  readonly kr?: boolean;
  readonly seed?: number;
  readonly posterior?: string;
  readonly save?: string;
  readonly output?: string;
  readonly table?: FitTableName;
  readonly threads?: number;
}

/** `mm fit`: every model of the file that has no error is fitted, whatever the others have. */
export function fitCommand(path: string, options: FitOptions, terminal: Terminal): Promise<ExitStatus> {
  return withThreads(options.threads, (parallel) => fitModels(path, options, terminal, parallel));
}

async function fitModels(
  path: string,
  options: FitOptions,
  terminal: Terminal,
  parallel: Parallel | undefined,
): Promise<ExitStatus> {
  const loaded = await loadModels(path, options, terminal);
  const tell = (diagnostics: readonly Diagnostic[]) => printDiagnostics(diagnostics, loaded.file, options, terminal);
  tell(loaded.diagnostics);
  let status = statusOf(loaded.diagnostics);
  const models = loaded.compiled?.models ?? [];
  const results: FitJson[] = [];
  const outcomes: FitOutcome[] = [];
  let printed = 0;
  for (const model of models) {
    if (model.graph === undefined || hasErrors(model.diagnostics)) continue;
    const table = loaded.tables.get(model.name);
    if (table === undefined) {
      if (model.graph.data.file === null && options.data === undefined) {
        tell([diagnostic('MM491', { span: model.graph.origin }, {})]);
        status = worse(status, exitStatus.wrong);
      }
      continue; // data that could not be read have been told
    }
    const outcome = await fitOne(model, table, options, terminal, parallel);
    tell(outcome.diagnostics);
    status = worse(status, statusOf(outcome.diagnostics));
    if (outcome.fit === undefined) continue;
    outcomes.push(outcome);
    if (!outcome.fit.converged) status = worse(status, exitStatus.notConverged);
    if (options.json) {
      tell(outcome.fit.warnings);
      const seconds = { read: loaded.readSeconds.get(model.name) ?? 0, fit: outcome.seconds };
      results.push(
        fitToJson(withWarnings(outcome.fit, [...model.diagnostics, ...outcome.diagnostics]), { ...options, seconds }),
      );
    } else {
      terminal.out(`${printed > 0 ? '\n' : ''}${textOf(outcome.fit, options, terminal)}\n`);
      printed++;
    }
  }
  if (options.json && results.length > 0) printJson(models.length > 1 ? results : results[0], terminal);
  for (const problem of await writeFiles(options, outcomes)) {
    tell([problem]);
    status = worse(status, exitStatus.wrong);
  }
  return status;
}

/** Writes what options ask for besides; says what could not be written. */
async function writeFiles(options: FitOptions, outcomes: readonly FitOutcome[]): Promise<readonly Diagnostic[]> {
  const fits = outcomes.flatMap(({ fit }) => (fit === undefined ? [] : [fit]));
  const [first] = outcomes;
  if (first === undefined) return [];
  const problems: (Diagnostic | undefined)[] = [];
  const { posterior, save, output, table = 'coefficients' } = options;
  if (posterior !== undefined) {
    const text = posteriorCsv(fits);
    const problem =
      text === undefined
        ? fileDiagnostic('MM490', posterior, 'no model of the file has classes')
        : await writeText(posterior, text);
    problems.push(problem);
  }
  if (output !== undefined) {
    const tables = fits.map((fit) => ({ of: fit.model, table: fitTable(fit, table) }));
    problems.push(await writeTable(output, stacked('model', tables)));
  }
  if (save !== undefined) {
    const models = fits.map((fit) => fit.model);
    if (outcomes.length > 1) problems.push(diagnostic('MM595', {}, { models }));
    else {
      const { saveFit } = await import('../../../saved-fit.js');
      problems.push(await writeText(save, `${JSON.stringify(saveFit(first))}\n`));
    }
  }
  return problems.filter((p) => p !== undefined);
}

async function fitOne(
  model: CompiledModel,
  table: Table,
  options: FitOptions,
  terminal: Terminal,
  parallel: Parallel | undefined,
) {
  const line = progressLine(options.quiet ? { ...terminal, interactive: false } : terminal, model.name);
  line.begin(table.rows);
  const started = terminal.now();
  const outcome = await fitAsync(model, table, {
    onProgress: line.update,
    ...(options.kr ? { degreesOfFreedom: 'kenward-roger' } : {}),
    ...(options.seed === undefined ? {} : { seed: options.seed }),
    ...(parallel === undefined ? {} : { parallel }),
  });
  line.clear();
  return { ...outcome, seconds: (terminal.now() - started) / 1000 };
}

/** A result by itself should also say what the compiler and the data said of its model. */
function withWarnings(found: Fit, before: readonly Diagnostic[]): Fit {
  return withOwn(found, { warnings: [...before.filter((d) => d.severity === 'warning'), ...found.warnings] });
}

function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((d) => d.severity === 'error');
}

function textOf(found: Fit, options: FitOptions, terminal: Terminal): string {
  const width = Math.min(Math.max(terminal.columns, 40), 100);
  return [
    summaryText(found, { width }),
    ...(options.ranef && found.ranef.length > 0 ? [randomEffectsText(found)] : []),
    ...(options.fitted ? [fittedText(found)] : []),
  ].join('\n\n');
}
