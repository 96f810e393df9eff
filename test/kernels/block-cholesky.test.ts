import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type AnalyzeOptions,
  analyze,
  type BlockCholesky,
  type BlockPattern,
  backwardSolve,
  buildPattern,
  clone,
  FactorTooLarge,
  factorize,
  findEntry,
  forwardSolve,
  logDeterminant,
  multiplySymmetric,
  selectedInverse,
  solve,
  valueCount,
} from '../../src/kernels/block-cholesky.js';
import { blockProblems, definiteValues, patternOf, toDense } from './block-problem.js';
import { invert, type Matrix, multiply, transpose, uniform } from './dense-reference.js';

// The matrices are diagonally dominant, so that rounding is all that separates two ways to the same number.
const ROUNDING = 1e-11;

function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, scale = 1): void {
  expect(actual.length).toBe(expected.length);
  let worst = 0;
  for (let i = 0; i < actual.length; i++) {
    const error = Math.abs(actual[i] - expected[i]) / Math.max(scale, Math.abs(expected[i]));
    worst = Math.max(error, worst); // NaN comes through
  }
  expect(worst).toBeLessThan(ROUNDING);
}

function rightHand(rows: number, columns: number, seed: number): Float64Array {
  const random = uniform(seed);
  return Float64Array.from({ length: rows * columns }, () => random());
}

function toMatrix(B: Float64Array, columns: number): Matrix {
  return Array.from({ length: B.length / columns }, (_, i) => Array.from(B.subarray(i * columns, (i + 1) * columns)));
}

/** Everything the factor can do, against Gauss-Jordan elimination of the dense matrix. */
function checkAgainstDense(
  pattern: BlockPattern,
  seed: number,
  ordering: NonNullable<AnalyzeOptions['ordering']> = 'minimumDegree',
): void {
  const dense = toDense(pattern, definiteValues(pattern, seed));
  const inverted = invert(dense);
  for (const backend of ['typescript', 'wasm'] as const) {
    checkBackend(pattern, seed, dense, inverted, { backend, ordering });
  }
}

function checkBackend(
  pattern: BlockPattern,
  seed: number,
  dense: Matrix,
  { inverse, logDeterminant: expected }: ReturnType<typeof invert>,
  options: AnalyzeOptions,
): void {
  const values = definiteValues(pattern, seed);
  const chol = analyze(pattern, options);
  if (options.backend !== undefined) expect(chol.kernels.name).toBe(options.backend);
  expect(factorize(chol, values)).toBe(0);
  expectClose([logDeterminant(chol)], [expected]);

  for (const columns of [1, 3, 5, 40]) checkSolves(pattern, values, dense, inverse, chol, columns);

  const into = new Float64Array(valueCount(pattern)).fill(Number.NaN);
  selectedInverse(chol, into);
  const wanted = toDense(pattern, into);
  const present = toDense(pattern, new Float64Array(valueCount(pattern)).fill(1));
  expectClose(
    wanted.flat(),
    inverse.flatMap((row, i) => row.map((v, j) => (present[i][j] === 1 ? v : 0))),
  );
}

function checkSolves(
  pattern: BlockPattern,
  values: Float64Array,
  dense: Matrix,
  inverse: Matrix,
  chol: BlockCholesky,
  columns: number,
): void {
  const B = rightHand(dense.length, columns, columns);
  const x = B.slice();
  solve(chol, x, columns);
  expectClose(x, multiply(inverse, toMatrix(B, columns)).flat());

  const product = new Float64Array(B.length);
  multiplySymmetric(pattern, values, B, product, columns);
  expectClose(product, multiply(dense, toMatrix(B, columns)).flat());

  // F = P' L^-1 P: F'F is the inverse, and backwardSolve applies F'.
  const half = B.slice();
  forwardSolve(chol, half, columns);
  const F = toMatrix(B, columns);
  const gram = multiply(transpose(F), multiply(inverse, F)).flat();
  const H = toMatrix(half, columns);
  if (dense.length > 0) expectClose(multiply(transpose(H), H).flat(), gram);
  backwardSolve(chol, half, columns);
  expectClose(half, x);
}

describe('block Cholesky', () => {
  it('agrees with dense elimination on random patterns', () => {
    fc.assert(
      fc.property(blockProblems(14, 4), (problem) => checkAgainstDense(patternOf(problem), problem.seed)),
      { numRuns: 120 },
    );
  });

  it('agrees on patterns of large blocks', () => {
    fc.assert(
      fc.property(blockProblems(6, 23), (problem) => checkAgainstDense(patternOf(problem), problem.seed)),
      { numRuns: 15 },
    );
  });

  const structured: Record<string, { sizes: number[]; pairs: [number, number][] }> = {
    empty: { sizes: [], pairs: [] },
    'only nodes of size 0': { sizes: [0, 0, 0], pairs: [[1, 0]] },
    'block diagonal': { sizes: [1, 2, 3, 4, 5, 9], pairs: [] },
    arrow: { sizes: [3, ...new Array<number>(30).fill(2)], pairs: range(30).map((i) => [i + 1, 0]) },
    'arrow down': { sizes: new Array<number>(31).fill(2), pairs: range(30).map((i) => [30, i]) },
    dense: {
      sizes: new Array<number>(12).fill(5),
      pairs: range(12).flatMap((i) => range(i).map((j) => [i, j] as [number, number])),
    },
    tridiagonal: { sizes: new Array<number>(60).fill(1), pairs: range(59).map((i) => [i + 1, i]) },
    // Wide supernodes with rows in several others.
    grid: {
      sizes: range(36).map((i) => 5 + (i % 3)),
      pairs: range(36).flatMap((i) => {
        const near: [number, number][] = [];
        if (i % 6 > 0) near.push([i, i - 1]);
        if (i >= 6) near.push([i, i - 6]);
        return near;
      }),
    },
    nested: {
      sizes: [...new Array<number>(40).fill(2), ...new Array<number>(8).fill(1), 3],
      pairs: range(40).flatMap((i) => [
        [40 + (i >> 3), i],
        [48, i],
        [48, 40 + (i >> 3)],
      ]),
    },
    crossed: {
      sizes: [...new Array<number>(40).fill(1), ...new Array<number>(25).fill(2)],
      pairs: range(40).flatMap((i) =>
        [0, 1, 2, 3].map((k) => [40 + ((i * 7 + k * k * 3) % 25), i] as [number, number]),
      ),
    },
  };
  for (const [name, { sizes, pairs }] of Object.entries(structured)) {
    it(`agrees with dense elimination: ${name}`, () => checkAgainstDense(patternOf({ sizes, pairs, seed: 1 }), 11));
  }

  it('agrees where panels are larger than the kernels blocks', () => {
    // 200 leaves of size 1 on 30 nodes of size 5 that fill in completely.
    const pairs: [number, number][] = range(200).flatMap((i) =>
      [0, 1, 2].map((k) => [200 + ((i * 11 + k * (i % 13) + k) % 30), i] as [number, number]),
    );
    const sizes = [...new Array<number>(200).fill(1), ...new Array<number>(30).fill(5)];
    checkAgainstDense(patternOf({ sizes, pairs, seed: 0 }), 3);
  });

  it('agrees where narrow supernodes of all widths reach into wide panels', () => {
    // 60 nodes of sizes 1 to 4, each with most of 20 nodes of size 3 and with one of 5 nodes of size 1 that come after.
    const pairs: [number, number][] = [];
    for (let i = 0; i < 60; i++) {
      for (let k = 0; k < 20; k++) if ((i * 7 + k * 5) % 6 !== 0) pairs.push([60 + k, i]);
      pairs.push([80 + (i % 5), i]);
    }
    const sizes = [
      ...range(60).map((i) => 1 + (i % 4)),
      ...new Array<number>(20).fill(3),
      ...new Array<number>(5).fill(1),
    ];
    const pattern = patternOf({ sizes, pairs, seed: 0 });
    checkAgainstDense(pattern, 4, 'given');
    checkAgainstDense(pattern, 4, 'minimumDegree');
  });

  it('gives the same numbers whatever the order of the nodes', () => {
    fc.assert(
      fc.property(blockProblems(12, 3), fc.integer(), (problem, shuffle) => {
        const n = problem.sizes.length;
        const pattern = patternOf(problem);
        const values = definiteValues(pattern, problem.seed);
        const random = uniform(shuffle);
        const to = range(n).sort(() => random());
        const sizes = new Array<number>(n);
        for (let i = 0; i < n; i++) sizes[to[i]] = problem.sizes[i];
        const moved = patternOf({ sizes, pairs: problem.pairs.map(([i, j]) => [to[i], to[j]]), seed: 0 });
        const movedValues = moveValues(pattern, values, moved, to);
        const a = analyze(pattern);
        const b = analyze(moved);
        expect(factorize(a, values)).toBe(0);
        expect(factorize(b, movedValues)).toBe(0);
        expectClose([logDeterminant(b)], [logDeterminant(a)]);
        const za = new Float64Array(values.length);
        const zb = new Float64Array(values.length);
        selectedInverse(a, za);
        selectedInverse(b, zb);
        expectClose(zb, moveValues(pattern, za, moved, to));
      }),
      { numRuns: 100 },
    );
  });

  it('names a row where the matrix is not positive definite, and is good again afterwards', () => {
    fc.assert(
      fc.property(blockProblems(10, 3), fc.nat(), fc.constantFrom(-1, 0, Number.NaN), (problem, pick, bad) => {
        const pattern = patternOf(problem);
        const rows = pattern.rowStart[pattern.nodes];
        fc.pre(rows > 0);
        const values = definiteValues(pattern, problem.seed);
        const chol = analyze(pattern);
        expect(factorize(chol, values)).toBe(0);
        const before = logDeterminant(chol);
        const at = pick % rows;
        let node = 0;
        while (pattern.rowStart[node + 1] <= at) node++;
        const r = at - pattern.rowStart[node];
        const damaged = values.slice();
        damaged[pattern.blockStart[pattern.columnStart[node]] + r * pattern.size[node] + r] = bad;
        const status = factorize(chol, damaged);
        expect(status).toBeGreaterThan(0);
        expect(status).toBeLessThanOrEqual(rows);
        if (pattern.row.length === pattern.nodes) {
          // Block diagonal: the failure is in that block, at that row or one after it.
          expect(status).toBeGreaterThanOrEqual(at + 1);
          expect(status).toBeLessThanOrEqual(pattern.rowStart[node + 1]);
        }
        expect(factorize(chol, values)).toBe(0);
        expect(logDeterminant(chol)).toBe(before);
      }),
      { numRuns: 200 },
    );
  });

  it('keeps the factors of clones apart', () => {
    const pattern = patternOf({ sizes: [2, 3, 1, 4], pairs: [[1, 0], [3, 0], [3, 2]], seed: 0 }); // biome-ignore format: pairs
    const a = analyze(pattern);
    const b = clone(a);
    expect(b.symbolic).toBe(a.symbolic);
    factorize(a, definiteValues(pattern, 1));
    const first = logDeterminant(a);
    factorize(b, definiteValues(pattern, 2));
    expect(logDeterminant(a)).toBe(first);
    expect(logDeterminant(b)).not.toBe(first);
  });
});

describe('factors that cannot be', () => {
  it('are refused before anything large is allocated', () => {
    expect(() => buildPattern(Int32Array.of(50000), new Int32Array(0), new Int32Array(0))).toThrow(FactorTooLarge);
    // 60 nodes of 1500 rows, each connected with six others: the pattern is small, the factor is not.
    const pairs = range(60).flatMap((i) => [1, 7, 23].map((k) => [i, (i * 11 + k) % 60] as [number, number]));
    const pattern = patternOf({ sizes: new Array<number>(60).fill(1500), pairs, seed: 0 });
    expect(() => analyze(pattern)).toThrow(FactorTooLarge);
  });

  it('right-hand sides and values that are too short are refused', () => {
    const pattern = patternOf({ sizes: [2, 2], pairs: [[1, 0]], seed: 0 });
    const chol = analyze(pattern);
    expect(() => factorize(chol, new Float64Array(3))).toThrow('too few values');
    factorize(chol, definiteValues(pattern, 1));
    expect(() => solve(chol, new Float64Array(7), 2)).toThrow('too short');
    expect(() => selectedInverse(chol, new Float64Array(3))).toThrow('too short');
  });
});

describe('block pattern', () => {
  it('sorts, removes repeated pairs and adds diagonals', () => {
    fc.assert(
      fc.property(blockProblems(12, 3), (problem) => {
        const pattern = patternOf(problem);
        const wanted = new Set(range(problem.sizes.length).map((i) => `${i},${i}`));
        for (const [i, j] of problem.pairs) wanted.add(`${Math.max(i, j)},${Math.min(i, j)}`);
        expect(pattern.row.length).toBe(wanted.size);
        let values = 0;
        for (let j = 0; j < pattern.nodes; j++) {
          expect(pattern.row[pattern.columnStart[j]]).toBe(j);
          for (let e = pattern.columnStart[j]; e < pattern.columnStart[j + 1]; e++) {
            expect(wanted.has(`${pattern.row[e]},${j}`)).toBe(true);
            if (e > pattern.columnStart[j]) expect(pattern.row[e]).toBeGreaterThan(pattern.row[e - 1]);
            expect(pattern.blockStart[e]).toBe(values);
            values += pattern.size[j] * pattern.size[pattern.row[e]];
            expect(findEntry(pattern, pattern.row[e], j)).toBe(e);
          }
        }
        expect(valueCount(pattern)).toBe(values);
      }),
    );
  });

  it('says that a block is absent, and refuses nodes that do not exist', () => {
    const pattern = buildPattern(Int32Array.of(1, 1, 1), Int32Array.of(2), Int32Array.of(0));
    expect(findEntry(pattern, 1, 0)).toBe(-1);
    expect(findEntry(pattern, 2, 1)).toBe(-1);
    expect(() => buildPattern(Int32Array.of(1), Int32Array.of(1), Int32Array.of(0))).toThrow('no such node');
    expect(() => buildPattern(Int32Array.of(-1), new Int32Array(0), new Int32Array(0))).toThrow('negative size');
  });
});

function range(n: number): number[] {
  return Array.from({ length: n }, (_, i) => i);
}

function moveValues(from: BlockPattern, values: Float64Array, to: BlockPattern, place: number[]): Float64Array {
  const result = new Float64Array(values.length);
  for (let j = 0; j < from.nodes; j++) {
    for (let e = from.columnStart[j]; e < from.columnStart[j + 1]; e++) {
      const i = from.row[e];
      const swapped = place[i] < place[j];
      const target = to.blockStart[findEntry(to, Math.max(place[i], place[j]), Math.min(place[i], place[j]))];
      for (let c = 0; c < from.size[j]; c++) {
        for (let r = 0; r < from.size[i]; r++) {
          const v = values[from.blockStart[e] + c * from.size[i] + r];
          result[target + (swapped ? r * from.size[j] + c : c * from.size[i] + r)] = v;
        }
      }
    }
  }
  return result;
}
