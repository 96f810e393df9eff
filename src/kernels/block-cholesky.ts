import { InternalError } from '../diagnostics/internal-error.js';
import { type BlockPattern, valueCount } from './block-pattern.js';
import {
  type AnalyzeOptions,
  allocate,
  type BlockCholesky,
  FEW,
  NARROW,
  panelFlops,
  TEAM_PAYS,
  WASM_PAYS,
  widePanelFlops,
} from './block-storage.js';
import { analyzeSymbolic, type CholeskySymbolic } from './block-symbolic.js';
import type { DenseKernels } from './dense-kernels.js';
import { subtractSquareScattered } from './dense-scattered.js';

export { type BlockPattern, buildPattern, findEntry, multiplySymmetric, valueCount } from './block-pattern.js';
export { backwardSolve, forwardSolve, solve } from './block-solve.js';
export { type AnalyzeOptions, type BlockCholesky, denseKernels } from './block-storage.js';
export type { CholeskySymbolic } from './block-symbolic.js';
export { FactorTooLarge } from './factor-too-large.js';
export { selectedInverse } from './selected-inverse.js';

/**
 * Orders the matrix, finds supernodes and allocates the factor. Do it once per pattern; `factorize` any number of times.
 * @throws FactorTooLarge where the factor has 2^31 numbers or more, or does not fit into memory
 */
export function analyze(pattern: BlockPattern, options: AnalyzeOptions = {}): BlockCholesky {
  const symbolic = analyzeSymbolic(pattern, options.ordering);
  const backend = options.backend ?? 'auto';
  const flops = widePanelFlops(symbolic);
  const wanted = backend === 'wasm' || (backend === 'auto' && flops > (options.wasmPays ?? WASM_PAYS));
  const team = flops > TEAM_PAYS ? options.team : undefined;
  return allocate(symbolic, wanted ? 'wasm' : 'typescript', team);
}

/** Own numeric storage (nothing factored yet), shared symbolic analysis. */
export function clone(chol: BlockCholesky): BlockCholesky {
  return allocate(chol.symbolic, chol.kernels.name, chol.team);
}

/**
 * Factors the matrix with these values, overwriting the previous factor: left-looking by supernodes [KERNEL-4].
 * @param values  in the pattern's layout; of diagonal blocks the lower triangle is read
 * @returns 0, or the 1-based row of the matrix whose pivot is not positive and finite (NaN is not); the factor is then unusable
 */
export function factorize(chol: BlockCholesky, values: Float64Array): number {
  const { symbolic, kernels, listHead, listNext, rowMap } = chol;
  if (values.length < valueCount(symbolic.pattern)) {
    throw new InternalError('factorize: too few values', values.length);
  }
  const { supernodes, first, belowStart, below, panelStart, scalarOrder } = symbolic;
  const x = kernels.memory;
  chol.factorOf = null;
  scatterValues(symbolic, values, x);
  listHead.fill(-1);
  for (let s = 0; s < supernodes; s++) {
    const from = first[s];
    const beyond = first[s + 1];
    const width = beyond - from;
    const rows = belowStart[s];
    const end = belowStart[s + 1];
    if (listHead[s] !== -1) {
      for (let r = from; r < beyond; r++) rowMap[r] = r - from;
      for (let k = rows; k < end; k++) rowMap[below[k]] = width + k - rows;
      for (let d = listHead[s]; d !== -1; ) {
        const after = listNext[d];
        passOn(chol, d, update(chol, d, s));
        d = after;
      }
    }
    const failed = factorPanel(kernels, x, panelStart[s], width, width + end - rows);
    if (failed !== 0) return scalarOrder[from + failed - 1] + 1;
    if (end > rows && width > 0) {
      passOn(chol, s, rows);
    }
  }
  chol.factorOf = values;
  return 0;
}

/** Supernode `d` comes next where its row `at` (an index into `below`) lies, if it has such a row. */
function passOn(chol: BlockCholesky, d: number, at: number): void {
  const { symbolic, listHead, listNext, listAt } = chol;
  if (at === symbolic.belowStart[d + 1]) return;
  const t = symbolic.ofScalar[symbolic.below[at]];
  listAt[d] = at;
  listNext[d] = listHead[t];
  listHead[t] = d;
}

function scatterValues(symbolic: CholeskySymbolic, values: Float64Array, x: Float64Array): void {
  const { pattern, entryTarget, entryStride, panelStart, supernodes } = symbolic;
  const { nodes, size, columnStart, row, blockStart } = pattern;
  x.fill(0, 0, panelStart[supernodes]);
  for (let j = 0; j < nodes; j++) {
    const width = size[j];
    for (let e = columnStart[j]; e < columnStart[j + 1]; e++) {
      const height = size[row[e]];
      const stride = entryStride[e];
      let from = blockStart[e];
      let to = entryTarget[e];
      if (to >= 0) {
        for (let c = 0; c < width; c++, to += stride) for (let r = 0; r < height; r++) x[to + r] = values[from++];
      } else {
        to = ~to;
        for (let c = 0; c < width; c++) for (let r = 0; r < height; r++) x[to + r * stride + c] = values[from++];
      }
    }
  }
}

/** Factors the square on top of a panel and solves for the rows below it. */
function factorPanel(kernels: DenseKernels, x: Float64Array, panel: number, width: number, height: number): number {
  if (width > NARROW) {
    const failed = kernels.cholesky(width, panel, height);
    if (failed === 0 && height > width) {
      kernels.solveRightTransposed(height - width, width, panel, height, panel + width, height);
    }
    return failed;
  }
  for (let q = 0; q < width; q++) {
    const column = panel + q * height;
    for (let p = 0; p < q; p++) {
      const other = panel + p * height;
      const y = x[other + q];
      for (let i = q; i < height; i++) x[column + i] -= y * x[other + i];
    }
    const pivot = x[column + q];
    if (!(pivot > 0 && pivot < Number.POSITIVE_INFINITY)) return q + 1;
    const root = Math.sqrt(pivot);
    x[column + q] = root;
    const inverse = 1 / root;
    for (let i = q + 1; i < height; i++) x[column + i] *= inverse;
  }
  return 0;
}

/**
 * Subtracts from panel `s` what the rows of supernode `d` below give to it; `rowMap` holds the place of each permuted row in
 * panel `s`.
 * @returns index into `below` of the first row of `d` that lies beyond `s`
 */
function update(chol: BlockCholesky, d: number, s: number): number {
  const { symbolic, kernels, listAt, rowMap, relative, placesStart } = chol;
  const { first, belowStart, below, panelStart } = symbolic;
  const x = kernels.memory;
  const begin = listAt[d];
  const end = belowStart[d + 1];
  const beyond = first[s + 1];
  const m = end - begin;
  let n = 0;
  while (n < m && below[begin + n] < beyond) n++;
  const k = first[d + 1] - first[d];
  const stride = k + end - belowStart[d];
  const source = panelStart[d] + k + begin - belowStart[d];
  const height = first[s + 1] - first[s] + belowStart[s + 1] - belowStart[s];
  const panel = panelStart[s];
  for (let i = 0; i < m; i++) relative[i] = rowMap[below[begin + i]];
  if (m * n > FEW && relative[m - 1] - relative[0] === m - 1) {
    // The rows are neighbours in the target: no detour.
    const target = panel + relative[0] * height + relative[0];
    kernels.subtractSquare(n, k, source, stride, target, height);
    if (m > n) kernels.subtractTimesTransposed(m - n, n, k, source + n, stride, source, stride, target + n, height);
    return begin + n;
  }
  if (m * n > FEW) kernels.subtractSquareScattered(m, n, k, source, stride, placesStart, panel, height);
  else subtractSquareScattered(m, n, k, x, source, stride, relative, 0, panel, height);
  return begin + n;
}

/** log|A| = 2 sum_j log L_jj of the last factorization. */
export function logDeterminant(chol: BlockCholesky): number {
  const { supernodes, first, belowStart, panelStart } = chol.symbolic;
  const x = chol.kernels.memory;
  let sum = 0;
  for (let s = 0; s < supernodes; s++) {
    const width = first[s + 1] - first[s];
    const step = width + belowStart[s + 1] - belowStart[s] + 1;
    for (let c = 0, at = panelStart[s]; c < width; c++, at += step) sum += Math.log(x[at]);
  }
  return 2 * sum;
}

/** Floating-point operations (multiplications and additions) of `factorize` and of `selectedInverse`, explicit zeros included. */
export function flopCount(chol: BlockCholesky): { readonly factor: number; readonly inverse: number } {
  const { supernodes, first, belowStart } = chol.symbolic;
  let factor = 0;
  let inverse = 0;
  for (let s = 0; s < supernodes; s++) {
    const w = first[s + 1] - first[s];
    const r = belowStart[s + 1] - belowStart[s];
    factor += panelFlops(w, r);
    inverse += (2 * w * w * w) / 3 + 2 * w * w * r + 2 * w * r * r;
  }
  return { factor, inverse };
}
