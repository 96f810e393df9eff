import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { schemaOf } from '../../data/schema-of.js';
import { diagnostic } from '../../diagnostics/report.js';
import type { Parallel, Progress } from '../../index.js';
import { fileDiagnostic, readModelFile } from '../cli/model-file.js';
import type { Terminal } from '../cli/terminal.js';
import { fileProblem } from '../file-problem.js';
import { readTable } from '../read-file.js';
import { writeWhole } from '../write-whole.js';
import { jobTask } from './job-task.js';
import type { DataFile, Effect, SessionEvent } from './session.js';

export interface PerformOptions {
  readonly terminal: Terminal;
  /** Where jobs are done. */
  readonly parallel: Parallel;
  /** Ends the job that is under way. */
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
}

/** Does what a session asks for, and tells what came of it. */
export async function perform(effect: Effect, options: PerformOptions): Promise<SessionEvent> {
  switch (effect.kind) {
    case 'readData': {
      const { file } = effect;
      const { table, diagnostics } = await readTable(file.path, { source: file.shown });
      const loaded = table === undefined ? null : { ...file, table, schema: schemaOf(table) };
      return { kind: 'dataRead', loaded, diagnostics };
    }
    case 'readModel': {
      const { shown, path } = effect.file;
      if (path.endsWith('.json')) return readSaved(effect.file);
      const read = await readModelFile(shown === '-' || shown.startsWith('~') ? path : shown, options.terminal);
      if (read.kind === 'read') return { kind: 'modelRead', text: read.file.text, diagnostics: [] };
      return { kind: 'modelRead', text: null, diagnostics: [read.diagnostic] };
    }
    case 'write':
      return { kind: 'written', diagnostics: await write(effect) };
    case 'run':
      return run(effect, options);
    case 'leave':
      return { kind: 'stopped' };
  }
}

/** A saved fit. */
async function readSaved({ path, shown }: DataFile): Promise<SessionEvent> {
  try {
    return { kind: 'modelRead', text: await readFile(path, 'utf8'), diagnostics: [] };
  } catch (error) {
    return { kind: 'modelRead', text: null, diagnostics: [fileDiagnostic('MM401', shown, fileProblem(error))] };
  }
}

async function write({ file, text, overwrite }: Effect & { readonly kind: 'write' }) {
  const place = { data: { file: file.shown } };
  if (!overwrite && existsSync(file.path)) return [diagnostic('MM611', place, { file: file.shown })];
  try {
    await writeWhole(file.path, text);
    return [];
  } catch (error) {
    const folder = dirname(file.path);
    return [fileDiagnostic('MM490', file.shown, existsSync(folder) ? fileProblem(error) : 'there is no such folder')];
  }
}

async function run({ job }: Effect & { readonly kind: 'run' }, options: PerformOptions): Promise<SessionEvent> {
  const { parallel, signal, onProgress } = options;
  try {
    const [result] = await parallel.run(jobTask, null, [job], { signal, onProgress });
    return result === undefined ? { kind: 'stopped' } : { kind: 'ran', result };
  } catch (error) {
    if (signal.aborted) return { kind: 'stopped' };
    throw error;
  }
}
