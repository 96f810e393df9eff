import { buildDesign } from '../../../data/build-design.js';
import type { Diagnostic } from '../../../diagnostics/diagnostic.js';
import { Report } from '../../../diagnostics/report.js';
import { type ExitStatus, exitStatus } from '../exit-status.js';
import { type Loaded, loadModels, type ModelOptions, statusOf } from '../load-models.js';
import { printDiagnostics } from '../print-diagnostics.js';
import { printJson } from '../print-json.js';
import type { Terminal } from '../terminal.js';

export type CheckOptions = ModelOptions;

/** `mm check`: says nothing where all is well; with `--json` always one object. */
export async function checkCommand(path: string, options: CheckOptions, terminal: Terminal): Promise<ExitStatus> {
  const loaded = await loadModels(path, options, terminal);
  const diagnostics = [...loaded.diagnostics, ...bindingProblems(loaded)];
  const status = statusOf(diagnostics);
  if (!options.json) printDiagnostics(diagnostics, loaded.file, options, terminal);
  else {
    const result = { schema: 'mm.check/1', file: loaded.file?.name ?? path, ok: status === exitStatus.ok, diagnostics };
    printJson(result, terminal);
  }
  return status;
}

/** What only shows when a model meets its rows: a negative count, a level that was not declared, no row left. */
function bindingProblems({ compiled, tables }: Loaded): readonly Diagnostic[] {
  const report = new Report();
  for (const { name, graph, diagnostics } of compiled?.models ?? []) {
    const table = tables.get(name);
    if (graph === undefined || table === undefined || diagnostics.some((d) => d.severity === 'error')) continue;
    buildDesign(graph, table, report);
  }
  return report.sorted();
}
