import { InternalError } from '../diagnostics/internal-error.js';
import { valueCount } from './block-pattern.js';
import { type BlockCholesky, FEW, NARROW } from './block-storage.js';
import type { CholeskySymbolic } from './block-symbolic.js';
import { addGatheredTimes } from './dense-scattered.js';

/**
 * The entries of A^-1 on the pattern of A [KERNEL-5], from the last factorization (which is kept). Takahashi's recursion by supernodes,
 * from the last to the first: with L11 the square and L21 the rows below of a panel, Y = L21 L11^-1 and Z22 the part of the
 * inverse that is known already,
 *   Z21 = -Z22 Y,   Z11 = L11^-T L11^-1 - Y' Z21.
 * Wide supernodes gather Z22 and use the dense kernels. Narrow ones form G = Z22 L21 from Z22 where it stands, then
 * Z21 = -G L11^-1.
 * @param into  the pattern's layout; diagonal blocks are written in full
 */
export function selectedInverse(chol: BlockCholesky, into: Float64Array): void {
  const { symbolic, kernels, inverseStart, scratchStart } = chol;
  if (into.length < valueCount(symbolic.pattern)) throw new InternalError('selectedInverse: too short', into.length);
  const { supernodes, first, belowStart, panelStart } = symbolic;
  const x = kernels.memory;
  x.fill(0, inverseStart, scratchStart);
  for (let s = supernodes - 1; s >= 0; s--) {
    const w = first[s + 1] - first[s];
    if (w === 0) continue;
    const r = belowStart[s + 1] - belowStart[s];
    const z = inverseStart + panelStart[s];
    if (isNarrow(symbolic, s)) {
      if (r > 0) takeShares(chol, s);
      finishNarrow(x, panelStart[s], z, w, w + r);
    } else {
      x.copyWithin(z, panelStart[s], panelStart[s + 1]);
      invertWide(chol, s, z, w, r);
    }
  }
  collect(chol, into);
}

/** Narrow supernodes with fewer rows whose part of the inverse needs no gathering are not worth a call of dense kernels. */
const manyRows = 32;

function isNarrow(symbolic: CholeskySymbolic, s: number): boolean {
  const { first, belowStart } = symbolic;
  const width = first[s + 1] - first[s];
  const rows = belowStart[s + 1] - belowStart[s];
  return width > 0 && width <= NARROW && (rows < manyRows || !areNeighbours(symbolic, s));
}

/** Are the rows below `s` neighbours in the square of one other supernode, so that Z22 is there as a matrix? */
function areNeighbours({ first, belowStart, below, ofScalar }: CholeskySymbolic, s: number): boolean {
  const begin = belowStart[s];
  const last = belowStart[s + 1] - 1;
  return (
    last >= begin && below[last] - below[begin] === last - begin && below[last] < first[ofScalar[below[begin]] + 1]
  );
}

function invertWide(chol: BlockCholesky, s: number, z: number, w: number, r: number): void {
  const { symbolic, kernels, inverseStart, scratchStart } = chol;
  const { first, belowStart, below, panelStart, ofScalar } = symbolic;
  const x = kernels.memory;
  const h = w + r;
  if (r === 0) {
    kernels.inverseFromFactor(w, z, h, scratchStart);
    return;
  }
  let known = scratchStart;
  let stride = r;
  if (areNeighbours(symbolic, s)) {
    const row = below[belowStart[s]];
    const t = ofScalar[row];
    stride = first[t + 1] - first[t] + belowStart[t + 1] - belowStart[t];
    known = inverseStart + panelStart[t] + (row - first[t]) * (stride + 1);
  } else gatherKnown(chol, s);
  const y = scratchStart + r * r;
  kernels.solveRight(r, w, z, h, z + w, h);
  for (let j = 0; j < w; j++) {
    x.copyWithin(y + j * r, z + j * h + w, z + (j + 1) * h);
    x.fill(0, z + j * h + w, z + (j + 1) * h);
  }
  kernels.subtractSymmetricTimes(r, w, known, stride, y, r, z + w, h);
  // Z22 and Y stay where they are; what the square needs comes behind them.
  kernels.inverseFromFactor(w, z, h, y + r * w);
  kernels.subtractSymmetricProduct(w, r, y, r, z + w, h, z, h);
}

/** Z21 = -G L11^-1 in place of G, Z11 = L11^-T (L11^-1 - L21' Z21); `l` and `z` are the panels of L and of the inverse. */
function finishNarrow(x: Float64Array, l: number, z: number, w: number, h: number): void {
  for (let c = w - 1; c >= 0; c--) {
    const column = z + c * h;
    for (let p = c + 1; p < w; p++) {
      const f = x[l + c * h + p];
      const other = z + p * h;
      // Column p has its sign already.
      for (let i = w; i < h; i++) x[column + i] += f * x[other + i];
    }
    const inverse = -1 / x[l + c * h + c];
    for (let i = w; i < h; i++) x[column + i] *= inverse;
  }
  for (let c = 0; c < w; c++) {
    const column = z + c * h;
    // Column c of L11^-1, then minus L21' Z21, from row c on: the rest follows by symmetry.
    x[column + c] = 1 / x[l + c * h + c];
    for (let i = c + 1; i < w; i++) {
      let sum = 0;
      for (let p = c; p < i; p++) sum -= x[l + p * h + i] * x[column + p];
      x[column + i] = sum / x[l + i * h + i];
    }
  }
  for (let c = 0; c < w; c++) {
    const column = z + c * h;
    for (let i = c; i < w; i++) {
      const other = l + i * h;
      let sum = x[column + i];
      for (let p = w; p < h; p++) sum -= x[other + p] * x[column + p];
      x[column + i] = sum;
    }
    for (let i = w - 1; i >= c; i--) {
      let sum = x[column + i];
      for (let p = i + 1; p < w; p++) sum -= x[l + i * h + p] * x[column + p];
      x[column + i] = sum / x[l + i * h + i];
    }
  }
}

/** G of narrow supernode `s`. */
function takeShares(chol: BlockCholesky, s: number): void {
  const { symbolic, kernels, inverseStart, relative, placesStart } = chol;
  const { first, belowStart, below, panelStart, ofScalar } = symbolic;
  const w = first[s + 1] - first[s];
  const begin = belowStart[s];
  const end = belowStart[s + 1];
  const h = w + end - begin;
  for (let k = begin; k < end; ) {
    const t = ofScalar[below[k]];
    const last = placeRows(chol, k, end, t);
    const m = end - k;
    const n = last - k;
    const height = first[t + 1] - first[t] + belowStart[t + 1] - belowStart[t];
    const z = inverseStart + panelStart[t];
    const b = panelStart[s] + w + k - begin;
    const g = b + inverseStart;
    if (m * n > FEW) kernels.addGatheredTimes(m, n, w, placesStart, z, height, b, h, g, h);
    else addGatheredTimes(m, n, w, kernels.memory, relative, 0, z, height, b, h, g, h);
    k = last;
  }
}

/**
 * `relative` becomes the place in panel `t` of the rows that stand in `below` from `k`, the first that lies in `t`, to `end`.
 * @returns the first row that lies beyond `t`
 */
function placeRows(chol: BlockCholesky, k: number, end: number, t: number): number {
  const { first, belowStart, below } = chol.symbolic;
  const { relative } = chol;
  const beyond = first[t + 1];
  const width = beyond - first[t];
  let last = k;
  for (; last < end && below[last] < beyond; last++) relative[last - k] = below[last] - first[t];
  // The rest are among the rows below t; both lists ascend.
  let at = belowStart[t];
  const stop = belowStart[t + 1];
  for (let i = last; i < end; i++) {
    at = findFrom(below, below[i], at, stop);
    relative[i - k] = width + at - belowStart[t];
  }
  return last;
}

/** The lower triangle of Z22, the square of the inverse on the rows below supernode `s`, to the start of the scratch. */
function gatherKnown(chol: BlockCholesky, s: number): void {
  const { symbolic, kernels, inverseStart, scratchStart, placesStart } = chol;
  const { first, belowStart, below, panelStart, ofScalar } = symbolic;
  const begin = belowStart[s];
  const end = belowStart[s + 1];
  const r = end - begin;
  for (let k = begin; k < end; ) {
    const t = ofScalar[below[k]];
    const height = first[t + 1] - first[t] + belowStart[t + 1] - belowStart[t];
    const last = placeRows(chol, k, end, t);
    const to = scratchStart + (k - begin) * (r + 1);
    kernels.gather(end - k, last - k, placesStart, inverseStart + panelStart[t], height, to, r);
    k = last;
  }
}

/** The index of `value` in an ascending range that holds it: steps that double, then bisection. */
function findFrom(a: Int32Array, value: number, from: number, to: number): number {
  let step = 1;
  let low = from;
  while (low + step < to && a[low + step] < value) {
    low += step;
    step *= 2;
  }
  let high = low + step < to ? low + step : to - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (a[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

function collect(chol: BlockCholesky, into: Float64Array): void {
  const { pattern, entryTarget, entryStride } = chol.symbolic;
  const { nodes, size, columnStart, row, blockStart } = pattern;
  const x = chol.kernels.memory;
  const z = chol.inverseStart;
  for (let j = 0; j < nodes; j++) {
    const width = size[j];
    for (let e = columnStart[j]; e < columnStart[j + 1]; e++) {
      const height = size[row[e]];
      const stride = entryStride[e];
      let to = blockStart[e];
      if (row[e] === j) {
        const from = z + entryTarget[e];
        for (let c = 0; c < width; c++) {
          for (let r = c; r < width; r++) {
            const v = x[from + c * stride + r];
            into[to + c * width + r] = v;
            into[to + r * width + c] = v;
          }
        }
      } else if (entryTarget[e] >= 0) {
        const from = z + entryTarget[e];
        for (let c = 0; c < width; c++) for (let r = 0; r < height; r++) into[to++] = x[from + c * stride + r];
      } else {
        const from = z + ~entryTarget[e];
        for (let c = 0; c < width; c++) for (let r = 0; r < height; r++) into[to++] = x[from + r * stride + c];
      }
    }
  }
}
