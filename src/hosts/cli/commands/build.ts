import { readFile } from 'node:fs/promises';
import { dirname, relative, resolve, sep } from 'node:path';
import type { ModuleKind } from '../../../build/module-text.js';
import type { Diagnostic } from '../../../diagnostics/diagnostic.js';
import { diagnostic } from '../../../diagnostics/report.js';
import { buildModels } from '../../build-models.js';
import { fileProblem } from '../../file-problem.js';
import { writeWhole } from '../../write-whole.js';
import { type ExitStatus, exitStatus } from '../exit-status.js';
import { type ModelOptions, statusOf } from '../load-models.js';
import { fileDiagnostic } from '../model-file.js';
import { printDiagnostics } from '../print-diagnostics.js';
import type { Terminal } from '../terminal.js';

export interface BuildOptions extends Pick<ModelOptions, 'data' | 'model' | 'quiet' | 'color'> {
  readonly output?: string;
  readonly check?: boolean;
}

/** What a file's name says that it is to hold; undefined for a name that is none of a module. */
export function moduleKind(path: string): ModuleKind | undefined {
  if (/\.d(\.[^./\\]+)?\.[cm]?ts$/.test(path)) return 'd.ts';
  if (/\.[cm]?ts$/.test(path)) return 'ts';
  return /\.m?js$/.test(path) ? 'js' : undefined;
}

/** `mm build`: the models of a file as a module, written whole or not at all. */
export async function buildCommand(path: string, options: BuildOptions, terminal: Terminal): Promise<ExitStatus> {
  const { output } = options;
  const built = await buildModels(path, options, terminal);
  const tell = (diagnostics: readonly Diagnostic[]) => printDiagnostics(diagnostics, built.file, options, terminal);
  tell(built.diagnostics);
  if (built.text === undefined) return worstOf(statusOf(built.diagnostics));
  const kind = output === undefined ? 'ts' : (moduleKind(output) ?? 'ts');
  const text = built.text(kind, sourceName(path, output));
  if (output === undefined) {
    terminal.out(text);
    return exitStatus.ok;
  }
  try {
    const before = await readFile(output, 'utf8').catch(() => undefined);
    if (before === text) return exitStatus.ok;
    if (options.check) {
      tell([diagnostic('MM494', { data: { file: output } }, { file: output, from: path })]);
      return exitStatus.wrong;
    }
    await writeWhole(output, text);
    return exitStatus.ok;
  } catch (error) {
    tell([fileDiagnostic('MM490', output, fileProblem(error))]);
    return exitStatus.wrong;
  }
}

/** As seen from the module, so that it says the same wherever the command runs. */
function sourceName(path: string, output: string | undefined): string {
  if (path === '-') return 'standard input';
  return relative(output === undefined ? '.' : dirname(resolve(output)), resolve(path))
    .split(sep)
    .join('/');
}

/** No text means that something was wrong, whatever was told. */
function worstOf(status: ExitStatus): ExitStatus {
  return status === exitStatus.ok ? exitStatus.wrong : status;
}
