import { confint } from '../../../confint.js';
import { intervalsTable } from '../../../results/interval-tables.js';
import { type IntervalsJson, intervalsToJson } from '../../../results/intervals-json.js';
import { intervalsText } from '../../../results/intervals-text.js';
import type { IntervalMethod } from '../../../results/profile.js';
import { stacked } from '../../../results/result-table.js';
import { type ExitStatus, exitStatus, worse } from '../exit-status.js';
import { type ModelOptions, statusOf } from '../load-models.js';
import { printJson } from '../print-json.js';
import { progressLine } from '../progress-line.js';
import { type ReadyFile, type ReadyModel, readyModels } from '../ready-models.js';
import type { Terminal } from '../terminal.js';
import { putTable } from '../write-table.js';

export interface ConfintOptions extends ModelOptions {
  readonly level?: number;
  readonly method?: IntervalMethod;
  readonly parameter?: readonly string[];
  readonly points?: number;
  /** bootstrap: replicates and their seed. */
  readonly n?: number;
  readonly seed?: number;
  readonly output?: string;
}

/** `mm confint`: the intervals of every model of the file. */
export async function confintCommand(path: string, options: ConfintOptions, terminal: Terminal): Promise<ExitStatus> {
  const file = await readyModels(path, options, terminal);
  let { status } = file;
  const results: IntervalsJson[] = [];
  const tables: Parameters<typeof stacked>[1][number][] = [];
  let printed = 0;
  for (const ready of file.models) {
    const { model, table } = ready;
    if (options.method === 'bootstrap') {
      status = worse(
        status,
        await byBootstrap(ready, file, options, terminal, { results, tables, first: printed++ === 0 }),
      );
      continue;
    }
    const line = progressLine(options.quiet ? { ...terminal, interactive: false } : terminal, model.name);
    const started = terminal.now();
    const outcome = confint(model, table, {
      onProgress: line.update,
      ...(options.level === undefined ? {} : { level: options.level }),
      ...(options.method === undefined ? {} : { method: options.method }),
      ...(options.parameter === undefined ? {} : { only: options.parameter }),
      ...(options.points === undefined ? {} : { between: options.points }),
    });
    line.clear();
    const seconds = (terminal.now() - started) / 1000;
    const { fit, intervals } = outcome;
    const found = [...outcome.diagnostics, ...(fit?.warnings ?? [])];
    file.tell(found);
    status = worse(status, statusOf(found));
    if (fit === undefined || intervals === undefined) continue;
    const complete = intervals.intervals.every((i) => i.lowerStatus !== 'failed' && i.upperStatus !== 'failed');
    if (!fit.converged || !complete) status = worse(status, exitStatus.notConverged);
    tables.push({ of: model.name, table: intervalsTable(intervals) });
    if (options.json)
      results.push(
        intervalsToJson(intervals, {
          model: model.name,
          converged: fit.converged,
          warnings: found
            .filter((d) => d.severity !== 'error')
            .map(({ code, message, hint }) => ({ code, message, ...(hint === undefined ? {} : { hint }) })),
          points: options.points !== undefined,
          seconds,
        }),
      );
    else terminal.out(`${printed++ > 0 ? '\n' : ''}${intervalsText(intervals, model.name)}\n`);
  }
  const many = (file.loaded.compiled?.models.length ?? 0) > 1;
  if (options.json && results.length > 0) printJson(many ? results : results[0], terminal);
  if (options.output === undefined || tables.length === 0) return status;
  return worse(status, await putTable(options.output, stacked('model', tables), file.tell));
}

/** Intervals of a parametric bootstrap, percentiles of its replicates. */
async function byBootstrap(
  ready: ReadyModel,
  file: ReadyFile,
  options: ConfintOptions,
  terminal: Terminal,
  into: {
    readonly results: IntervalsJson[];
    readonly tables: Parameters<typeof stacked>[1][number][];
    readonly first: boolean;
  },
): Promise<ExitStatus> {
  const { bootstrapModel } = await import('./bootstrap.js');
  const { bootstrapIntervals } = await import('../../../results/bootstrap-intervals.js');
  const started = terminal.now();
  const { run, fit, status, warnings } = await bootstrapModel(ready, file, options, terminal);
  if (run === undefined || fit === undefined) return status;
  const all = bootstrapIntervals(run, { level: options.level ?? 0.95, deviance: fit.deviance });
  const { parameter } = options;
  const intervals = {
    ...all,
    intervals: all.intervals.filter((i) => parameter === undefined || parameter.includes(i.name)),
  };
  const { name } = ready.model;
  into.tables.push({ of: name, table: intervalsTable(intervals) });
  if (options.json) {
    const seconds = (terminal.now() - started) / 1000;
    into.results.push(intervalsToJson(intervals, { model: name, converged: fit.converged, warnings, seconds }));
  } else terminal.out(`${into.first ? '' : '\n'}${intervalsText(intervals, name)}\n`);
  return status;
}
