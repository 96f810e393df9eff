import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { buildDesign } from '../../src/data/build-design.js';
import { tableFromColumns } from '../../src/data/table-from.js';
import { Report } from '../../src/diagnostics/report.js';
import { call, graphOf, type Labels, op } from './graph-helper.js';

/** A seeded stream of numbers that look random. */
function noise(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32 - 0.5;
  };
}

const n = 60;

function columnsOf(seed: number) {
  const next = noise(seed);
  const make = () => Array.from({ length: n }, next);
  return {
    y: make(),
    a: make(),
    b: make(),
    f: Array.from({ length: n }, (_, i) => 'pqr'[Math.floor((next() + 0.5) * 3) % 3] ?? String(i)),
  };
}

function droppedOf(columns: ReturnType<typeof columnsOf>, mean: readonly string[], expressions: Labels = {}): string[] {
  const report = new Report();
  const design = buildDesign(graphOf({ mean, expressions }), tableFromColumns(columns), report);
  if (design === undefined) throw new Error(report.sorted()[0]?.message);
  return design.predictors[0].dropped.map((d) => d.name);
}

const moved = (x: readonly number[], scale: number, shift: number) => x.map((v) => scale * v + shift);

describe('dependent columns', () => {
  const scales = fc.tuple(fc.double({ min: -7, max: 7, noNaN: true }), fc.double({ min: -9, max: 9, noNaN: true }));

  test('no scale and no shift of the columns drops one that is needed', () => {
    fc.assert(
      fc.property(fc.integer(), scales, scales, fc.boolean(), (seed, [s, t], [u, v], withConstant) => {
        const data = columnsOf(seed);
        // Shifts up to 10^6 times the spread: more leaves the doubles themselves too few digits for the product.
        const shiftA = 10 ** Math.min(t, s + 6);
        const shiftB = 10 ** Math.min(v, u + 6);
        const at = { ...data, a: moved(data.a, 10 ** s, shiftA), b: moved(data.b, 10 ** u, shiftB) };
        const mean = [withConstant ? '1' : '0', 'f', 'a', 'b', 'a:b', 'f:a'];
        expect(droppedOf(at, mean)).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  test('a column that others span is dropped whatever its scale and theirs', () => {
    fc.assert(
      fc.property(fc.integer(), scales, fc.double({ min: 0.1, max: 5, noNaN: true }), (seed, [s, t], weight) => {
        const data = columnsOf(seed);
        const at = { ...data, a: moved(data.a, 10 ** s, 10 ** Math.min(t, s + 3)) };
        const c = op(op('a', '*', weight), '+', op(op('b', '*', 10 ** s), '+', 7));
        expect(droppedOf(at, ['1', 'f', 'a', 'b', 'c'], { c })).toEqual(['c']);
        expect(droppedOf(at, ['1', 'c', 'a', 'b'], { c })).toEqual(['b']);
      }),
      { numRuns: 60 },
    );
  });

  test('constants, indicators beside an intercept, powers of a two-valued column', () => {
    const data = columnsOf(5);
    const two = call('I', op('a', '>', 0));
    const asNumber = op(two, '*', 1);
    expect(droppedOf(data, ['1', 'c', 'a'], { c: op(op('a', '*', 0), '+', 3) })).toEqual(['c']);
    expect(droppedOf(data, ['0', 'f', 'c'], { c: op(op('a', '*', 0), '+', 3) })).toEqual(['c']);
    expect(droppedOf(data, ['1', 's', 't'], { s: asNumber, t: op(asNumber, '^', 2) })).toEqual(['t']);
    expect(droppedOf(data, ['1', 'z', 'a'], { z: op('a', '*', 0) })).toEqual(['z']);
  });
});
