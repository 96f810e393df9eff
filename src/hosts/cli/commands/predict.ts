import { type PredictionType, predict } from '../../../predict.js';
import { predictionJson, predictionTable } from '../../../results/prediction-tables.js';
import { textOfTable } from '../../../results/table-text.js';
import { type ExitStatus, exitStatus, worse } from '../exit-status.js';
import { loadFittedAndRows } from '../load-fitted.js';
import { type ModelOptions, statusOf } from '../load-models.js';
import { printJson } from '../print-json.js';
import type { Terminal } from '../terminal.js';
import { putTable } from '../write-table.js';

export interface PredictOptions extends ModelOptions {
  readonly newdata?: string;
  readonly type?: PredictionType;
  readonly levels?: 'population' | 'error' | 'draw';
  readonly re?: 'include' | 'exclude';
  readonly se?: boolean;
  readonly interval?: 'confidence' | 'prediction';
  readonly level?: number;
  readonly seed?: number;
  readonly output?: string;
}

/** `mm predict`: of new rows, or of the rows of the fit. */
export async function predictCommand(path: string, options: PredictOptions, terminal: Terminal): Promise<ExitStatus> {
  const { fitted, rows, tell, ...loaded } = await loadFittedAndRows(path, options, terminal);
  let { status } = loaded;
  if (fitted === undefined || rows === undefined) return worse(status, exitStatus.wrong);
  const { type, levels, re, se, interval, level, seed } = options;
  const { prediction, diagnostics } = predict(fitted, rows, {
    ...(type === undefined ? {} : { type }),
    ...(levels === undefined ? {} : { levels }),
    ...(re === undefined ? {} : { effects: re }),
    ...(se === undefined ? {} : { se }),
    ...(interval === undefined ? {} : { interval }),
    ...(level === undefined ? {} : { level }),
    ...(seed === undefined ? {} : { seed }),
  });
  tell(diagnostics);
  status = worse(status, statusOf(diagnostics));
  if (prediction === undefined) return worse(status, exitStatus.wrong);
  const table = predictionTable(prediction);
  if (options.output !== undefined) return worse(status, await putTable(options.output, table, tell));
  if (options.json) printJson(predictionJson(prediction, fitted.fit.model, diagnostics), terminal);
  else terminal.out(`${textOfTable(table)}\n`);
  return status;
}
