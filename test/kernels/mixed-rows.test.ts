import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ColumnSource, columnValues, type IndicatorSet, writtenOut } from '../../src/kernels/column-source.js';
import {
  addMixedRowsTimes,
  addMixedSquare,
  addMixedTimes,
  chunkRows,
  MixedRows,
  writeMixedRows,
} from '../../src/kernels/mixed-rows.js';
import { createRng } from '../../src/kernels/rng.js';

interface Drawn {
  readonly rows: number;
  readonly sources: readonly ColumnSource[];
  readonly centre: Float64Array;
  readonly scale: Float64Array;
  readonly root: Float64Array | null;
  readonly y: Float64Array;
}

/** Columns of every kind in any order, some levels without a column, some columns of a set left out. */
function draw(seed: string): Drawn {
  const { uniform, normal } = createRng(seed);
  const pick = (n: number) => Math.floor(uniform() * n);
  const rows = 1 + pick(2 * chunkRows + 40);
  const numbers = () => Float64Array.from({ length: rows }, () => normal());
  const sets = Array.from({ length: pick(3) }, (): IndicatorSet => {
    const columns = 1 + pick(4);
    const place = Int32Array.from({ length: columns + 2 }, (_, code) =>
      code < columns ? code : pick(columns + 1) - 1,
    );
    const codes = Int32Array.from({ length: rows }, () => pick(place.length));
    return { columns, codes, place, values: uniform() < 0.5 ? null : numbers() };
  });
  const all: ColumnSource[] = [
    { kind: 'constant' },
    ...Array.from({ length: pick(4) }, (): ColumnSource => ({ kind: 'dense', values: numbers() })),
    ...sets.flatMap((set) =>
      Array.from({ length: set.columns }, (_, column): ColumnSource => ({ kind: 'indicator', set, column })),
    ),
  ];
  const sources = all.filter(() => uniform() < 0.8).sort(() => uniform() - 0.5);
  return {
    rows,
    sources,
    centre: Float64Array.from(sources, () => (uniform() < 0.3 ? normal() : 0)),
    scale: Float64Array.from(sources, () => 0.5 + uniform()),
    root: uniform() < 0.5 ? null : Float64Array.from({ length: rows }, () => 0.1 + uniform()),
    y: numbers(),
  };
}

/** The matrix that the rows are of, column by column. */
function dense({ rows, sources, centre, scale, root }: Drawn): Float64Array[] {
  return sources.map((source, j) =>
    columnValues(source, rows).map((v, i) => ((root === null ? 1 : root[i]) * (v - centre[j])) / scale[j]),
  );
}

const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, v, i) => sum + v * b[i], 0);

function eachChunk({ rows, root }: Drawn, reader: MixedRows, visit: (first: number, count: number) => void): void {
  for (let first = 0; first < rows; first += chunkRows) {
    const count = Math.min(chunkRows, rows - first);
    reader.read(first, count, root === null ? null : root.slice(first, first + count));
    visit(first, count);
  }
}

describe('rows of dense and indicator columns', () => {
  const seeds = fc.string({ minLength: 1, maxLength: 8 });

  test('their products are those of the columns written out', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const drawn = draw(seed);
        const { sources, y, rows } = drawn;
        const P = sources.length;
        const X = dense(drawn);
        const reader = new MixedRows(sources, drawn);
        const square = new Float64Array(P * P);
        const times = new Float64Array(P);
        const b = Float64Array.from({ length: P }, (_, j) => 1 + j / 3);
        const v = y.slice();
        const written = new Float64Array(rows * P);
        eachChunk(drawn, reader, (first, count) => {
          addMixedSquare(reader, count, P, square);
          addMixedTimes(reader, count, y, first, times);
          addMixedRowsTimes(reader, count, b, -2, v, first);
          writeMixedRows(reader, count, P, written, first * P);
        });
        for (let c = 0; c < P; c++) {
          for (let r = 0; r <= c; r++) expect(square[r + c * P]).toBeCloseTo(dot(X[r], X[c]), 9);
          for (let r = c + 1; r < P; r++) expect(square[r + c * P]).toBe(0);
          expect(times[c]).toBeCloseTo(dot(X[c], y), 9);
        }
        for (let i = 0; i < rows; i++) {
          expect(v[i]).toBeCloseTo(y[i] - 2 * X.reduce((sum, x, j) => sum + b[j] * x[i], 0), 9);
          X.forEach((x, j) => {
            expect(written[i * P + j]).toBeCloseTo(x[i], 12);
          });
        }
      }),
      { numRuns: 60 },
    );
  });

  test('a matrix written out has the columns one after the other', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const { sources, rows } = draw(seed);
        const columns = sources.map((source) => [...columnValues(source, rows)]);
        expect([...writtenOut(sources, rows)]).toEqual(columns.flat());
      }),
      { numRuns: 30 },
    );
  });
});
