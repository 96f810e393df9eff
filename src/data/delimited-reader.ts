import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { diagnostic } from '../diagnostics/report.js';
import { DelimitedPass } from './delimited-pass.js';
import type { Column, Table } from './table.js';

/** A table as it was read, with what was found on the way. */
export interface ParsedTable {
  readonly table: Table | undefined; // undefined: the diagnostics hold an error
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Delimited text (comma, tab, semicolon, bar) from bytes or text in pieces. The caller feeds it from the start until
 * `end()` says it has enough; it asks again where a column turned out to be text after numbers, or where the bytes are not
 * UTF-8 (then they are read as Windows-1252):
 *
 *     do { reader.begin(); for (const piece of pieces()) reader.push(piece); } while (!reader.end());
 */
export class DelimitedReader {
  private pass: DelimitedPass | undefined;
  private decoder = new TextDecoder('utf-8');
  private encoding = 'utf-8';
  private wrongEncoding = false;
  private only: ReadonlySet<number> | undefined;
  private readonly columns = new Map<number, Column>();
  private outcome: ParsedTable | undefined;

  /** @param length  of all that `push` will be given after each `begin`, in bytes, where it is known */
  constructor(
    private readonly source: string,
    private readonly length?: number,
  ) {}

  begin(): void {
    this.pass = new DelimitedPass(this.source, this.only, this.length);
    this.decoder = new TextDecoder(this.encoding);
  }

  /** Bytes are read at once: the caller may use their array again. */
  push(piece: Uint8Array | string): void {
    if (this.wrongEncoding || piece.length === 0) return;
    if (typeof piece === 'string') this.pass?.push(withoutByteOrderMark(piece));
    else if (this.encoding === 'utf-8') this.pass?.pushBytes(piece, (bytes) => this.decode(bytes, true));
    else this.pass?.push(this.decode(piece, true));
  }

  /** True: `result` has the table. False: feed it once more from the start. */
  end(): boolean {
    const tail = this.decode(new Uint8Array(0), false);
    if (this.wrongEncoding) {
      this.wrongEncoding = false;
      this.encoding = 'windows-1252';
      return false;
    }
    if (tail !== '') this.pass?.push(tail);
    const read = this.pass?.finish();
    if (read === undefined) return true;
    if (read.diagnostics.length > 0) {
      this.outcome = { table: undefined, diagnostics: read.diagnostics };
      return true;
    }
    for (const [k, column] of read.columns) this.columns.set(k, column);
    if (read.reread.length > 0) {
      this.only = new Set(read.reread);
      return false;
    }
    this.outcome = this.assemble(read.names, read.rows, read.delimiter);
    return true;
  }

  result(): ParsedTable {
    return this.outcome ?? { table: undefined, diagnostics: [] };
  }

  private decode(bytes: Uint8Array, more: boolean): string {
    const text = this.decoder.decode(bytes, { stream: more });
    if (this.encoding === 'utf-8' && text.includes('\ufffd')) this.wrongEncoding = true;
    return text;
  }

  private assemble(names: readonly string[], rows: number, delimiter: string): ParsedTable {
    const diagnostics: Diagnostic[] = [];
    const columns = new Map<string, Column>();
    const commas: string[] = [];
    names.forEach((name, k) => {
      const column = this.columns.get(k);
      if (column === undefined) return;
      const number = delimiter === ',' ? undefined : fromDecimalCommas(column);
      if (number !== undefined) commas.push(name);
      columns.set(name, number ?? column);
    });
    const data = { file: this.source };
    if (commas.length > 0) diagnostics.push(diagnostic('MM408', { data }, { columns: commas }));
    if (this.encoding !== 'utf-8') diagnostics.push(diagnostic('MM409', { data }, { encoding: this.encoding }));
    return { table: { rows, columns, source: this.source }, diagnostics };
  }
}

function withoutByteOrderMark(text: string): string {
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}

const decimalComma = /^[+-]?\d+(,\d+)?$/;

/** Where fields are not separated by commas, a column of "3,14" holds numbers. */
function fromDecimalCommas(column: Column): Column | undefined {
  if (column.kind !== 'label' || !column.levels.some((level) => level.includes(','))) return undefined;
  if (!column.levels.every((level) => decimalComma.test(level.trim()))) return undefined;
  const number = Float64Array.from(column.levels, (level) => Number(level.trim().replace(',', '.')));
  const values = new Float64Array(column.codes.length);
  for (let i = 0; i < values.length; i++) values[i] = column.codes[i] < 0 ? Number.NaN : number[column.codes[i]];
  return { kind: 'number', name: column.name, type: 'real', values };
}
