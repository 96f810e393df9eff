import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { compileKernels, files } from '../../scripts/build-wasm.mjs';
import { cholesky } from '../../src/kernels/dense-cholesky.js';
import { type DenseKernels, inverseScratch } from '../../src/kernels/dense-kernels.js';
import {
  invertLowerInPlace,
  solveLeftInPlace,
  solveLeftTransposedInPlace,
} from '../../src/kernels/dense-triangular.js';
import { typescriptKernels } from '../../src/kernels/dense-typescript.js';
import { wasmKernels } from '../../src/kernels/wasm/wasm-kernels.js';
import { invert, type Matrix, multiply, transpose, uniform } from './dense-reference.js';

const makers: Record<string, (length: number) => DenseKernels> = {
  typescript: typescriptKernels,
  wasm: (length) => {
    const kernels = wasmKernels(length);
    if (kernels === undefined) throw new Error('WebAssembly SIMD is not available');
    return kernels;
  },
};

// Entries are below 1 in size and the triangular factors well conditioned: errors are roundings of sums of up to 300 terms.
const ROUNDING = 1e-11;

function randomMatrix(rows: number, columns: number, seed: number): Matrix {
  const random = uniform(seed);
  return Array.from({ length: rows }, () => Array.from({ length: columns }, () => random()));
}

function lowerTriangle(n: number, seed: number): Matrix {
  return randomMatrix(n, n, seed).map((row, i) =>
    row.map((x, j) => (j < i ? x / Math.sqrt(n) : j === i ? 1.5 + x / 2 : 0)),
  );
}

const MARK = 12345.678;

/** Puts matrices side by side into memory, each with a leading dimension of its own, marks everywhere else. */
class Bench {
  private next = 3;
  readonly kernels: DenseKernels;
  constructor(name: string) {
    this.kernels = makers[name](300000);
    this.kernels.memory.fill(MARK);
  }
  put(matrix: Matrix, rows = matrix.length, columns = matrix[0]?.length ?? 0): { at: number; ld: number } {
    const ld = rows + 1 + (this.next % 3);
    const at = this.next;
    for (let i = 0; i < rows; i++)
      for (let j = 0; j < columns; j++) this.kernels.memory[at + j * ld + i] = matrix[i][j];
    this.next += ld * (columns + 1) + 1;
    return { at, ld };
  }
  /** The offset of a list of integers. */
  list(values: readonly number[]): number {
    const at = this.room(Math.ceil(values.length / 2));
    const { buffer, byteOffset } = this.kernels.memory;
    new Int32Array(buffer, byteOffset + 8 * at).set(values);
    return at;
  }
  room(length: number): number {
    const at = this.next;
    this.next += length;
    return at;
  }
  /** The matrix as it is now; what lies between its columns must be untouched. */
  take(place: { at: number; ld: number }, rows: number, columns: number): Matrix {
    const { memory } = this.kernels;
    for (let j = 0; j < columns; j++) {
      for (let i = rows; i < place.ld; i++) expect(memory[place.at + j * place.ld + i]).toBe(MARK);
    }
    expect(memory[place.at - 1]).toBe(MARK);
    return Array.from({ length: rows }, (_, i) =>
      Array.from({ length: columns }, (_, j) => memory[place.at + j * place.ld + i]),
    );
  }
}

function expectClose(actual: Matrix, expected: Matrix, part: 'all' | 'lower' = 'all'): void {
  let worst = 0;
  actual.forEach((row, i) => {
    row.forEach((x, j) => {
      if (part === 'all' || j <= i) worst = Math.max(worst, Math.abs(x - expected[i][j]));
    });
  });
  expect(worst).toBeLessThan(ROUNDING);
}

const subtract = (a: Matrix, b: Matrix) => a.map((row, i) => row.map((x, j) => x - b[i][j]));
const upperMarked = (a: Matrix) => a.map((row, i) => row.map((x, j) => (j > i ? 77 : x)));
const upperKept = (a: Matrix) => expect(a.flatMap((row, i) => row.filter((x, j) => j > i && x !== 77))).toEqual([]);

// Around every block length in the kernels: 4, 8, 16, 64 (and 256 below).
const sizes = [0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 33, 63, 64, 65, 70];
const anySize = fc.constantFrom(...sizes);

for (const name of Object.keys(makers)) {
  describe(`dense kernels, ${name}`, () => {
    const products = (m: number, n: number, k: number, seed: number) => {
      const bench = new Bench(name);
      const { kernels } = bench;
      const A = randomMatrix(m, k, seed);
      const B = randomMatrix(k, n, seed + 1);
      const C = randomMatrix(m, n, seed + 2);
      const wanted = k === 0 ? C : subtract(C, multiply(A, B));
      const a = bench.put(A, m, k);
      const b = bench.put(B, k, n);
      const c = bench.put(C, m, n);
      kernels.subtractTimes(m, n, k, a.at, a.ld, b.at, b.ld, c.at, c.ld);
      expectClose(bench.take(c, m, n), wanted);
      const bt = bench.put(k === 0 ? [] : transpose(B), n, k);
      const d = bench.put(C, m, n);
      kernels.subtractTimesTransposed(m, n, k, a.at, a.ld, bt.at, bt.ld, d.at, d.ld);
      expectClose(bench.take(d, m, n), wanted);
    };

    it('subtracts products', () => {
      fc.assert(fc.property(anySize, anySize, anySize, fc.integer(), products), { numRuns: 60 });
      products(9, 11, 260, 1);
      products(66, 10, 513, 2);
      products(5, 517, 3, 3);
    });

    it('subtracts symmetric products', () => {
      const check = (n: number, k: number, seed: number) => {
        const bench = new Bench(name);
        const { kernels } = bench;
        const A = randomMatrix(n, k, seed);
        const C = upperMarked(randomMatrix(n, n, seed + 1));
        const square = k === 0 || n === 0 ? C : subtract(C, multiply(A, transpose(A)));
        const a = bench.put(A, n, k);
        const c = bench.put(C, n, n);
        kernels.subtractSquare(n, k, a.at, a.ld, c.at, c.ld);
        const result = bench.take(c, n, n);
        expectClose(result, square, 'lower');
        upperKept(result);

        // A' (S A), S symmetric: the first product by the symmetric kernel, the second by the one that knows its result is.
        const S = randomMatrix(k, k, seed + 2).map((row, i, all) => row.map((x, j) => (j <= i ? x : all[j][i])));
        const At = n === 0 ? [] : transpose(A);
        const s = bench.put(upperMarked(S), k, k);
        const at = bench.put(At, k, n);
        const y = bench.put(
          Array.from({ length: k }, () => new Array<number>(n).fill(0)),
          k,
          n,
        );
        kernels.subtractSymmetricTimes(k, n, s.at, s.ld, at.at, at.ld, y.at, y.ld);
        const SA = k === 0 || n === 0 ? [] : multiply(S, At);
        expectClose(
          bench.take(y, k, n),
          SA.map((row) => row.map((x) => -x)),
        );
        const e = bench.put(C, n, n);
        kernels.subtractSymmetricProduct(n, k, at.at, at.ld, y.at, y.ld, e.at, e.ld);
        const last = bench.take(e, n, n);
        const minus =
          k === 0 || n === 0
            ? C
            : subtract(
                C,
                multiply(A, SA).map((row) => row.map((x) => -x)),
              );
        expectClose(last, minus, 'lower');
        upperKept(last);
      };
      fc.assert(fc.property(anySize, anySize, fc.integer(), check), { numRuns: 60 });
      check(20, 300, 4);
      check(130, 70, 5);
      check(7, 301, 6); // the last columns of a symmetric matrix, whose number is odd
    });

    it('reaches rows and columns that lie apart', () => {
      const check = (m: number, part: number, k: number, seed: number) => {
        const bench = new Bench(name);
        const { kernels } = bench;
        const n = Math.round(part * m);
        const random = uniform(seed);
        const places: number[] = [];
        let size = 0;
        for (let i = 0; i < m; i++) {
          places.push(size + Math.floor(1.5 * Math.abs(random())));
          size = places[i] + 1;
        }
        const at = bench.list(places);
        /** Is row i of the operands, in column j, among those that are meant? */
        const meant = (i: number, j: number) => j < n && i >= j;

        const A = randomMatrix(m, k, seed);
        const C = randomMatrix(size, size, seed + 1);
        const wanted = C.map((row) => row.slice());
        const Z = A.map(() => new Array<number>(m).fill(0)); // symmetric
        for (let j = 0; j < m; j++)
          for (let i = 0; i < m; i++) {
            if (!meant(i, j)) continue;
            Z[i][j] = Z[j][i] = C[places[i]][places[j]];
            for (let p = 0; p < k; p++) wanted[places[i]][places[j]] -= A[i][p] * A[j][p];
          }
        const a = bench.put(A, m, k);
        const z = bench.put(C, size, size);
        const c = bench.put(C, size, size);
        kernels.subtractSquareScattered(m, n, k, a.at, a.ld, at, c.at, c.ld);
        expectClose(bench.take(c, size, size), wanted);

        const G = randomMatrix(m, k, seed + 2);
        const g = bench.put(G, m, k);
        kernels.addGatheredTimes(m, n, k, at, z.at, z.ld, a.at, a.ld, g.at, g.ld);
        const product = m === 0 ? [] : multiply(Z, A);
        expectClose(
          bench.take(g, m, k),
          G.map((row, i) => row.map((x, p) => x + product[i][p])),
        );

        const d = bench.put(randomMatrix(m, n, seed + 3), m, n);
        const before = bench.take(d, m, n);
        kernels.gather(m, n, at, z.at, z.ld, d.at, d.ld);
        expect(bench.take(d, m, n)).toEqual(before.map((row, i) => row.map((x, j) => (meant(i, j) ? Z[i][j] : x))));
      };
      const share = fc.constantFrom(0, 0.3, 0.5, 1);
      fc.assert(fc.property(anySize, share, fc.constantFrom(1, 2, 3, 4, 5, 9), fc.integer(), check), { numRuns: 60 });
      check(130, 0.6, 270, 7);
    });

    it('solves with a triangle on the right', () => {
      const check = (m: number, n: number, seed: number) => {
        const bench = new Bench(name);
        const { kernels } = bench;
        const L = lowerTriangle(n, seed);
        const B = randomMatrix(m, n, seed + 1);
        const l = bench.put(upperMarked(L), n, n);
        const b = bench.put(B, m, n);
        kernels.solveRightTransposed(m, n, l.at, l.ld, b.at, b.ld);
        const X = bench.take(b, m, n);
        if (n > 0 && m > 0) expectClose(multiply(X, transpose(L)), B);
        const c = bench.put(B, m, n);
        kernels.solveRight(m, n, l.at, l.ld, c.at, c.ld);
        const Y = bench.take(c, m, n);
        if (n > 0 && m > 0) expectClose(multiply(Y, L), B);
      };
      fc.assert(fc.property(anySize, anySize, fc.integer(), check), { numRuns: 60 });
      check(21, 150, 6);
    });

    it('factors, inverts, and names the column that fails', () => {
      const check = (n: number, seed: number) => {
        const bench = new Bench(name);
        const { kernels } = bench;
        const L = lowerTriangle(n, seed);
        const A = n === 0 ? [] : multiply(L, transpose(L));
        const a = bench.put(upperMarked(A), n, n);
        expect(kernels.cholesky(n, a.at, a.ld)).toBe(0);
        const factor = bench.take(a, n, n);
        expectClose(factor, L, 'lower');
        upperKept(factor);
        const scratch = bench.room(inverseScratch(n));
        const { memory } = kernels;
        const end = bench.room(1);
        kernels.inverseFromFactor(n, a.at, a.ld, scratch);
        expect(memory[end]).toBe(MARK); // no more scratch than promised
        const inverse = bench.take(a, n, n);
        expectClose(inverse, invert(A).inverse, 'lower');
        upperKept(inverse);
        for (const bad of n === 0 ? [] : [0, Math.floor(n / 2), n - 1]) {
          for (const value of [-1, 0, Number.NaN, Number.POSITIVE_INFINITY]) {
            const D = A.map((row, i) => row.map((x, j) => (i === bad && j === bad ? value : x)));
            const d = bench.put(D, n, n);
            expect(kernels.cholesky(n, d.at, d.ld)).toBe(bad + 1);
          }
        }
      };
      for (const n of [...sizes, 100, 129]) check(n, n);
    });
  });
}

describe('the two backends', () => {
  it('agree to rounding on a large factor', () => {
    const n = 300;
    const random = uniform(9);
    const results = Object.keys(makers).map((name) => {
      const kernels = makers[name](n * n + inverseScratch(n));
      return kernels;
    });
    const a = Float64Array.from({ length: n * n }, () => random());
    for (let j = 0; j < n; j++) a[j * n + j] = n;
    for (const kernels of results) {
      kernels.memory.set(a);
      expect(kernels.cholesky(n, 0, n)).toBe(0);
      kernels.inverseFromFactor(n, 0, n, n * n);
    }
    let worst = 0;
    for (let j = 0; j < n; j++) {
      for (let i = j; i < n; i++)
        worst = Math.max(worst, Math.abs(results[0].memory[j * n + i] - results[1].memory[j * n + i]));
    }
    expect(worst).toBeLessThan(1e-14 / Math.sqrt(n));
  });

  it('there is no WebAssembly where its memory does not suffice', () => {
    expect(wasmKernels(2 ** 29)).toBeUndefined();
  });

  it('there is none where the platform has no SIMD, and factors are made without', async () => {
    vi.resetModules(); // compiled modules are kept
    vi.stubGlobal('WebAssembly', {
      Module: class {
        constructor() {
          throw new TypeError('no SIMD');
        }
      },
    });
    try {
      const { analyze, buildPattern, factorize, logDeterminant } = await import('../../src/kernels/block-cholesky.js');
      const team = { threads: 2, wake: () => expect.fail('nobody can help'), rest: () => {} };
      const none = new Int32Array(0);
      const chol = analyze(buildPattern(Int32Array.of(2), none, none), { backend: 'wasm', team });
      expect(chol.kernels.name).toBe('typescript');
      expect(factorize(chol, Float64Array.of(4, 2, 2, 5))).toBe(0);
      expect(logDeterminant(chol)).toBeCloseTo(Math.log(4 * 5 - 2 * 2), 12);
    } finally {
      vi.unstubAllGlobals();
      vi.resetModules();
    }
  });

  it.each(files)('the committed %s is what the source compiles to', async (file) => {
    const text = readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');
    expect(await compileKernels(file)).toBe(text);
  });
});

describe('dense Cholesky and triangles', () => {
  it('checked door: returns the factor, undefined where there is none', () => {
    const L = cholesky(Float64Array.of(4, 2, 2, 5), 2);
    expect(L).toEqual(Float64Array.of(2, 1, 0, 2));
    expect(cholesky(Float64Array.of(1, 2, 2, 1), 2)).toBeUndefined();
    expect(() => cholesky(new Float64Array(3), 2)).toThrow('wrong length');
  });

  it('solves on the left and inverts', () => {
    for (const [n, m] of [
      [1, 3],
      [5, 1],
      [8, 2],
      [21, 4],
      [70, 3],
    ]) {
      // biome-ignore format: pairs
      const L = lowerTriangle(n, n);
      const l = Float64Array.from(transpose(L).flat());
      const B = randomMatrix(n, m, 5);
      const read = (x: Float64Array) =>
        Array.from({ length: n }, (_, i) => Array.from({ length: m }, (_, j) => x[j * n + i]));
      const b = Float64Array.from(transpose(B).flat());
      solveLeftInPlace(n, m, l, 0, n, b, 0, n);
      expectClose(multiply(L, read(b)), B);
      const c = Float64Array.from(transpose(B).flat());
      solveLeftTransposedInPlace(n, m, l, 0, n, c, 0, n);
      expectClose(multiply(transpose(L), read(c)), B);
      const inverse = l.slice();
      invertLowerInPlace(n, inverse, 0, n);
      const I = Array.from({ length: n }, (_, i) =>
        Array.from({ length: n }, (_, j) => (i >= j ? inverse[j * n + i] : 0)),
      );
      expectClose(
        multiply(L, I),
        L.map((row, i) => row.map((_, j) => (i === j ? 1 : 0))),
      );
    }
  });
});
