import Papa from 'papaparse';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { diagnostic } from '../diagnostics/report.js';
import { ByteRows } from './byte-rows.js';
import { ColumnBuilder } from './column-builder.js';
import type { Column } from './table.js';

/** Bad rows are reported one by one up to here; the rest is counted. */
const maxReportedRows = 5;
/** So many bytes are read as text, for the header and for the looks of the first lines. */
const headLength = 1 << 14;

/** What one reading of delimited text found. */
export interface PassResult {
  readonly names: readonly string[];
  readonly rows: number;
  readonly columns: ReadonlyMap<number, Column>;
  /** Columns that began as numbers and turned out to be text: to be read once more, as text. */
  readonly reread: readonly number[];
  readonly delimiter: string;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * One reading of delimited text that arrives in pieces: fields are split by papaparse, a piece at a time, and go straight
 * into typed columns, so neither the text nor a row object per row is ever held.
 */
export class DelimitedPass {
  private readonly found: Diagnostic[] = [];
  private rest = '';
  private heldReturn = false;
  private delimiter: string | undefined;
  private names: readonly string[] | undefined;
  private readonly builders: (ColumnBuilder | undefined)[] = [];
  private rows = 0;
  private badRows = 0;

  private rowsOfBytes: ByteRows | undefined;
  /** Bytes of a row whose end has not come yet, and room for the piece that it comes with. */
  private buffer = new Uint8Array(0);
  private waiting = 0;
  private consumed = 0; // bytes, before the piece at hand
  private rowsBefore = 0; // of them

  /**
   * @param only    the columns to read, as text; left out: all, by their looks
   * @param length  of all that will come, in bytes; undefined: not known
   */
  constructor(
    private readonly source: string,
    private readonly only: ReadonlySet<number> | undefined,
    private readonly length?: number,
  ) {}

  private get failed(): boolean {
    return this.found.length > this.badRows;
  }

  push(piece: string): void {
    if (this.failed) return;
    const text = this.rest + this.withPlainLineEnds(piece);
    if (this.delimiter === undefined) {
      if (text.length < 4096) {
        this.rest = text; // too little to tell the delimiter from
        return;
      }
      this.delimiter = sniffDelimiter(text);
    }
    this.consume(text, this.delimiter, false);
  }

  /**
   * As `push`, of bytes; rows in ASCII go into their columns as they are. The caller may use `piece` again.
   * @param decode  as a TextDecoder does that is told that more will come
   */
  pushBytes(piece: Uint8Array, decode: (bytes: Uint8Array) => string): void {
    if (this.failed) return;
    if (this.consumed === 0 && piece.length > headLength) {
      this.pushBytes(piece.subarray(0, headLength), decode);
      this.pushBytes(piece.subarray(headLength), decode);
      return;
    }
    let at = 0;
    let end = piece.length;
    let bytes = piece;
    const rows = this.byteRows();
    if (rows !== undefined && this.rest === '' && !this.heldReturn) {
      end += this.waiting;
      if (this.waiting > 0) bytes = this.withWaiting(piece);
      this.waiting = 0;
      for (;;) {
        const kind = rows.read(bytes, at, end);
        if (kind === 'incomplete') {
          this.wait(bytes, at, end);
          this.count(piece.length);
          return;
        }
        if (kind === 'unusual') break;
        at = rows.next;
        if (kind === 'row') {
          this.rows++;
          for (let k = 0; k < this.builders.length; k++) this.builders[k]?.pushBytes(bytes, rows.from[k], rows.to[k]);
        }
      }
    }
    this.push(decode(bytes.subarray(at, end)));
    // what is left of text becomes bytes again, unless part of a character is still with the decoder
    if (!this.failed && piece[piece.length - 1] < 128 && this.byteRows() !== undefined) {
      const left = new TextEncoder().encode(this.heldReturn ? `${this.rest}\r` : this.rest);
      this.wait(left, 0, left.length);
      this.rest = '';
      this.heldReturn = false;
    }
    this.count(piece.length);
  }

  /** What reads rows of bytes; undefined while there is no header yet. */
  private byteRows(): ByteRows | undefined {
    if (this.rowsOfBytes === undefined && this.names !== undefined && this.delimiter !== undefined)
      this.rowsOfBytes = new ByteRows(this.names.length, this.delimiter.charCodeAt(0));
    return this.rowsOfBytes;
  }

  private withWaiting(piece: Uint8Array): Uint8Array {
    this.reserve(this.waiting + piece.length);
    this.buffer.set(piece, this.waiting);
    return this.buffer;
  }

  private wait(bytes: Uint8Array, from: number, to: number): void {
    if (bytes === this.buffer) this.buffer.copyWithin(0, from, to);
    else {
      this.waiting = 0;
      this.reserve(to - from);
      this.buffer.set(bytes.subarray(from, to));
    }
    this.waiting = to - from;
  }

  private reserve(length: number): void {
    if (this.buffer.length >= length) return;
    const more = new Uint8Array(2 * length);
    more.set(this.buffer.subarray(0, this.waiting));
    this.buffer = more;
  }

  private count(bytes: number): void {
    this.consumed += bytes;
    this.rowsBefore = this.rows;
  }

  private expectedRows(): number {
    const { length, consumed, rowsBefore } = this;
    return length === undefined || consumed === 0 ? 0 : 1.03 * rowsBefore * (length / consumed) + 1000;
  }

  finish(): PassResult {
    if (this.waiting > 0) {
      const text = new TextDecoder().decode(this.buffer.subarray(0, this.waiting));
      this.waiting = 0;
      this.push(text);
    }
    if (!this.failed) {
      const text = this.heldReturn ? `${this.rest}\n` : this.rest;
      this.delimiter ??= sniffDelimiter(text);
      this.consume(text, this.delimiter, true);
    }
    const file = this.source;
    if (this.badRows > maxReportedRows)
      this.found.push(diagnostic('MM406', { data: { file } }, { count: this.badRows - maxReportedRows }));
    else if (this.found.length === 0 && this.names === undefined)
      this.found.push(diagnostic('MM402', { data: { file } }, { file }));
    else if (this.found.length === 0 && this.rows === 0)
      this.found.push(diagnostic('MM403', { data: { file } }, { file }));
    const columns = new Map<number, Column>();
    const reread: number[] = [];
    if (this.found.length === 0) {
      this.builders.forEach((builder, k) => {
        if (builder?.mustReread === true) reread.push(k);
        else if (builder !== undefined) columns.set(k, builder.build());
      });
    }
    const { names = [], delimiter = ',' } = this;
    return { names, rows: this.rows, columns, reread, delimiter, diagnostics: this.found };
  }

  /** Line ends become \n, so that files that mix them are read; a \r at the end of a piece waits for what follows. */
  private withPlainLineEnds(piece: string): string {
    let text = this.heldReturn ? `\r${piece}` : piece;
    this.heldReturn = text.endsWith('\r');
    if (this.heldReturn) text = text.slice(0, -1);
    return text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
  }

  private consume(text: string, delimiter: string, last: boolean): void {
    const parser = new Papa.Parser({ delimiter, newline: '\n' });
    const parsed: Papa.ParseResult<string[]> = parser.parse(text, 0, !last);
    this.rest = last ? '' : text.slice(parsed.meta.cursor);
    const quotes = parsed.errors.find((error) => error.type === 'Quotes');
    const good = quotes?.row ?? parsed.data.length; // nothing after a quote gone astray can be trusted
    for (let i = 0; i < good && !this.failed; i++) {
      const fields = parsed.data[i];
      if (fields.length === 1 && fields[0].trim() === '') continue; // a blank line
      if (this.names === undefined) this.header(fields);
      else this.row(fields, this.names.length);
    }
    if (quotes !== undefined && !this.failed) {
      const row = this.names === undefined ? 0 : this.rows + 1;
      const data = { file: this.source, ...(row > 0 ? { row } : {}) };
      this.found.push(diagnostic('MM407', { data }, { row, open: quotes.code === 'MissingQuotes' }));
      this.badRows = 0;
    }
  }

  private header(fields: readonly string[]): void {
    const names = fields.map((field, k) => (field.trim() === '' ? `V${k + 1}` : field.trim()));
    const repeated = new Set(names.filter((name, k) => names.indexOf(name) !== k));
    for (const name of repeated) {
      const columns = names.flatMap((other, k) => (other === name ? [k + 1] : []));
      this.found.push(diagnostic('MM404', { data: { file: this.source, column: name } }, { name, columns }));
    }
    this.names = names;
    names.forEach((name, k) => {
      if (this.only === undefined || this.only.has(k))
        this.builders[k] = new ColumnBuilder(name, this.only !== undefined, () => this.expectedRows());
    });
  }

  private row(fields: readonly string[], expected: number): void {
    this.rows++;
    if (fields.length !== expected) {
      this.badRows++;
      if (this.badRows > maxReportedRows) return;
      const data = { file: this.source, row: this.rows };
      this.found.push(diagnostic('MM405', { data }, { row: this.rows, found: fields.length, expected }));
      return;
    }
    for (let k = 0; k < expected; k++) this.builders[k]?.push(fields[k]);
  }
}

const candidates = [',', '\t', ';', '|'] as const;

/** The delimiter that cuts the first lines into the same number of fields, the most where several do. */
function sniffDelimiter(text: string): string {
  const lines = firstLines(text, 10);
  let best = ',';
  let bestScore = 0;
  for (const delimiter of candidates) {
    const counts = lines.map((line) => line.split(delimiter).length - 1);
    const same = counts.filter((count) => count === counts[0]).length;
    // Agreement between lines counts most: a comma inside labels must not beat the semicolon that separates them.
    const score = counts[0] === 0 || counts.length === 0 ? 0 : (same / counts.length) * 1000 + Math.min(counts[0], 999);
    if (score > bestScore) {
      best = delimiter;
      bestScore = score;
    }
  }
  return best;
}

/** The first lines with their quoted fields emptied: what stands between quotes separates nothing. */
function firstLines(text: string, count: number): string[] {
  const bare = text.slice(0, 1 << 16).replace(/"(?:[^"]|"")*"/g, '""');
  return bare
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(0, count);
}
