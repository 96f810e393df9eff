import { InternalError } from '../diagnostics/internal-error.js';
import type { BlockCholesky } from './block-cholesky.js';
import { valueCount } from './block-pattern.js';

/**
 * The entries of A^-1 on the pattern of A, from the last factorization (which is kept). Takahashi's recursion by supernodes,
 * from the last to the first: with L11 the square and L21 the rows below of a panel, Y = L21 L11^-1 and Z22 the part of the
 * inverse that is known already,
 *   Z21 = -Z22 Y,   Z11 = L11^-T L11^-1 - Y' Z21.
 * @param into  the pattern's layout; diagonal blocks are written in full
 */
export function selectedInverse(chol: BlockCholesky, into: Float64Array): void {
  const { symbolic, kernels, inverseStart, scratchStart } = chol;
  if (into.length < valueCount(symbolic.pattern)) throw new InternalError('selectedInverse: too short', into.length);
  const { supernodes, first, belowStart, panelStart } = symbolic;
  const x = kernels.memory;
  x.copyWithin(inverseStart, 0, panelStart[supernodes]);
  for (let s = supernodes - 1; s >= 0; s--) {
    const w = first[s + 1] - first[s];
    const r = belowStart[s + 1] - belowStart[s];
    const h = w + r;
    const z = inverseStart + panelStart[s];
    const y = scratchStart + r * r;
    if (w === 0) continue;
    if (r > 0) {
      kernels.solveRight(r, w, z, h, z + w, h);
      for (let j = 0; j < w; j++) {
        x.copyWithin(y + j * r, z + j * h + w, z + (j + 1) * h);
        x.fill(0, z + j * h + w, z + (j + 1) * h);
      }
      gather(chol, s);
      kernels.subtractTimes(r, w, r, scratchStart, r, y, r, z + w, h);
    }
    kernels.invertLower(w, z, h);
    kernels.transposedTimesSelf(w, z, h);
    if (r > 0) kernels.subtractSymmetricProduct(w, r, y, r, z + w, h, z, h);
  }
  collect(chol, into);
}

/** Z22: the square of the inverse on the rows below supernode `s`, in full, to the start of the scratch. */
function gather(chol: BlockCholesky, s: number): void {
  const { symbolic, kernels, inverseStart, scratchStart, relative } = chol;
  const { first, belowStart, below, panelStart, ofScalar } = symbolic;
  const x = kernels.memory;
  const begin = belowStart[s];
  const end = belowStart[s + 1];
  const r = end - begin;
  for (let k = begin; k < end; ) {
    const t = ofScalar[below[k]];
    const width = first[t + 1] - first[t];
    const height = width + belowStart[t + 1] - belowStart[t];
    const beyond = first[t + 1];
    let last = k;
    for (; last < end && below[last] < beyond; last++) relative[last - begin] = below[last] - first[t];
    // The rest are rows below t: both lists ascend.
    let at = belowStart[t];
    const stop = belowStart[t + 1];
    for (let i = last; i < end; i++) {
      at = findFrom(below, below[i], at, stop);
      relative[i - begin] = width + at - belowStart[t];
    }
    for (let j = k; j < last; j++) {
      const column = inverseStart + panelStart[t] + (below[j] - first[t]) * height;
      for (let i = j; i < end; i++) {
        const v = x[column + relative[i - begin]];
        x[scratchStart + (j - begin) * r + i - begin] = v;
        x[scratchStart + (i - begin) * r + j - begin] = v;
      }
    }
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
