import { confint } from '../../../confint.js';
import { type IntervalsJson, intervalsToJson } from '../../../results/intervals-json.js';
import { intervalsText } from '../../../results/intervals-text.js';
import type { IntervalMethod } from '../../../results/profile.js';
import { type ExitStatus, exitStatus, worse } from '../exit-status.js';
import { type ModelOptions, statusOf } from '../load-models.js';
import { printJson } from '../print-json.js';
import { progressLine } from '../progress-line.js';
import { readyModels } from '../ready-models.js';
import type { Terminal } from '../terminal.js';

export interface ConfintOptions extends ModelOptions {
  readonly level?: number;
  readonly method?: IntervalMethod;
  readonly parameter?: readonly string[];
  readonly points?: number;
}

/** `mm confint`: the intervals of every model of the file. */
export async function confintCommand(path: string, options: ConfintOptions, terminal: Terminal): Promise<ExitStatus> {
  const file = await readyModels(path, options, terminal);
  let { status } = file;
  const results: IntervalsJson[] = [];
  let printed = 0;
  for (const { model, table } of file.models) {
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
  return status;
}
