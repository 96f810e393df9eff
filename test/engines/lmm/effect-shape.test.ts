import { expect, test } from 'vitest';
import type { RandomBlock } from '../../../src/data/design.js';
import { effectShape } from '../../../src/engines/lmm/effect-shape.js';

function serialBlock(perLevel: readonly (readonly number[])[]): RandomBlock {
  let next = 0;
  const columnStart = Int32Array.from([0, ...perLevel.map((own) => (next += own.length))]);
  const positions = Float64Array.from(perLevel.flat());
  return {
    id: 'g',
    label: 'g',
    name: null,
    class: null,
    group: { label: 'g', codes: new Int32Array(0), levels: perLevel.map((_, l) => `g${l}`) },
    covariance: 'car1',
    constraint: null,
    terms: Array.from(new Set(positions), String),
    columnStart,
    positions,
  };
}

test('a column per position, in order; what a level lacks is no number', () => {
  const shape = effectShape(serialBlock([[0.5, 2], [1], [0.5, 1, 2]]));
  expect(shape.terms).toHaveLength(3);
  expect(shape.levels).toEqual(['g0', 'g1', 'g2']);
  const missing = Number.NaN;
  expect(shape.rows([1, 2, 3, 4, 5, 6])).toEqual([
    [1, missing, 2],
    [missing, 3, missing],
    [4, 5, 6],
  ]);
});

test('where levels by positions would be mostly empty and very large, a row per effect', () => {
  const own = Array.from({ length: 2000 }, (_, l) => [l + 0.25, l + 0.75]);
  const shape = effectShape(serialBlock(own));
  expect(shape.terms).toEqual(['car1']);
  expect(shape.levels.slice(0, 3)).toEqual(['g0:0.25', 'g0:0.75', 'g1:1.25']);
  const rows = shape.rows(Float64Array.from({ length: 4000 }, (_, e) => e));
  expect(rows).toHaveLength(4000);
  expect(rows[3999]).toEqual([3999]);
});
