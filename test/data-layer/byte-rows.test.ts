import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ByteLabels } from '../../src/data/byte-labels.js';
import { DelimitedReader, type ParsedTable } from '../../src/data/delimited-reader.js';
import { numberOfBytes, parseNumber } from '../../src/data/number-text.js';

const encoder = new TextEncoder();

function read(pieces: readonly (string | Uint8Array)[], length?: number): ParsedTable {
  const reader = new DelimitedReader('t.csv', length);
  do {
    reader.begin();
    for (const piece of pieces) reader.push(piece);
  } while (!reader.end());
  return reader.result();
}

/** The bytes in pieces that are overwritten once they were read, as a file's are. */
function readBytes(bytes: Uint8Array, cuts: readonly number[], hint: boolean): ParsedTable {
  const reader = new DelimitedReader('t.csv', hint ? bytes.length : undefined);
  const room = new Uint8Array(bytes.length);
  const ends = [...new Set(cuts.map((c) => c % (bytes.length + 1)))].sort((a, b) => a - b);
  do {
    reader.begin();
    let at = 0;
    for (const end of [...ends, bytes.length]) {
      room.set(bytes.subarray(at, end));
      reader.push(room.subarray(0, end - at));
      room.fill(0x2c);
      at = end;
    }
  } while (!reader.end());
  return reader.result();
}

const number = fc.oneof(
  fc.integer({ min: -50, max: 2000 }).map(String),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
  fc.double({ min: -9, max: 9, noNaN: true }).map((v) => v.toPrecision(15)),
);
const rare = fc.constantFrom('', 'NA', ' 3 ', '007', '0x1', '1e5', '-.5', '+2.', 'TRUE', 'inf', '12345678901234567890');
const label = fc.constantFrom('a', 'b', 'level one', '"quoted"', '"with, comma"', '"two ""quotes"""', "it's", '12.');
const strange = fc.constantFrom('Zürich', '"a\nb"', '"a\r\nb"', '"a\rb"', '日本', 'a"b', '"open', '😀', 'tab\there');
const field = fc.oneof(
  { weight: 8, arbitrary: number },
  { weight: 4, arbitrary: label },
  { weight: 2, arbitrary: rare },
);

/** Columns that are mostly of one kind, some rows that are blank or too long, and all ends of lines. */
const texts = fc
  .record({
    kinds: fc.array(fc.constantFrom(number, label, fc.oneof(number, rare), field), { minLength: 1, maxLength: 4 }),
    rows: fc.integer({ min: 1, max: 60 }),
    odd: fc.boolean(),
    end: fc.constantFrom('\n', '\r\n', '\r'),
    last: fc.boolean(),
    long: fc.boolean(),
  })
  .chain(({ kinds, rows, odd, end, last, long }) => {
    const cell = (kind: fc.Arbitrary<string>) =>
      odd ? fc.oneof({ weight: 40, arbitrary: kind }, { weight: 1, arbitrary: strange }) : kind;
    const plain = fc.tuple(...kinds.map(cell)).map((fields) => fields.join(','));
    const row = odd
      ? fc.oneof({ weight: 40, arbitrary: plain }, { weight: 1, arbitrary: fc.constantFrom('', '  ', '1,2,3,4,5,6') })
      : plain;
    return fc.array(row, { minLength: rows, maxLength: rows }).map((lines) => {
      const head = kinds.map((_, k) => `c${k}`).join(',');
      // beyond the first bytes, from which the delimiter is told
      const filler = Array.from({ length: long ? 700 : 0 }, () => lines[0]);
      return `${[head, ...filler, ...lines].join(end)}${last ? end : ''}`;
    });
  });

describe('delimited text as bytes', () => {
  test('is read as the same text is', () => {
    fc.assert(
      fc.property(texts, fc.array(fc.nat(), { maxLength: 6 }), fc.boolean(), (text, cuts, hint) => {
        const bytes = encoder.encode(text);
        // some cuts among the last rows
        const late = cuts.map((c, k) => (k % 2 === 0 ? c : bytes.length - (c % Math.min(bytes.length, 2000))));
        expect(readBytes(bytes, [4500, ...late], hint)).toEqual(read([text]));
      }),
      { numRuns: 150 },
    );
  });

  test('so long a file that its columns grow', () => {
    const rows = 150_000;
    const lines = Array.from({ length: rows }, (_, i) => `${i / 8},g${i % 1000},${i}`);
    const text = `x,g,id\n${lines.join('\n')}\n`;
    const bytes = encoder.encode(text);
    const cuts = Array.from({ length: 20 }, (_, k) => k * 131_071);
    for (const hint of [true, false]) {
      const { table } = readBytes(bytes, cuts, hint);
      const [x, g, id] = ['x', 'g', 'id'].map((name) => table?.columns.get(name));
      if (x?.kind !== 'number' || g?.kind !== 'label' || id?.kind !== 'number') throw new Error('kinds');
      expect([x.values.length, g.codes.length, g.levels.length]).toEqual([rows, rows, 1000]);
      expect(x.values.every((v, i) => v === i / 8)).toBe(true);
      expect(id.values.every((v, i) => v === i)).toBe(true);
      expect(g.codes.every((c, i) => g.levels[c] === `g${i % 1000}`)).toBe(true);
    }
  });

  test('Windows-1252 after plain rows', () => {
    const bytes = Uint8Array.from([...encoder.encode('x,g\n1,a\n2,caf'), 0xe9, 0x0a]);
    const { table, diagnostics } = readBytes(bytes, [4, 9, 13], true);
    const g = table?.columns.get('g');
    expect(g?.kind === 'label' ? g.levels : []).toEqual(['a', 'café']);
    expect(diagnostics.map((d) => d.code)).toEqual(['MM409']);
  });
});

describe('numbers as bytes', () => {
  test('are the numbers that the text spells, or left to it', () => {
    fc.assert(
      fc.property(fc.oneof(number, rare, fc.stringMatching(/^[+-]?[0-9]{0,17}\.?[0-9]{0,25}$/)), (text) => {
        const bytes = encoder.encode(`#${text}#`);
        const value = numberOfBytes(bytes, 1, bytes.length - 1);
        if (!Number.isNaN(value)) expect(value).toBe(Number(text));
        expect(Number.isNaN(value) || Object.is(value, parseNumber(text))).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  test('text spells what Number reads', () => {
    fc.assert(
      fc.property(number, (text) => {
        expect(parseNumber(text)).toBe(Number(text));
      }),
    );
  });
});

test('labels as bytes: each has its own code, however many there are', () => {
  const labels = new ByteLabels();
  const text = (i: number) => encoder.encode(`${(i * 7919) % 20_000}-x`);
  for (let i = 0; i < 20_000; i++) {
    expect(labels.find(text(i), 0, text(i).length)).toBe(-1);
    labels.add(text(i), 0, text(i).length, i);
  }
  for (let i = 0; i < 20_000; i++) expect(labels.find(text(i), 0, text(i).length)).toBe(i);
});
