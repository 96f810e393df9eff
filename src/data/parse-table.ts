import { diagnostic } from '../diagnostics/report.js';
import { DelimitedReader, type ParsedTable } from './delimited-reader.js';
import { parseJsonTable } from './json-table.js';

export type { ParsedTable } from './delimited-reader.js';

/** What a text is to be read as. */
export interface ParseOptions {
  /** For messages: a file name. */
  readonly source?: string;
}

export type DataFormat = 'gzip' | 'parquet' | 'arrow' | 'json' | 'delimited' | 'utf16' | 'binary';

/** Tells a format by its first bytes, never by a file's name. */
export function sniffFormat(head: Uint8Array): DataFormat {
  const starts = (...bytes: number[]) => bytes.every((b, i) => head[i] === b);
  if (starts(0x1f, 0x8b)) return 'gzip';
  if (starts(0x50, 0x41, 0x52, 0x31)) return 'parquet'; // PAR1
  if (starts(0x41, 0x52, 0x52, 0x4f, 0x57, 0x31)) return 'arrow'; // ARROW1, the file format
  if (starts(0xff, 0xff, 0xff, 0xff)) return 'arrow'; // the stream format's continuation mark
  if (isUtf16(head)) return 'utf16';
  for (let i = 0; i < head.length; i++) {
    const c = head[i];
    // Control characters other than tab, line ends and form feed do not occur in text.
    if (c < 32 && c !== 9 && c !== 10 && c !== 13 && c !== 12) return 'binary';
  }
  let i = starts(0xef, 0xbb, 0xbf) ? 3 : 0;
  while (head[i] === 32 || head[i] === 9 || head[i] === 10 || head[i] === 13) i++;
  return head[i] === 0x5b || head[i] === 0x7b ? 'json' : 'delimited'; // [ or {
}

/** By its byte order mark, or by every other byte being zero: headers begin in ASCII. */
function isUtf16(head: Uint8Array): boolean {
  const [a, b, c, d] = head;
  if ((a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff)) return true;
  return (a === 0) !== (b === 0) && (a === 0) === (c === 0) && (b === 0) === (d === 0);
}

/**
 * A table from text or bytes: CSV, TSV, semicolons, or JSON (an array of objects, an object of columns). Compressed and
 * binary formats need `readTableBytes`, which is asynchronous.
 */
export function parseTable(input: Uint8Array | string, options: ParseOptions = {}): ParsedTable {
  const source = options.source ?? 'data';
  const head = typeof input === 'string' ? new TextEncoder().encode(input.slice(0, 4096)) : input.subarray(0, 4096);
  const format = sniffFormat(head);
  switch (format) {
    case 'json':
      return parseJsonTable(typeof input === 'string' ? input : new TextDecoder().decode(input), source);
    case 'utf16': {
      if (typeof input === 'string') return parseDelimited(() => [input], source);
      const bigEndian = input[0] === 0xfe || input[0] === 0;
      const text = new TextDecoder(bigEndian ? 'utf-16be' : 'utf-16le').decode(input);
      return parseDelimited(() => [text], source);
    }
    case 'delimited':
      return parseDelimited(() => slices(input), source, input.length);
    case 'gzip':
    case 'parquet':
    case 'arrow':
    case 'binary':
      return {
        table: undefined,
        diagnostics: [diagnostic('MM410', { data: { file: source } }, { file: source, format })],
      };
  }
}

function parseDelimited(pieces: () => Iterable<Uint8Array | string>, source: string, length?: number): ParsedTable {
  const reader = new DelimitedReader(source, length);
  do {
    reader.begin();
    for (const piece of pieces()) reader.push(piece);
  } while (!reader.end());
  return reader.result();
}

const pieceLength = 1 << 18;

function* slices(input: Uint8Array | string): Generator<Uint8Array | string> {
  for (let at = 0; at < input.length; at += pieceLength) {
    yield typeof input === 'string' ? input.slice(at, at + pieceLength) : input.subarray(at, at + pieceLength);
  }
}
