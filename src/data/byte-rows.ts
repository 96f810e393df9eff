const lineFeed = 10;
const carriageReturn = 13;
const quote = 34;

/** What one row of bytes is made of. */
export type RowKind = 'row' | 'blank' | 'incomplete' | 'unusual';

/**
 * Finds the fields of rows in ASCII text. What is rarer than that (other characters, quotes within quotes, another number of
 * fields than the header has, carriage returns that end no row) is called unusual and left to the reader of text.
 */
export class ByteRows {
  /** Of the latest row: where each field begins and ends, quotes taken off. */
  readonly from: Int32Array;
  readonly to: Int32Array;
  /** Where the next row begins. */
  next = 0;
  private readonly special = new Uint8Array(256);

  constructor(
    private readonly fields: number,
    private readonly delimiter: number,
  ) {
    this.from = new Int32Array(fields);
    this.to = new Int32Array(fields);
    this.special.fill(1, 128);
    for (const byte of [delimiter, lineFeed, carriageReturn, quote]) this.special[byte] = 1;
  }

  /** Reads the row that begins at `start`; bytes from `end` on are not there yet. */
  read(bytes: Uint8Array, start: number, end: number): RowKind {
    const { special, from, to, delimiter, fields } = this;
    let field = 0;
    let i = start;
    for (;;) {
      let first = i;
      let last: number;
      if (i < end && bytes[i] === quote) {
        first = ++i;
        while (i < end && bytes[i] !== quote && bytes[i] !== carriageReturn && bytes[i] < 128) i++;
        if (i + 1 >= end) return 'incomplete';
        if (bytes[i] !== quote) return 'unusual';
        last = i++;
      } else {
        while (i < end && special[bytes[i]] === 0) i++;
        last = i;
      }
      if (i >= end) return 'incomplete';
      if (field === fields) return 'unusual';
      from[field] = first;
      to[field++] = last;
      const byte = bytes[i];
      if (byte === delimiter) {
        i++;
        continue;
      }
      if (byte === carriageReturn) {
        if (i + 1 >= end) return 'incomplete';
        i++;
      }
      if (bytes[i] !== lineFeed) return 'unusual';
      this.next = i + 1;
      if (field === 1 && isBlank(bytes, start, last)) return 'blank';
      return field === fields ? 'row' : 'unusual';
    }
  }
}

function isBlank(bytes: Uint8Array, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (bytes[i] !== 32 && bytes[i] !== 9) return false;
  return true;
}

/** ASCII bytes as text. */
export function asciiText(bytes: Uint8Array, from: number, to: number): string {
  let text = '';
  for (let i = from; i < to; i++) text += String.fromCharCode(bytes[i]);
  return text;
}
