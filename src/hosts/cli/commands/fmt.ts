import { formatSource } from '../../../syntax/format.js';
import { fileProblem } from '../../file-problem.js';
import { writeWhole } from '../../write-whole.js';
import { type ExitStatus, exitStatus, worse } from '../exit-status.js';
import { fileDiagnostic, readModelFile } from '../model-file.js';
import { printDiagnostics } from '../print-diagnostics.js';
import type { Terminal } from '../terminal.js';

export interface FormatOptions {
  readonly write?: boolean;
  readonly check?: boolean;
  readonly color?: boolean;
}

/** `mm fmt`: to stdout, into the files, or only whether it would change them. */
export async function formatCommand(
  paths: readonly string[],
  options: FormatOptions,
  terminal: Terminal,
): Promise<ExitStatus> {
  let status: ExitStatus = exitStatus.ok;
  for (const path of paths) status = worse(status, await formatOne(path, options, terminal));
  return status;
}

async function formatOne(path: string, options: FormatOptions, terminal: Terminal): Promise<ExitStatus> {
  const read = await readModelFile(path, terminal);
  if (read.kind === 'unreadable') {
    printDiagnostics([read.diagnostic], null, options, terminal);
    return exitStatus.wrong;
  }
  const { file } = read;
  const { text, diagnostics } = formatSource(file.text);
  printDiagnostics(diagnostics, file, options, terminal);
  if (diagnostics.some((d) => d.severity === 'error')) return exitStatus.wrong;
  if (options.check) {
    if (text === file.text) return exitStatus.ok;
    terminal.out(`${file.name}\n`);
    return exitStatus.wrong;
  }
  if (!options.write || path === '-') {
    terminal.out(text);
    return exitStatus.ok;
  }
  if (text === file.text) return exitStatus.ok;
  try {
    await writeWhole(path, text);
  } catch (error) {
    printDiagnostics([fileDiagnostic('MM490', file.name, fileProblem(error))], null, options, terminal);
    return exitStatus.wrong;
  }
  return exitStatus.ok;
}
