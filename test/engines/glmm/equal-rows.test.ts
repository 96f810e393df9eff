import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { equalRows, type RowKey } from '../../../src/engines/glmm/equal-rows.js';

/** Numbers that hashes and comparisons trip over, each often enough to meet its equal. */
const special = [0, -0, 1, -1, 0.1 + 0.2, 0.3, 1e-320, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31, 2 ** 32];

const table = fc.integer({ min: 0, max: 40 }).chain((rows) =>
  fc.record({
    rows: fc.constant(rows),
    wide: fc.array(fc.constantFrom(...special), { minLength: 2 * rows, maxLength: 2 * rows }),
    narrow: fc.array(fc.constantFrom(...special), { minLength: rows, maxLength: rows }),
    whole: fc.array(fc.integer({ min: -1, max: 2 }), { minLength: rows, maxLength: rows }),
  }),
);

function keysOf({ wide, narrow, whole }: { wide: number[]; narrow: number[]; whole: number[] }): RowKey[] {
  return [
    { values: Float64Array.from(wide), step: 2 },
    { values: Float64Array.from(narrow), step: 1 },
    { values: Int32Array.from(whole), step: 1 },
  ];
}

/** Row by row against all before it. */
function byComparison(keys: readonly RowKey[], rows: number): { of: number[]; first: number[] } {
  const of: number[] = [];
  const first: number[] = [];
  for (let i = 0; i < rows; i++) {
    const found = first.findIndex((j) =>
      keys.every(({ values, step }) =>
        Array.from({ length: step }, (_, k) => k).every((k) => values[i * step + k] === values[j * step + k]),
      ),
    );
    of.push(found < 0 ? first.push(i) - 1 : found);
  }
  return { of, first };
}

describe('rows that are equal', () => {
  test('as comparing every row with every other finds them', () => {
    fc.assert(
      fc.property(table, (columns) => {
        const keys = keysOf(columns);
        const found = equalRows(keys, columns.rows, columns.rows);
        const expected = byComparison(keys, columns.rows);
        expect(Array.from(found?.of ?? [])).toEqual(expected.of);
        expect(Array.from(found?.first ?? [])).toEqual(expected.first);
      }),
    );
  });

  test('nothing where there are more classes than are worth having, and as many as there are', () => {
    fc.assert(
      fc.property(table, (columns) => {
        const keys = keysOf(columns);
        const classes = byComparison(keys, columns.rows).first.length;
        if (classes > 0) expect(equalRows(keys, columns.rows, classes - 1)).toBeNull();
        expect(equalRows(keys, columns.rows, classes)?.first.length).toBe(classes);
      }),
    );
  });

  test('the same rows in another order make the same classes', () => {
    fc.assert(
      fc.property(table, fc.infiniteStream(fc.nat()), (columns, numbers) => {
        const { rows } = columns;
        const order = Array.from({ length: rows }, (_, i) => [numbers.next().value ?? 0, i] as const)
          .toSorted(([a], [b]) => a - b)
          .map(([, i]) => i);
        const keys = keysOf(columns);
        const moved = keys.map(({ values, step }): RowKey => {
          const out = values.slice();
          order.forEach((from, to) => {
            for (let k = 0; k < step; k++) out[to * step + k] = values[from * step + k] ?? Number.NaN;
          });
          return { values: out, step };
        });
        const found = equalRows(keys, rows, rows)?.of ?? [];
        const there = equalRows(moved, rows, rows)?.of ?? [];
        for (let a = 0; a < rows; a++)
          for (let b = 0; b < a; b++) expect(there[a] === there[b]).toBe(found[order[a] ?? 0] === found[order[b] ?? 0]);
      }),
    );
  });

  test('many rows of a few kinds, and many of as many kinds', () => {
    const n = 200_000;
    const few = equalRows([{ values: Float64Array.from({ length: n }, (_, i) => (i * 7919) % 1000), step: 1 }], n, n);
    expect(few?.first.length).toBe(1000);
    const all = equalRows([{ values: Float64Array.from({ length: n }, (_, i) => i / 1024), step: 1 }], n, n);
    expect(all?.first.length).toBe(n);
  });
});
