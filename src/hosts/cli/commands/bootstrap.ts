import { type BootstrapKind, type BootstrapOptions, bootstrap, bootstrapKey } from '../../../bootstrap.js';
import type { PieceResult } from '../../../bootstrap-task.js';
import { diagnostic } from '../../../diagnostics/report.js';
import { type FitOutcome, fitAsync } from '../../../fit.js';
import {
  type BootstrapReportOptions,
  bootstrapJson,
  bootstrapTable,
  bootstrapText,
  replicateTable,
} from '../../../results/bootstrap-report.js';
import { fitStatistics } from '../../../results/fit-statistics.js';
import { stacked } from '../../../results/result-table.js';
import { withThreads } from '../../workers/with-threads.js';
import { openReplicates } from '../bootstrap-file.js';
import { type ExitStatus, exitStatus, worse } from '../exit-status.js';
import { interruption } from '../interruption.js';
import { type ModelOptions, statusOf } from '../load-models.js';
import { printJson } from '../print-json.js';
import { countLine, progressLine } from '../progress-line.js';
import { type ReadyFile, type ReadyModel, readyModels } from '../ready-models.js';
import type { Terminal } from '../terminal.js';
import { putTable } from '../write-table.js';

export interface BootstrapCommandOptions extends ModelOptions {
  readonly n?: number;
  readonly seed?: number;
  readonly re?: 'new' | 'kept';
  readonly kind?: BootstrapKind;
  readonly level?: number;
  readonly threads?: number;
  readonly resume?: string;
  readonly parameter?: readonly string[];
  readonly output?: string;
  readonly draws?: string;
}

/** Replicates that are made before threads are started: they tell whether threads are worth it. */
const firstReplicates = 40;
/** Seconds of work below which starting threads costs more than they save. */
const worthThreads = 1;

/** `mm bootstrap`: every model of the file. */
export async function bootstrapCommand(
  path: string,
  options: BootstrapCommandOptions,
  terminal: Terminal,
): Promise<ExitStatus> {
  const file = await readyModels(path, options, terminal);
  let { status } = file;
  const results: object[] = [];
  const tables: { summary: Parameters<typeof stacked>[1][number]; draws: Parameters<typeof stacked>[1][number] }[] = [];
  let printed = 0;
  for (const ready of file.models) {
    const made = await bootstrapModel(ready, file, options, terminal);
    status = worse(status, made.status);
    if (made.run === undefined) continue;
    const report: BootstrapReportOptions = {
      model: ready.model.name,
      level: options.level ?? 0.95,
      kind: options.kind ?? 'percentile',
      ...(options.parameter === undefined ? {} : { only: options.parameter }),
    };
    tables.push({
      summary: { of: ready.model.name, table: bootstrapTable(made.run, report) },
      draws: { of: ready.model.name, table: replicateTable(made.run) },
    });
    if (options.json) results.push(bootstrapJson(made.run, report, made.warnings));
    else terminal.out(`${printed++ > 0 ? '\n' : ''}${bootstrapText(made.run, report)}\n`);
  }
  if (options.json && results.length > 0)
    printJson(file.loaded.compiled?.models.length === 1 ? results[0] : results, terminal);
  for (const [name, of] of [
    [options.output, 'summary'],
    [options.draws, 'draws'],
  ] as const) {
    if (name === undefined || tables.length === 0) continue;
    const all = stacked(
      'model',
      tables.map((t) => t[of]),
    );
    status = worse(status, await putTable(name, all, file.tell));
  }
  return status;
}

/** Fits a model and makes its replicates; what goes wrong is told. */
export async function bootstrapModel(
  { model, table }: ReadyModel,
  file: ReadyFile,
  options: BootstrapCommandOptions,
  terminal: Terminal,
) {
  const shown = options.quiet ? { ...terminal, interactive: false } : terminal;
  const line = progressLine(shown, model.name);
  line.begin(table.rows);
  const outcome = await withThreads(options.threads, (parallel) =>
    fitAsync(model, table, {
      onProgress: line.update,
      degreesOfFreedom: 'none',
      ...(parallel === undefined ? {} : { parallel }),
    }),
  );
  line.clear();
  const found = [...outcome.diagnostics, ...(outcome.fit?.warnings ?? [])];
  file.tell(found);
  let status: ExitStatus = statusOf(found);
  const warnings = found.map(({ code, message }) => ({ code, message }));
  if (outcome.fit === undefined) return { status, warnings };
  const names = fitStatistics(outcome.fit).map((s) => s.name);
  const unknown = (options.parameter ?? []).filter((name) => !names.includes(name));
  if (unknown.length > 0) {
    file.tell(unknownNames(unknown, names));
    return { status: exitStatus.wrong, warnings };
  }
  if (!outcome.fit.converged) status = worse(status, exitStatus.notConverged);
  const kept = await keptReplicates(outcome, options, names);
  if (kept.kind === 'wrong') {
    file.tell([kept.diagnostic]);
    return { status: exitStatus.wrong, warnings };
  }
  const { run, diagnostics } = await replicates(outcome, kept, options, shown, model.name);
  file.tell(diagnostics);
  if (run.stopped) status = worse(status, exitStatus.notConverged);
  return {
    status,
    run,
    fit: outcome.fit,
    warnings: [...warnings, ...diagnostics.map(({ code, message }) => ({ code, message }))],
  };
}

function unknownNames(unknown: readonly string[], names: readonly string[]) {
  return unknown.map((name) => diagnostic('MM536', {}, { name, known: names.join(', ') }));
}

function keptReplicates(outcome: FitOutcome, options: BootstrapCommandOptions, names: readonly string[]) {
  const { resume, seed, re } = options;
  if (resume === undefined) return { kind: 'ready' as const, known: [], append: () => Promise.resolve() };
  const key = bootstrapKey(outcome, {
    ...(seed === undefined ? {} : { seed }),
    ...(re === undefined ? {} : { effects: re }),
  });
  return openReplicates(resume, key, names);
}

/** The first replicates here, the rest in threads where there is enough left to do. */
async function replicates(
  outcome: FitOutcome,
  kept: { readonly known: readonly PieceResult[]; append(pieces: readonly PieceResult[]): Promise<void> },
  options: BootstrapCommandOptions,
  terminal: Terminal,
  name: string,
) {
  const { n = 1000, seed, re } = options;
  const { signal, end } = interruption();
  const line = countLine(terminal, `${name}: bootstrap`);
  const known = [...kept.known];
  const common: BootstrapOptions = {
    signal,
    ...(seed === undefined ? {} : { seed }),
    ...(re === undefined ? {} : { effects: re }),
    onProgress: (done) => line.update(done, n),
    async onBatch(pieces) {
      known.push(...pieces);
      await kept.append(pieces);
    },
  };
  try {
    const started = terminal.now();
    const before = known.reduce((sum, piece) => sum + piece.values.length, 0);
    const first = await bootstrap(outcome, { ...common, n: Math.min(n, firstReplicates), known: [...known] });
    if (n <= firstReplicates || first.run.stopped) {
      if (n <= firstReplicates) return first;
      return await bootstrap(outcome, { ...common, n, known: [...known] });
    }
    const made = Math.max(1, first.run.done - Math.min(before, first.run.done));
    const left = ((terminal.now() - started) / 1000 / made) * (n - Math.max(before, first.run.done));
    const threads = left > worthThreads ? options.threads : 1;
    return await withThreads(threads, (parallel) =>
      bootstrap(outcome, { ...common, n, known: [...known], ...(parallel === undefined ? {} : { parallel }) }),
    );
  } finally {
    line.clear();
    end();
  }
}
