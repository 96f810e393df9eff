// Rates of the dense kernels and of the block Cholesky against what WebAssembly can do at most: prints JSON. Usage: worker.ts [DESIGN ...]
import {
  analyze,
  type BlockPattern,
  factorize,
  flopCount,
  selectedInverse,
  valueCount,
} from '../../src/kernels/block-cholesky.js';
import { type DenseKernels, inverseScratch } from '../../src/kernels/dense-kernels.js';
import { typescriptKernels } from '../../src/kernels/dense-typescript.js';
import { createRng } from '../../src/kernels/rng.js';
import { wasmKernels } from '../../src/kernels/wasm/wasm-kernels.js';
import { median } from '../statistics.js';
import { kernelDesigns } from './designs.js';
import { type Peak, peak, processorSeconds } from './peak.js';

/** How quickly some work with a known count of operations is done. */
export interface Rate {
  readonly seconds: number; // of processor time, the least
  readonly perSecond: number; // operations
  readonly share: number; // of the peak measured before a repetition; the median of the repetitions
}

export interface DenseResult {
  readonly name: string;
  readonly operations: number;
  readonly wasm: Rate;
  readonly typescript: Rate;
}

export interface SparseResult {
  readonly name: string;
  readonly scalars: number;
  readonly numbers: number; // in the factor
  readonly widest: number; // columns of the widest supernode
  readonly factor: Rate & { readonly operations: number };
  readonly inverse: Rate & { readonly operations: number };
}

export interface KernelResults {
  readonly peak: number; // operations in a second, the median of all that were measured
  readonly dense: readonly DenseResult[];
  readonly sparse: readonly SparseResult[];
}

const rng = createRng('kernels');
const top: Peak = await peak();
const peaks: number[] = [];

/**
 * The least time of several, the peak measured in turn: the clock of the processor changes, so that a repetition is only compared
 * with the peak next to it. @param restore  done before, not timed
 */
function rateOf(operations: number, work: () => void, restore: () => void, least: number): Rate {
  let best = Number.POSITIVE_INFINITY;
  const shares: number[] = [];
  const stop = performance.now() + 1500;
  // what takes less than the clock can tell is done many times in a row
  restore();
  const once = clock(work);
  const many = once > 0.002 ? 1 : Math.ceil(0.004 / Math.max(once, 1e-6));
  for (let k = 0; k < least || (k < 15 && performance.now() < stop); k++) {
    const measured = top.measure();
    peaks.push(measured);
    let spent = 0;
    for (let j = 0; j < many; j++) {
      restore();
      spent += many === 1 ? clock(work) : precise(work);
    }
    best = Math.min(best, spent / many);
    shares.push((operations * many) / spent / measured);
  }
  return { seconds: best, perSecond: operations / best, share: median(shares) };
}

function clock(work: () => void): number {
  const from = processorSeconds();
  work();
  return processorSeconds() - from;
}

/** Elapsed time, for what is too short to be interrupted often. */
function precise(work: () => void): number {
  const from = performance.now();
  work();
  return (performance.now() - from) / 1000;
}

/** The dense kernels on n x n matrices; a positive definite one is at 0, and its factor n^2 further on. */
function denseResults(n: number): DenseResult[] {
  const square = n * n;
  const length = 3 * square + inverseScratch(n);
  const [a, l, c] = [0, square, 2 * square];
  const compiled = wasmKernels(length);
  if (compiled === undefined) throw new Error('no WebAssembly with SIMD');
  const sets = [compiled, typescriptKernels(length)];
  const start = new Float64Array(2 * square);
  for (let j = 0; j < n; j++)
    for (let i = j; i < n; i++) start[j * n + i] = start[i * n + j] = i === j ? 2 * n : rng.uniform() - 0.5;
  start.copyWithin(square, 0, square);
  for (const { memory, cholesky } of sets) {
    memory.set(start);
    if (cholesky(n, l, n) !== 0) throw new Error('not positive definite');
  }
  const restore = (k: DenseKernels): void => {
    k.memory.copyWithin(c, a, a + square);
  };
  const times = (k: DenseKernels): number => (k.name === 'wasm' ? 5 : 2); // the twin is slow
  const kinds: readonly { name: string; operations: number; work: (k: DenseKernels) => void }[] = [
    { name: 'Cholesky', operations: n ** 3 / 3, work: (k) => k.cholesky(n, c, n) },
    { name: 'triangular solve, B L^-T', operations: n ** 3, work: (k) => k.solveRightTransposed(n, n, l, n, c, n) },
    { name: 'triangular solve, B L^-1', operations: n ** 3, work: (k) => k.solveRight(n, n, l, n, c, n) },
    { name: 'syrk, C - A A^T', operations: n ** 3, work: (k) => k.subtractSquare(n, n, a, n, c, n) },
    {
      name: 'gemm, C - A B^T',
      operations: 2 * n ** 3,
      work: (k) => k.subtractTimesTransposed(n, n, n, a, n, l, n, c, n),
    },
    { name: 'gemm, C - A B', operations: 2 * n ** 3, work: (k) => k.subtractTimes(n, n, n, a, n, l, n, c, n) },
  ];
  const inverse = {
    name: 'inverse from the factor',
    operations: (2 * n ** 3) / 3,
    work: (k: DenseKernels) => k.inverseFromFactor(n, c, n, 3 * square),
  };
  const results = kinds.map((kind) => {
    const [wasm, typescript] = sets.map((k) =>
      rateOf(
        kind.operations,
        () => kind.work(k),
        () => restore(k),
        times(k),
      ),
    );
    return { name: `${kind.name}, ${n}`, operations: kind.operations, wasm, typescript };
  });
  const [wasm, typescript] = sets.map((k) =>
    rateOf(
      inverse.operations,
      () => inverse.work(k),
      () => k.memory.copyWithin(c, l, l + square),
      times(k),
    ),
  );
  return [...results, { name: `${inverse.name}, ${n}`, operations: inverse.operations, wasm, typescript }];
}

/** Diagonally dominant values, as those of fits are for small theta. */
function valuesOf(pattern: BlockPattern): Float64Array {
  const { nodes, size, rowStart, columnStart, row, blockStart } = pattern;
  const values = new Float64Array(valueCount(pattern));
  const total = new Float64Array(rowStart[nodes]);
  for (let j = 0; j < nodes; j++)
    for (let e = columnStart[j]; e < columnStart[j + 1]; e++) {
      const i = row[e];
      for (let c = 0; c < size[j]; c++)
        for (let r = 0; r < size[i]; r++) {
          if (i === j && r <= c) continue;
          const v = rng.uniform() - 0.5;
          values[blockStart[e] + c * size[i] + r] = v;
          total[rowStart[i] + r] += Math.abs(v);
          total[rowStart[j] + c] += Math.abs(v);
        }
    }
  for (let j = 0; j < nodes; j++)
    for (let c = 0; c < size[j]; c++) values[blockStart[columnStart[j]] + c * size[j] + c] = 1 + total[rowStart[j] + c];
  return values;
}

function sparseResult(name: string, pattern: BlockPattern): SparseResult {
  const values = valuesOf(pattern);
  const chol = analyze(pattern);
  const { symbolic } = chol;
  const operations = flopCount(chol);
  const nothing = () => {};
  const into = new Float64Array(values.length);
  const factor = () => {
    if (factorize(chol, values) !== 0) throw new Error('not positive definite');
  };
  for (let k = 0; k < 2; k++) {
    factor(); // compiled by then
    selectedInverse(chol, into);
  }
  return {
    name,
    scalars: pattern.rowStart[pattern.nodes],
    numbers: symbolic.panelStart[symbolic.supernodes],
    widest: symbolic.largestWidth,
    factor: { ...rateOf(operations.factor, factor, nothing, 5), operations: operations.factor },
    inverse: {
      ...rateOf(operations.inverse, () => selectedInverse(chol, into), nothing, 5),
      operations: operations.inverse,
    },
  };
}

const wanted = process.argv.slice(2);
const chosen = (name: string) => wanted.length === 0 || wanted.some((w) => name.includes(w));
const dense = [64, 256, 1024].flatMap((n) => (chosen('dense') ? denseResults(n) : []));
const sparse = kernelDesigns.filter((d) => chosen(d.name)).map((d) => sparseResult(d.name, d.pattern()));
const results: KernelResults = { peak: peaks.length > 0 ? median(peaks) : top.measure(), dense, sparse };
console.log(JSON.stringify(results));
