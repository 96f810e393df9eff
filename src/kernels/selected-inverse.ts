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
  for (let s = supernodes - 1; s >= 0; s--) {
    const w = first[s + 1] - first[s];
    const r = belowStart[s + 1] - belowStart[s];
    const h = w + r;
    const z = inverseStart + panelStart[s];
    if (w <= 2 || (w <= 4 && r <= 16)) {
      invertNarrow(chol, s, w, r);
      continue;
    }
    x.copyWithin(z, panelStart[s], panelStart[s + 1]);
    if (r > 0) {
      const y = scratchStart + r * r;
      kernels.solveRight(r, w, z, h, z + w, h);
      for (let j = 0; j < w; j++) {
        x.copyWithin(y + j * r, z + j * h + w, z + (j + 1) * h);
        x.fill(0, z + j * h + w, z + (j + 1) * h);
      }
      gather(chol, s);
      kernels.subtractSymmetricTimes(r, w, scratchStart, r, y, r, z + w, h);
      // Z22 and Y stay in the scratch; what the square needs comes behind them.
      kernels.inverseFromFactor(w, z, h, y + r * w);
      kernels.subtractSymmetricProduct(w, r, y, r, z + w, h, z, h);
    } else {
      kernels.inverseFromFactor(w, z, h, scratchStart);
    }
  }
  collect(chol, into);
}

/** Panels of up to four columns: Y in the scratch, Z22 used where it stands. */
function invertNarrow(chol: BlockCholesky, s: number, w: number, r: number): void {
  const { symbolic, kernels, inverseStart, scratchStart, relative } = chol;
  const { first, belowStart, below, panelStart, ofScalar } = symbolic;
  const x = kernels.memory;
  const h = w + r;
  const l = panelStart[s];
  const z = inverseStart + l;
  // Y = L21 L11^-1, from the last column to the first; Z21 starts at zero.
  for (let c = w - 1; c >= 0; c--) {
    const y = scratchStart + c * r;
    const column = l + c * h;
    const inverse = 1 / x[column + c];
    for (let i = 0; i < r; i++) x[y + i] = x[column + w + i];
    for (let p = c + 1; p < w; p++) {
      const f = x[column + p];
      const other = scratchStart + p * r;
      for (let i = 0; i < r; i++) x[y + i] -= f * x[other + i];
    }
    for (let i = 0; i < r; i++) x[y + i] *= inverse;
    x.fill(0, z + c * h + w, z + (c + 1) * h);
  }
  const begin = belowStart[s];
  const end = belowStart[s + 1];
  for (let k = begin; k < end; ) {
    const t = ofScalar[below[k]];
    const height = first[t + 1] - first[t] + belowStart[t + 1] - belowStart[t];
    const last = placeRows(chol, s, k, t);
    for (let j = k; j < last; j++) {
      const q = j - begin;
      const known = inverseStart + panelStart[t] + relative[q] * height;
      const diagonal = x[known + relative[q]];
      for (let c = 0; c < w; c++) {
        const y = scratchStart + c * r;
        const to = z + c * h + w;
        const yq = x[y + q];
        let sum = diagonal * yq;
        for (let i = q + 1; i < r; i++) {
          const v = x[known + relative[i]];
          x[to + i] -= v * yq;
          sum += v * x[y + i];
        }
        x[to + q] -= sum;
      }
    }
    k = last;
  }
  // Z11 = L11^-T L11^-1 - Y' Z21: column c of L11^-1 is solved for in place of column c of Z11, then the product.
  for (let c = 0; c < w; c++) {
    x[z + c * h + c] = 1 / x[l + c * h + c];
    for (let i = c + 1; i < w; i++) {
      let sum = 0;
      for (let p = c; p < i; p++) sum -= x[l + p * h + i] * x[z + c * h + p];
      x[z + c * h + i] = sum / x[l + i * h + i];
    }
  }
  for (let c = 0; c < w; c++) {
    for (let i = c; i < w; i++) {
      let sum = 0;
      for (let p = i; p < w; p++) sum += x[z + i * h + p] * x[z + c * h + p];
      const y = scratchStart + i * r;
      for (let p = 0; p < r; p++) sum -= x[y + p] * x[z + c * h + w + p];
      x[z + c * h + i] = sum;
    }
  }
}

/**
 * `relative` becomes the place in panel `t` of the rows below supernode `s`, from the `k`-th (the first that lies in `t`) on.
 * @returns the first row that lies beyond `t`
 */
function placeRows(chol: BlockCholesky, s: number, k: number, t: number): number {
  const { first, belowStart, below } = chol.symbolic;
  const { relative } = chol;
  const begin = belowStart[s];
  const end = belowStart[s + 1];
  const beyond = first[t + 1];
  const width = beyond - first[t];
  let last = k;
  for (; last < end && below[last] < beyond; last++) relative[last - begin] = below[last] - first[t];
  // The rest are among the rows below t; both lists ascend.
  let at = belowStart[t];
  const stop = belowStart[t + 1];
  for (let i = last; i < end; i++) {
    at = findFrom(below, below[i], at, stop);
    relative[i - begin] = width + at - belowStart[t];
  }
  return last;
}

/** The lower triangle of Z22, the square of the inverse on the rows below supernode `s`, to the start of the scratch. */
function gather(chol: BlockCholesky, s: number): void {
  const { symbolic, kernels, inverseStart, scratchStart, relative } = chol;
  const { first, belowStart, below, panelStart, ofScalar } = symbolic;
  const x = kernels.memory;
  const begin = belowStart[s];
  const end = belowStart[s + 1];
  const r = end - begin;
  for (let k = begin; k < end; ) {
    const t = ofScalar[below[k]];
    const height = first[t + 1] - first[t] + belowStart[t + 1] - belowStart[t];
    const last = placeRows(chol, s, k, t);
    for (let j = k - begin; j < last - begin; j++) {
      const column = inverseStart + panelStart[t] + relative[j] * height;
      const to = scratchStart + j * r;
      for (let i = j; i < r; i++) x[to + i] = x[column + relative[i]];
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
