import { appendFile, readFile } from 'node:fs/promises';
import type { PieceResult } from '../../bootstrap-task.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { diagnostic } from '../../diagnostics/report.js';
import { fileProblem } from '../file-problem.js';
import { writeWhole } from '../write-whole.js';

const form = 'mm.bootstrap-replicates/1';

export type ReplicateFile =
  | {
      readonly kind: 'ready';
      readonly known: readonly PieceResult[];
      append(pieces: readonly PieceResult[]): Promise<void>;
    }
  | { readonly kind: 'wrong'; readonly diagnostic: Diagnostic };

/**
 * The file that `--resume` names: a line of JSON that says what the replicates are of, then a line for each batch. Lines are only ever
 * added, so that a run that ends anywhere leaves what it has done; a last line that is cut is not counted.
 */
export async function openReplicates(file: string, key: string, names: readonly string[]): Promise<ReplicateFile> {
  const wrong = (reason: string): ReplicateFile => ({
    kind: 'wrong',
    diagnostic: diagnostic('MM588', { data: { file } }, { file, reason }),
  });
  let text = '';
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) return wrong(fileProblem(error));
  }
  const lines = text.split('\n');
  const cut = lines.pop() ?? ''; // empty where the last line is whole
  const [head, ...rest] = lines;
  const append = async (pieces: readonly PieceResult[]): Promise<void> => {
    const added = pieces.map((piece) => `${JSON.stringify(written(piece))}\n`).join('');
    await appendFile(file, added);
  };
  if (head === undefined && cut === '') {
    try {
      await appendFile(file, `${JSON.stringify({ schema: form, key, names })}\n`);
    } catch (error) {
      return wrong(fileProblem(error));
    }
    return { kind: 'ready', known: [], append };
  }
  const begin = parsed(head ?? '');
  if (!isRecord(begin) || begin.schema !== form) return wrong('it holds no replicates');
  if (begin.key !== key) return wrong('its replicates are of another model, of other data or of another seed');
  const known: PieceResult[] = [];
  for (const line of rest) {
    const piece = readPiece(parsed(line), names.length);
    if (piece === undefined) return wrong('a line of it is damaged');
    known.push(piece);
  }
  // what was cut is written anew
  if (cut !== '') await writeWhole(file, `${lines.join('\n')}\n`);
  return { kind: 'ready', known, append };
}

function written({ first, values, converged, reason }: PieceResult) {
  return {
    first,
    // a statistic that a refit lacks is null
    values: values.map((v) => (v === null ? null : Array.from(v, (x) => (Number.isNaN(x) ? null : x)))),
    converged,
    reason,
  };
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function readPiece(value: unknown, statistics: number): PieceResult | undefined {
  if (!isRecord(value)) return undefined;
  const { first, values, converged, reason } = value;
  if (typeof first !== 'number' || !Array.isArray(values) || !Array.isArray(converged)) return undefined;
  const rows = values.map((row: unknown) => {
    if (row === null) return null;
    if (!Array.isArray(row) || row.length !== statistics) return undefined;
    return Float64Array.from(row, (x: unknown) => (typeof x === 'number' ? x : Number.NaN));
  });
  const sound = rows.filter((row) => row !== undefined);
  if (sound.length < rows.length || converged.length !== rows.length) return undefined;
  return {
    first,
    values: sound,
    converged: converged.map((c: unknown) => c === true),
    reason: typeof reason === 'string' ? reason : null,
  };
}
