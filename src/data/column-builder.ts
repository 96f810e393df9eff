import { withSortedLevels } from './levels.js';
import { isMissingText, parseNumber } from './number-text.js';
import type { Column } from './table.js';

const blockSize = 1 << 15;

/**
 * Takes one column's cells as text, one after the other, and finds its type on the way: numbers until a cell is none,
 * bool while all are true/false, else labels. Numbers are not kept as text, so a column that turns out to be text late
 * asks for a second reading (`mustReread`) with `asText`.
 */
export class ColumnBuilder {
  private mode: 'empty' | 'number' | 'bool' | 'label';
  private readonly numbers: Float64Array[] = [];
  private readonly codes: Int32Array[] = [];
  private readonly codeOf = new Map<string, number>();
  private length = 0;
  private missingAtStart = 0;
  mustReread = false;

  constructor(
    readonly name: string,
    asText: boolean,
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
    this.numbers.length = 0;
  }

  private pushNumber(value: number): void {
    const at = this.length % blockSize;
    if (at === 0) this.numbers.push(new Float64Array(blockSize));
    this.numbers[this.numbers.length - 1][at] = value;
    this.length++;
  }

  private pushCode(code: number): void {
    if (this.mustReread) return;
    const at = this.length % blockSize;
    if (at === 0) this.codes.push(new Int32Array(blockSize));
    this.codes[this.codes.length - 1][at] = code;
    this.length++;
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
      const codes = new Int32Array(this.length);
      for (let k = 0; k < this.codes.length; k++) {
        const start = k * blockSize;
        codes.set(this.codes[k].subarray(0, Math.min(blockSize, this.length - start)), start);
        this.codes[k] = new Int32Array(0);
      }
      return { kind: 'label', name, type: 'factor', ...withSortedLevels(codes, this.codeOf) };
    }
    if (this.mode === 'empty') {
      const values = new Float64Array(this.missingAtStart).fill(Number.NaN);
      return { kind: 'number', name, type: 'real', values };
    }
    const values = new Float64Array(this.length);
    for (let k = 0; k < this.numbers.length; k++) {
      const start = k * blockSize;
      values.set(this.numbers[k].subarray(0, Math.min(blockSize, this.length - start)), start);
      this.numbers[k] = new Float64Array(0); // each block is freed as it is copied, so the peak stays near one copy
    }
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
