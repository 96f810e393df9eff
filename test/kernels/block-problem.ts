import fc from 'fast-check';
import { type BlockPattern, buildPattern, valueCount } from '../../src/kernels/block-cholesky.js';
import { type Matrix, uniform, zeros } from './dense-reference.js';

export interface BlockProblem {
  readonly sizes: number[];
  readonly pairs: [number, number][];
  readonly seed: number;
}

/** Random block patterns: from empty to full, sizes 0 to `largest`. */
export function blockProblems(maxNodes: number, largest: number): fc.Arbitrary<BlockProblem> {
  return fc.integer({ min: 0, max: maxNodes }).chain((n) =>
    fc.record({
      sizes: fc.array(fc.integer({ min: 0, max: largest }), { minLength: n, maxLength: n }),
      pairs:
        n === 0
          ? fc.constant<[number, number][]>([])
          : fc.array(fc.tuple(fc.integer({ min: 0, max: n - 1 }), fc.integer({ min: 0, max: n - 1 })), {
              maxLength: 3 * n,
            }),
      seed: fc.integer(),
    }),
  );
}

export function patternOf(problem: BlockProblem): BlockPattern {
  const rows = Int32Array.from(problem.pairs, (pair) => pair[0]);
  const columns = Int32Array.from(problem.pairs, (pair) => pair[1]);
  return buildPattern(Int32Array.from(problem.sizes), rows, columns);
}

/** Values of a well-conditioned positive definite matrix with this pattern: random blocks, a dominant diagonal. */
export function definiteValues(pattern: BlockPattern, seed: number): Float64Array {
  const random = uniform(seed);
  const values = new Float64Array(valueCount(pattern));
  const { nodes, size, rowStart, columnStart, row, blockStart } = pattern;
  const absolute = new Float64Array(rowStart[nodes]);
  for (let j = 0; j < nodes; j++) {
    for (let e = columnStart[j]; e < columnStart[j + 1]; e++) {
      const i = row[e];
      for (let c = 0; c < size[j]; c++) {
        for (let r = 0; r < size[i]; r++) {
          if (i === j && r <= c) continue;
          const v = random();
          values[blockStart[e] + c * size[i] + r] = v;
          if (i === j) values[blockStart[e] + r * size[i] + c] = v;
          absolute[rowStart[i] + r] += Math.abs(v);
          absolute[rowStart[j] + c] += Math.abs(v);
        }
      }
    }
  }
  for (let j = 0; j < nodes; j++) {
    for (let c = 0; c < size[j]; c++) {
      values[blockStart[columnStart[j]] + c * size[j] + c] = 0.1 + absolute[rowStart[j] + c] * (0.7 + 0.4 * random());
    }
  }
  // Dominance by 0.3 .. 1.1 of the row sum alone does not ensure definiteness; half a row sum more does.
  for (let j = 0; j < nodes; j++) {
    for (let c = 0; c < size[j]; c++) {
      values[blockStart[columnStart[j]] + c * size[j] + c] += 0.7 * absolute[rowStart[j] + c];
    }
  }
  return values;
}

export function toDense(pattern: BlockPattern, values: Float64Array): Matrix {
  const { nodes, size, rowStart, columnStart, row, blockStart } = pattern;
  const dense = zeros(rowStart[nodes], rowStart[nodes]);
  for (let j = 0; j < nodes; j++) {
    for (let e = columnStart[j]; e < columnStart[j + 1]; e++) {
      const i = row[e];
      for (let c = 0; c < size[j]; c++) {
        for (let r = 0; r < size[i]; r++) {
          const v = values[blockStart[e] + c * size[i] + r];
          dense[rowStart[i] + r][rowStart[j] + c] = v;
          dense[rowStart[j] + c][rowStart[i] + r] = v;
        }
      }
    }
  }
  return dense;
}
