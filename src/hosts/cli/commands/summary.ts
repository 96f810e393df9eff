import { fitToJson } from '../../../results/fit-json.js';
import { type FitTableName, fitTable } from '../../../results/fit-tables.js';
import { summaryText } from '../../../results/summary-text.js';
import { fittedText, randomEffectsText } from '../effects-text.js';
import { type ExitStatus, exitStatus, worse } from '../exit-status.js';
import { readSaved, type SavedOptions } from '../load-fitted.js';
import { printJson } from '../print-json.js';
import type { Terminal } from '../terminal.js';
import { putTable } from '../write-table.js';

export interface SummaryOptions extends SavedOptions {
  readonly json?: boolean;
  readonly ranef?: boolean;
  readonly fitted?: boolean;
  readonly output?: string;
  readonly table?: FitTableName;
}

/** `mm summary`: what `mm fit` prints, of a fit that was saved. */
export async function summaryCommand(path: string, options: SummaryOptions, terminal: Terminal): Promise<ExitStatus> {
  const { fitted, tell, status } = await readSaved(path, options, terminal);
  if (fitted === undefined) return worse(status, exitStatus.wrong);
  const { fit } = fitted;
  if (options.json) printJson(fitToJson(fit, options), terminal);
  else {
    const width = Math.min(Math.max(terminal.columns, 40), 100);
    const parts = [
      summaryText(fit, { width }),
      ...(options.ranef && fit.ranef.length > 0 ? [randomEffectsText(fit)] : []),
      ...(options.fitted ? [fittedText(fit)] : []),
    ];
    terminal.out(`${parts.join('\n\n')}\n`);
  }
  const done = fit.converged ? status : worse(status, exitStatus.notConverged);
  if (options.output === undefined) return done;
  return worse(done, await putTable(options.output, fitTable(fit, options.table ?? 'coefficients'), tell));
}
