import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { diagnostic } from '../../diagnostics/report.js';
import { fileProblem } from '../file-problem.js';
import { looksLikeData } from './looks-like-data.js';
import type { Terminal } from './terminal.js';

/** A model file as read. */
export interface ModelFile {
  readonly name: string; // as the user gave it, for messages
  readonly text: string;
  readonly folder: string; // absolute; data paths are relative to it
}

export type ModelFileResult =
  | { readonly kind: 'read'; readonly file: ModelFile }
  | { readonly kind: 'unreadable'; readonly diagnostic: Diagnostic };

/** Reads a model file, or standard input where `path` is `-`. */
export async function readModelFile(path: string, terminal: Terminal): Promise<ModelFileResult> {
  const name = path === '-' ? '<stdin>' : path;
  const refuse = (reason: string): ModelFileResult => ({
    kind: 'unreadable',
    diagnostic: fileDiagnostic('MM401', name, reason),
  });
  try {
    const bytes = path === '-' ? await terminal.stdinBytes() : readFileSync(path);
    const text = decode(bytes);
    if (text === undefined) return refuse('it is not text in UTF-8');
    if (isSavedFit(text)) return { kind: 'unreadable', diagnostic: diagnostic('MM495', {}, { file: name }) };
    if (looksLikeData(text))
      return { kind: 'unreadable', diagnostic: diagnostic('MM492', { data: { file: name } }, { file: name }) };
    return { kind: 'read', file: { name, text, folder: path === '-' ? process.cwd() : dirname(resolve(path)) } };
  } catch (error) {
    return refuse(fileProblem(error));
  }
}

/** As `saveFit` makes them, in any version. */
function isSavedFit(text: string): boolean {
  return text.startsWith('{"schema":"mm.saved-fit/');
}

/** MM401: cannot read; MM490: cannot write. */
export function fileDiagnostic(code: 'MM401' | 'MM490', file: string, reason: string): Diagnostic {
  return diagnostic(code, { data: { file } }, { file, reason });
}

/** Undefined for what is no text; a byte order mark is left out. */
function decode(bytes: Uint8Array): string | undefined {
  if (bytes.includes(0)) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
