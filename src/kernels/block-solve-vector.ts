import type { BlockCholesky } from './block-storage.js';

// One right-hand side in permuted order: a supernode's own rows are contiguous there, and nothing is looked up for them.

/** v <- L^-1 v; two columns of a panel at a time, so that what lies below is gone through half as often. */
export function forwardPermuted(chol: BlockCholesky, v: Float64Array): void {
  const { symbolic, kernels } = chol;
  const { supernodes, first, belowStart, below, panelStart } = symbolic;
  const x = kernels.memory;
  for (let s = 0; s < supernodes; s++) {
    const from = first[s];
    const w = first[s + 1] - from;
    const begin = belowStart[s];
    const end = belowStart[s + 1];
    const h = w + end - begin;
    let a = panelStart[s];
    let c = 0;
    for (; c + 1 < w; c += 2, a += 2 * h) {
      const b = a + h;
      const y = v[from + c] / x[a + c];
      const z = (v[from + c + 1] - x[a + c + 1] * y) / x[b + c + 1];
      v[from + c] = y;
      v[from + c + 1] = z;
      for (let i = c + 2; i < w; i++) v[from + i] -= x[a + i] * y + x[b + i] * z;
      for (let k = begin, i = a + w, j = b + w; k < end; k++, i++, j++) v[below[k]] -= x[i] * y + x[j] * z;
    }
    if (c < w) {
      const y = v[from + c] / x[a + c];
      v[from + c] = y;
      for (let k = begin, i = a + w; k < end; k++, i++) v[below[k]] -= x[i] * y;
    }
  }
}

/** v <- L^-T v. */
export function backwardPermuted(chol: BlockCholesky, v: Float64Array): void {
  const { symbolic, kernels } = chol;
  const { supernodes, first, belowStart, below, panelStart } = symbolic;
  const x = kernels.memory;
  for (let s = supernodes - 1; s >= 0; s--) {
    const from = first[s];
    const w = first[s + 1] - from;
    const begin = belowStart[s];
    const end = belowStart[s + 1];
    const h = w + end - begin;
    let c = w - 1;
    let b = panelStart[s] + c * h;
    if ((w & 1) === 1) {
      let y = v[from + c];
      for (let k = begin, i = b + w; k < end; k++, i++) y -= x[i] * v[below[k]];
      v[from + c] = y / x[b + c];
      c--;
      b -= h;
    }
    for (; c > 0; c -= 2, b -= 2 * h) {
      const a = b - h;
      let y = v[from + c - 1];
      let z = v[from + c];
      for (let i = c + 1; i < w; i++) {
        const t = v[from + i];
        y -= x[a + i] * t;
        z -= x[b + i] * t;
      }
      for (let k = begin, i = a + w, j = b + w; k < end; k++, i++, j++) {
        const t = v[below[k]];
        y -= x[i] * t;
        z -= x[j] * t;
      }
      z /= x[b + c];
      v[from + c] = z;
      v[from + c - 1] = (y - x[a + c] * z) / x[a + c - 1];
    }
  }
}

/** v = P b. */
export function permuteInto(chol: BlockCholesky, v: Float64Array, b: Float64Array): void {
  const { scalarOrder } = chol.symbolic;
  for (let i = 0; i < v.length; i++) v[i] = b[scalarOrder[i]];
}

/** b = P' v. */
export function restoreInto(chol: BlockCholesky, b: Float64Array, v: Float64Array): void {
  const { scalarOrder } = chol.symbolic;
  for (let i = 0; i < v.length; i++) b[scalarOrder[i]] = v[i];
}
