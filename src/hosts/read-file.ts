import { promises, readFileSync, statSync } from 'node:fs';
import { DelimitedReader, type ParsedTable } from '../data/delimited-reader.js';
import { sniffFormat } from '../data/parse-table.js';
import { readTableBytes } from '../data/read-bytes.js';
import { diagnostic } from '../diagnostics/report.js';
import { fileProblem } from './file-problem.js';

export interface ReadOptions {
  /** The name in messages; the path where left out. */
  readonly source?: string;
}

/** Files up to this many bytes are read at once, and synchronously: loading what reads otherwise takes longer than reading them. */
const small = 1 << 20;

/** Reads a data file; its format is told by its content. Delimited text is streamed, compressed or not. */
export async function readTable(path: string, options: ReadOptions = {}): Promise<ParsedTable> {
  const source = options.source ?? path;
  const refuse = (reason: string): ParsedTable => ({
    table: undefined,
    diagnostics: [diagnostic('MM401', { data: { file: source } }, { file: source, reason })],
  });
  try {
    const status = statSync(path);
    if (status.isDirectory()) return refuse('it is a directory');
    if (status.isFile() && status.size <= small) return await readTableBytes(readFileSync(path), { source });
    const { filePieces, unzippedPieces } = await import('./stream-file.js');
    const compressed = sniffFormat(await firstBytes(path)) === 'gzip';
    const pieces = () => (compressed ? unzippedPieces(path) : filePieces(path));
    const head = await firstPiece(pieces());
    const format = sniffFormat(head.subarray(0, 4096));
    if (format !== 'delimited') return await readTableBytes(await allBytes(pieces()), { source });
    const reader = new DelimitedReader(source, compressed || !status.isFile() ? undefined : status.size);
    do {
      reader.begin();
      for await (const piece of pieces()) reader.push(piece);
    } while (!reader.end());
    return reader.result();
  } catch (error) {
    return refuse(fileProblem(error));
  }
}

async function firstBytes(path: string): Promise<Uint8Array> {
  const file = await promises.open(path);
  try {
    const { buffer, bytesRead } = await file.read(new Uint8Array(4096), 0, 4096, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

async function firstPiece(pieces: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  for await (const piece of pieces) return piece.slice();
  return new Uint8Array(0);
}

async function allBytes(pieces: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const piece of pieces) {
    parts.push(piece.slice()); // its array is used again
    length += piece.length;
  }
  const out = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
