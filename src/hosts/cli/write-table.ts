import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { type ResultTable, tableCsv, tableRows } from '../../results/result-table.js';
import { fileProblem } from '../file-problem.js';
import { writeWhole } from '../write-whole.js';
import { type ExitStatus, exitStatus } from './exit-status.js';
import { fileDiagnostic } from './model-file.js';

/** Writes a result as JSON where the file's name ends so, else as CSV; what kept it from being written. */
export function writeTable(file: string, table: ResultTable): Promise<Diagnostic | undefined> {
  const text = file.endsWith('.json') ? `${JSON.stringify(tableRows(table))}\n` : tableCsv(table);
  return writeText(file, text);
}

/** As `writeTable`; what kept it from being written is told. */
export async function putTable(
  file: string,
  table: ResultTable,
  tell: (diagnostics: readonly Diagnostic[]) => void,
): Promise<ExitStatus> {
  const problem = await writeTable(file, table);
  if (problem === undefined) return exitStatus.ok;
  tell([problem]);
  return exitStatus.wrong;
}

/** The file is written whole or not at all. */
export async function writeText(file: string, text: string): Promise<Diagnostic | undefined> {
  try {
    await writeWhole(file, text);
    return undefined;
  } catch (error) {
    return fileDiagnostic('MM490', file, fileProblem(error));
  }
}
