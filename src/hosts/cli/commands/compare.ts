import { basename } from 'node:path';
import { type Contender, compareModels } from '../../../compare.js';
import type { Diagnostic } from '../../../diagnostics/diagnostic.js';
import { comparisonToJson } from '../../../results/comparison-json.js';
import { comparisonText } from '../../../results/comparison-text.js';
import { comparisonTable } from '../../../results/interval-tables.js';
import { type ExitStatus, exitStatus, worse } from '../exit-status.js';
import { type ModelOptions, statusOf } from '../load-models.js';
import { printDiagnostics } from '../print-diagnostics.js';
import { printJson } from '../print-json.js';
import { progressLine } from '../progress-line.js';
import { type ReadyFile, readyModels } from '../ready-models.js';
import type { Terminal } from '../terminal.js';
import { putTable } from '../write-table.js';

export interface CompareOptions extends Omit<ModelOptions, 'model'> {
  readonly output?: string;
}

/** `mm compare`: all models of all files are fitted and compared; where one of them is wrong, nothing is. */
export async function compareCommand(
  paths: readonly string[],
  options: CompareOptions,
  terminal: Terminal,
): Promise<ExitStatus> {
  let status: ExitStatus = exitStatus.ok;
  const sources: { readonly file: ReadyFile; readonly contender: Contender }[] = [];
  for (const path of paths) {
    const file = await readyModels(path, options, terminal);
    status = worse(status, file.status);
    for (const { model, table } of file.models)
      sources.push({ file, contender: { name: model.name, file: path, model, table } });
  }
  if (status !== exitStatus.ok) return status;
  const contenders = toldApart(sources.map((s) => s.contender));
  const { update, clear, started } = progress(options, terminal);
  const found = compareModels(contenders, { onProgress: update, onFit: started });
  clear();
  for (const d of found.diagnostics) tell(d, d.of, contenders, sources, options, terminal);
  status = worse(status, statusOf(found.diagnostics));
  if (found.models.length === 0) return worse(status, exitStatus.wrong);
  if (found.models.some((m) => !m.converged)) status = worse(status, exitStatus.notConverged);
  if (options.output !== undefined) {
    const tell = (problems: readonly Diagnostic[]) => printDiagnostics(problems, null, options, terminal);
    status = worse(status, await putTable(options.output, comparisonTable(found.models), tell));
  }
  if (options.json) printJson(comparisonToJson(found.models), terminal);
  else terminal.out(`${comparisonText(found.models)}\n`);
  return status;
}

function progress(options: CompareOptions, terminal: Terminal) {
  let line = progressLine(terminal, '');
  return {
    started(name: string): void {
      line.clear();
      line = progressLine(options.quiet ? { ...terminal, interactive: false } : terminal, name);
    },
    update: (step: Parameters<typeof line.update>[0]): void => line.update(step),
    clear: (): void => line.clear(),
  };
}

/** Models of the same name are called by their files, too; the same file twice by a number. */
function toldApart(contenders: readonly Contender[]): Contender[] {
  const repeated = (name: string, of: readonly Contender[]): boolean => of.filter((c) => c.name === name).length > 1;
  const byFile = contenders.map((c) =>
    repeated(c.name, contenders) ? { ...c, name: `${basename(c.file).replace(/\.mm$/, '')}:${c.name}` } : c,
  );
  return byFile.map((c, k) => (repeated(c.name, byFile) ? { ...c, name: `${c.name} (${k + 1})` } : c));
}

function tell(
  d: Diagnostic,
  of: string | undefined,
  contenders: readonly Contender[],
  sources: readonly { readonly file: ReadyFile }[],
  options: CompareOptions,
  terminal: Terminal,
): void {
  const at = contenders.findIndex((c) => c.name === of);
  const source = sources[at];
  if (source !== undefined) source.file.tell([d]);
  else printDiagnostics([d], null, options, terminal);
}
