import packageJson from '../../../../package.json' with { type: 'json' };
import { confint } from '../../../confint.js';
import { fit } from '../../../fit.js';
import type { Fit } from '../../../results/fit.js';
import type { ConfidenceIntervals } from '../../../results/profile.js';
import { fileProblem } from '../../file-problem.js';
import { type ReportedModel, reportPage } from '../../report/page.js';
import { writeWhole } from '../../write-whole.js';
import { type ExitStatus, exitStatus, worse } from '../exit-status.js';
import { type ModelOptions, statusOf } from '../load-models.js';
import { fileDiagnostic } from '../model-file.js';
import { printDiagnostics } from '../print-diagnostics.js';
import { progressLine } from '../progress-line.js';
import { type ReadyModel, readyModels } from '../ready-models.js';
import type { Terminal } from '../terminal.js';

export interface ReportCommandOptions extends ModelOptions {
  readonly output?: string;
  readonly profile?: boolean;
  readonly seed?: number;
}

/** Profiles are made unasked up to this product of rows and parameters: a few seconds. */
const quickProfile = 20_000;

/** `mm report`: every model of the file on one page. */
export async function reportCommand(
  path: string,
  options: ReportCommandOptions,
  terminal: Terminal,
): Promise<ExitStatus> {
  const file = await readyModels(path, options, terminal);
  let { status } = file;
  const models: ReportedModel[] = [];
  for (const ready of file.models) {
    const line = progressLine(options.quiet ? { ...terminal, interactive: false } : terminal, ready.model.name);
    const common = { onProgress: line.update, ...(options.seed === undefined ? {} : { seed: options.seed }) };
    const outcome = fit(ready.model, ready.table, common);
    const found = [...outcome.diagnostics, ...(outcome.fit?.warnings ?? [])];
    const intervals = outcome.fit === undefined ? null : profiles(ready, outcome.fit, options.profile, line.update);
    line.clear();
    file.tell(found);
    status = worse(status, statusOf(found));
    if (outcome.fit === undefined || ready.model.graph === undefined) continue;
    if (!outcome.fit.converged) status = worse(status, exitStatus.notConverged);
    models.push({ name: ready.model.name, graph: ready.model.graph, fit: outcome.fit, intervals });
  }
  const [first, ...others] = models;
  if (first === undefined) return worse(status, exitStatus.wrong);
  const source = file.loaded.file;
  const title = others.length === 0 ? first.name : (source?.name ?? 'models');
  const page = reportPage(models, { title, source: source?.text ?? '', version: packageJson.version });
  const target = options.output ?? (path === '-' ? 'report.html' : path.replace(/(\.mm)?$/, '.html'));
  try {
    await writeWhole(target, page);
  } catch (error) {
    printDiagnostics([fileDiagnostic('MM490', target, fileProblem(error))], null, options, terminal);
    return exitStatus.wrong;
  }
  if (!options.quiet) terminal.err(`wrote ${target}\n`);
  return status;
}

function profiles(
  { model, table }: ReadyModel,
  found: Fit,
  wanted: boolean | undefined,
  onProgress: ReturnType<typeof progressLine>['update'],
): ConfidenceIntervals | null {
  if (found.engine === 'em' || wanted === false || !found.converged) return null;
  if (wanted !== true && found.rows * found.parameters > quickProfile) return null;
  return confint(model, table, { onProgress, between: 8 }).intervals ?? null;
}
