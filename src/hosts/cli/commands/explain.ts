import { explain } from '../../../explain.js';
import type { ExitStatus } from '../exit-status.js';
import { loadModels, type ModelOptions, statusOf } from '../load-models.js';
import { printDiagnostics } from '../print-diagnostics.js';
import { printJson } from '../print-json.js';
import type { Terminal } from '../terminal.js';

export type ExplainOptions = ModelOptions;

/** `mm explain`: the graph and the plan of every model that has them, also of one that no engine can fit. */
export async function explainCommand(path: string, options: ExplainOptions, terminal: Terminal): Promise<ExitStatus> {
  const loaded = await loadModels(path, options, terminal);
  printDiagnostics(loaded.diagnostics, loaded.file, options, terminal);
  const models = loaded.compiled?.models ?? [];
  if (options.json) {
    const results = models.flatMap(({ name, graph, plan }) =>
      graph === undefined || plan === undefined ? [] : [{ schema: 'mm.explain/1', name, graph, plan }],
    );
    if (results.length > 0) printJson(models.length > 1 ? results : results[0], terminal);
  } else {
    const texts = models.map(explain).filter((text) => text !== '');
    terminal.out(texts.join('\n'));
  }
  return statusOf(loaded.diagnostics);
}
