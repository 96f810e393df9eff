import { simulationTable } from '../../../results/prediction-tables.js';
import { tableCsv, tableRows } from '../../../results/result-table.js';
import { simulate } from '../../../simulate.js';
import { type ExitStatus, exitStatus, worse } from '../exit-status.js';
import { loadFittedAndRows } from '../load-fitted.js';
import { type ModelOptions, statusOf } from '../load-models.js';
import { printJson } from '../print-json.js';
import type { Terminal } from '../terminal.js';
import { putTable } from '../write-table.js';

export interface SimulateOptions extends ModelOptions {
  readonly newdata?: string;
  readonly n?: number;
  readonly re?: 'new' | 'kept';
  readonly seed?: number;
  readonly output?: string;
}

/** `mm simulate`: new responses of the rows of the fit, or of new ones; CSV unless JSON is asked for. */
export async function simulateCommand(path: string, options: SimulateOptions, terminal: Terminal): Promise<ExitStatus> {
  const { fitted, rows, tell, ...loaded } = await loadFittedAndRows(path, options, terminal);
  let { status } = loaded;
  if (fitted === undefined || rows === undefined) return worse(status, exitStatus.wrong);
  const { n, re, seed } = options;
  const found = simulate(fitted, rows, {
    ...(n === undefined ? {} : { n }),
    ...(re === undefined ? {} : { effects: re }),
    ...(seed === undefined ? {} : { seed }),
  });
  tell(found.diagnostics);
  status = worse(status, statusOf(found.diagnostics));
  if (found.responses === undefined) return worse(status, exitStatus.wrong);
  const names = fitted.graph.mixture?.classes ?? [];
  const classes = (found.classes ?? []).map((codes) => Array.from(codes, (k) => names[k] ?? ''));
  const table = simulationTable(found.responses, classes, found.categories ?? null);
  if (options.output !== undefined) return worse(status, await putTable(options.output, table, tell));
  if (options.json) printJson(tableRows(table), terminal);
  else terminal.out(tableCsv(table));
  return status;
}
