import { type Table, tableFromColumns } from '../../../src/index.js';
import { type BlockPattern, buildPattern } from '../../../src/kernels/block-cholesky.js';
import { uniform } from '../../kernels/dense-reference.js';

/** One full block. */
export function densePattern(order: number): BlockPattern {
  return buildPattern(Int32Array.of(order), new Int32Array(0), new Int32Array(0));
}

/** Sixty blocks that all meet each other, and one before them that meets every second of them. */
export function scatteredPattern(): BlockPattern {
  const blocks = 60;
  const pairs: [number, number][] = [];
  for (let i = 1; i <= blocks; i++) {
    for (let j = 1; j < i; j++) pairs.push([i, j]);
    if (i % 2 === 0) pairs.push([i, 0]);
  }
  const sizes = Int32Array.from({ length: blocks + 1 }, (_, i) => (i === 0 ? 40 : 11));
  const side = (k: 0 | 1) => Int32Array.from(pairs, (pair) => pair[k]);
  return buildPattern(sizes, side(0), side(1));
}

/** A positive definite matrix, in the layout of `densePattern`. */
export function denseValues(order: number): Float64Array {
  const random = uniform(order);
  const values = new Float64Array(order * order);
  for (let c = 0; c < order; c++) {
    for (let r = c; r < order; r++) {
      const x = r === c ? order : random();
      values[c * order + r] = x;
      values[r * order + c] = x;
    }
  }
  return values;
}

export const crossedModel = 'y ~ 1 + (1 | a) + (1 | b)';

/** Two factors that are crossed so densely that a factorization is worth help. */
export function crossedTable(): Table {
  const rows = 20000;
  const [levels, others] = [650, 600];
  const random = uniform(1);
  const effects = Array.from({ length: levels + others }, random);
  const a = Array.from({ length: rows }, (_, r) => (r < levels ? r : Math.floor(Math.abs(random()) * levels)));
  const b = Array.from({ length: rows }, () => Math.floor(Math.abs(random()) * others));
  const y = Float64Array.from(a, (i, r) => effects[i] + effects[levels + b[r]] + random());
  return tableFromColumns({ y, a: a.map((i) => `a${i}`), b: b.map((j) => `b${j}`) });
}
