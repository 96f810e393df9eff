import { ByteLabels } from './byte-labels.js';
import { asciiText } from './byte-rows.js';
import { withSortedLevels } from './levels.js';
import { isMissingText, numberOfBytes, parseNumber } from './number-text.js';
import type { Column } from './table.js';

const firstCapacity = 1 << 10;
/** From this length on a column may stay in the storage that was made for it, with room left at its end. */
const staysAbove = 1 << 16;

/**
 * Takes one column's cells as text, one after the other, and finds its type on the way: numbers until a cell is none,
 * bool while all are true/false, else labels. Numbers are not kept as text, so a column that turns out to be text late
 * asks for a second reading (`mustReread`) with `asText`.
 */
export class ColumnBuilder {
  private mode: 'empty' | 'number' | 'bool' | 'label';
  private numbers = new Float64Array(0);
  private codes = new Int32Array(0);
  private readonly codeOf = new Map<string, number>();
  private readonly known = new ByteLabels();
  private length = 0;
  private missingAtStart = 0;
  mustReread = false;

  /** @param expectedRows  a guess at how many cells there will be in all, as well as it is known so far */
  constructor(
    readonly name: string,
    asText: boolean,
    private readonly expectedRows: () => number = () => 0,
  ) {
    this.mode = asText ? 'label' : 'empty';
  }

  push(cell: string): void {
    switch (this.mode) {
      case 'number': {
        const value = parseNumber(cell);
        if (!Number.isNaN(value) || isMissingText(cell)) this.pushNumber(value);
        else this.becomeText();
        return;
      }
      case 'label':
        this.pushCode(isMissingText(cell) ? -1 : this.codeOfLabel(cell));
        return;
      case 'bool': {
        const value = parseBool(cell);
        if (value >= 0 || isMissingText(cell)) this.pushNumber(value >= 0 ? value : Number.NaN);
        else this.becomeText();
        return;
      }
      case 'empty':
        if (isMissingText(cell)) this.missingAtStart++;
        else this.start(cell);
        return;
    }
  }

  /** As `push`, of a cell in ASCII. */
  pushBytes(bytes: Uint8Array, from: number, to: number): void {
    if (this.mode === 'number') {
      const value = numberOfBytes(bytes, from, to);
      if (!Number.isNaN(value)) {
        this.pushNumber(value);
        return;
      }
    } else if (this.mode === 'label') {
      if (this.mustReread) return;
      const code = this.known.find(bytes, from, to);
      if (code >= 0) {
        this.pushCode(code);
        return;
      }
      const text = asciiText(bytes, from, to);
      if (!isMissingText(text)) this.known.add(bytes, from, to, this.codeOfLabel(text));
      this.push(text);
      return;
    }
    this.push(asciiText(bytes, from, to));
  }

  private start(cell: string): void {
    const number = parseNumber(cell);
    const bool = parseBool(cell);
    this.mode = !Number.isNaN(number) ? 'number' : bool >= 0 ? 'bool' : 'label';
    if (this.mode === 'label') {
      for (let i = 0; i < this.missingAtStart; i++) this.pushCode(-1);
      this.pushCode(this.codeOfLabel(cell));
    } else {
      for (let i = 0; i < this.missingAtStart; i++) this.pushNumber(Number.NaN);
      this.pushNumber(this.mode === 'number' ? number : bool);
    }
  }

  /** What was read so far is no longer known as text; the caller reads the column again. */
  private becomeText(): void {
    this.mustReread = true;
    this.mode = 'label';
    this.numbers = new Float64Array(0);
  }

  private pushNumber(value: number): void {
    if (this.length === this.numbers.length) this.numbers = grown(this.numbers, new Float64Array(this.capacity()));
    this.numbers[this.length++] = value;
  }

  private pushCode(code: number): void {
    if (this.mustReread) return;
    if (this.length === this.codes.length) this.codes = grown(this.codes, new Int32Array(this.capacity()));
    this.codes[this.length++] = code;
  }

  /** Room for the rows that are expected in all; memory that is never written to takes no place. */
  private capacity(): number {
    return Math.max(firstCapacity, Math.ceil(1.5 * this.length), Math.ceil(this.expectedRows()));
  }

  private codeOfLabel(label: string): number {
    let code = this.codeOf.get(label);
    if (code === undefined) {
      code = this.codeOf.size;
      this.codeOf.set(ownText(label), code);
    }
    return code;
  }

  build(): Column {
    const name = this.name;
    if (this.mode === 'label') {
      const codes = this.length > staysAbove ? this.codes.subarray(0, this.length) : this.codes.slice(0, this.length);
      return { kind: 'label', name, type: 'factor', ...withSortedLevels(codes, this.codeOf) };
    }
    if (this.mode === 'empty') {
      const values = new Float64Array(this.missingAtStart).fill(Number.NaN);
      return { kind: 'number', name, type: 'real', values };
    }
    const { numbers, length } = this;
    const values = length > staysAbove ? numbers.subarray(0, length) : numbers.slice(0, length);
    return { kind: 'number', name, type: this.mode === 'bool' ? 'bool' : numberType(values), values };
  }
}

/** 'int' where every value is an integer, else 'real'. */
export function numberType(values: Float64Array): 'int' | 'real' {
  for (let i = 0; i < values.length; i++) {
    const v = values[i];
    if (!Number.isSafeInteger(v) && !Number.isNaN(v)) return 'real'; // larger ones are measured, not counted
  }
  return 'int';
}

function parseBool(cell: string): number {
  if (cell === 'true' || cell === 'TRUE' || cell === 'True') return 1;
  return cell === 'false' || cell === 'FALSE' || cell === 'False' ? 0 : -1;
}

/** A label cut from a large text keeps all of that text alive in V8; joining and cutting again makes a small copy. */
function ownText(label: string): string {
  return label.length < 13 ? label : ` ${label}`.slice(1);
}

function grown<A extends Float64Array | Int32Array>(of: A, into: A): A {
  into.set(of);
  return into;
}
