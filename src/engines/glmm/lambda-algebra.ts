import type { Layout } from '../lmm/layout.js';

/** Lambda and the matrices around it, block by block; nothing is allocated. `block` is scratch for one block. */

/** into = Lambda v, or Lambda' v; vectors of q, not the same array. */
export function lambdaTimes(
  into: Float64Array,
  layout: Layout,
  lambda: Float64Array,
  v: Float64Array,
  transpose: boolean,
): void {
  const { nodes, size, rowStart } = layout.pattern;
  const { nodeLambda } = layout;
  for (let i = 0; i < nodes; i++) {
    const s = size[i];
    const l = nodeLambda[i];
    const at = rowStart[i];
    if (s === 1) {
      into[at] = lambda[l] * v[at];
      continue;
    }
    for (let r = 0; r < s; r++) {
      let t = 0;
      if (transpose) for (let c = 0; c < s; c++) t += lambda[l + c + r * s] * v[at + c];
      else for (let c = 0; c < s; c++) t += lambda[l + r + c * s] * v[at + c];
      into[at + r] = t;
    }
  }
}

/** H = Lambda' C Lambda + I [GLMM-5]. */
export function penalizedInto(
  H: Float64Array,
  layout: Layout,
  lambda: Float64Array,
  C: Float64Array,
  block: Float64Array,
): void {
  sandwichInto(H, layout, lambda, C, block, true);
  const { nodes, size, columnStart, blockStart } = layout.pattern;
  for (let j = 0; j < nodes; j++) {
    const at = blockStart[columnStart[j]];
    for (let c = 0; c < size[j]; c++) H[at + c * (size[j] + 1)] += 1;
  }
}

/** into = Lambda' A Lambda, or Lambda A Lambda'; symmetric, in the pattern's layout. */
export function sandwichInto(
  into: Float64Array,
  layout: Layout,
  lambda: Float64Array,
  A: Float64Array,
  block: Float64Array,
  transposeLeft: boolean,
): void {
  const { nodes, size, columnStart, row, blockStart } = layout.pattern;
  const { nodeLambda } = layout;
  for (let j = 0; j < nodes; j++) {
    const sj = size[j];
    const lj = nodeLambda[j];
    for (let e = columnStart[j]; e < columnStart[j + 1]; e++) {
      const i = row[e];
      const si = size[i];
      const li = nodeLambda[i];
      const at = blockStart[e];
      if (si === 1 && sj === 1) into[at] = lambda[li] * A[at] * lambda[lj];
      else if (transposeLeft) innerBlock(into, at, lambda, li, si, A, lj, sj, block);
      else outerBlock(into, at, lambda, li, si, A, lj, sj, block);
    }
  }
}

/** into[at ..] = Lambda_i' A Lambda_j */
function innerBlock(
  into: Float64Array,
  at: number,
  lambda: Float64Array,
  li: number,
  si: number,
  A: Float64Array,
  lj: number,
  sj: number,
  column: Float64Array,
): void {
  for (let c = 0; c < sj; c++) {
    for (let r = 0; r < si; r++) column[r] = 0;
    for (let k = 0; k < sj; k++) {
      const f = lambda[lj + k + c * sj];
      if (f !== 0) for (let r = 0; r < si; r++) column[r] += f * A[at + k * si + r];
    }
    for (let r = 0; r < si; r++) {
      let t = 0;
      for (let k = 0; k < si; k++) t += lambda[li + k + r * si] * column[k];
      into[at + c * si + r] = t;
    }
  }
}

/** into[at ..] = Lambda_i A Lambda_j' */
function outerBlock(
  into: Float64Array,
  at: number,
  lambda: Float64Array,
  li: number,
  si: number,
  A: Float64Array,
  lj: number,
  sj: number,
  column: Float64Array,
): void {
  for (let c = 0; c < sj; c++) {
    for (let r = 0; r < si; r++) column[r] = 0;
    for (let k = 0; k < sj; k++) {
      const f = lambda[lj + c + k * sj];
      if (f !== 0) for (let r = 0; r < si; r++) column[r] += f * A[at + k * si + r];
    }
    for (let r = 0; r < si; r++) {
      let t = 0;
      for (let k = 0; k < si; k++) t += lambda[li + r + k * si] * column[k];
      into[at + c * si + r] = t;
    }
  }
}

/**
 * G += 2 sum over the levels of each template of [C Lambda V]_ii: half the derivative of <V, Lambda' C Lambda> by Lambda, twice.
 * @param V  symmetric, in the pattern's layout, diagonal blocks in full
 */
export function addTraceDerivative(
  G: Float64Array,
  layout: Layout,
  lambda: Float64Array,
  C: Float64Array,
  V: Float64Array,
  block: Float64Array,
): void {
  const { nodes, size, columnStart, row, blockStart } = layout.pattern;
  const { nodeLambda } = layout;
  for (let j = 0; j < nodes; j++) {
    const sj = size[j];
    const lj = nodeLambda[j];
    for (let e = columnStart[j]; e < columnStart[j + 1]; e++) {
      const i = row[e];
      const si = size[i];
      const li = nodeLambda[i];
      const at = blockStart[e];
      if (si === 1 && sj === 1) {
        const f = 2 * C[at] * V[at];
        G[li] += f * lambda[lj];
        if (i !== j) G[lj] += f * lambda[li];
        continue;
      }
      addLower(G, li, C, at, si, sj, lambda, lj, V, block);
      if (i !== j) addUpper(G, lj, C, at, si, sj, lambda, li, V, block);
    }
  }
}

/** G_i += 2 C_ij Lambda_j V_ij' */
function addLower(
  G: Float64Array,
  to: number,
  C: Float64Array,
  at: number,
  si: number,
  sj: number,
  lambda: Float64Array,
  lj: number,
  V: Float64Array,
  column: Float64Array,
): void {
  for (let c = 0; c < si; c++) {
    for (let k = 0; k < sj; k++) {
      let t = 0;
      for (let r = 0; r < sj; r++) t += lambda[lj + k + r * sj] * V[at + c + r * si];
      column[k] = 2 * t;
    }
    for (let k = 0; k < sj; k++) {
      const f = column[k];
      for (let r = 0; r < si; r++) G[to + r + c * si] += C[at + r + k * si] * f;
    }
  }
}

/** G_j += 2 C_ij' Lambda_i V_ij */
function addUpper(
  G: Float64Array,
  to: number,
  C: Float64Array,
  at: number,
  si: number,
  sj: number,
  lambda: Float64Array,
  li: number,
  V: Float64Array,
  column: Float64Array,
): void {
  for (let c = 0; c < sj; c++) {
    for (let k = 0; k < si; k++) {
      let t = 0;
      for (let r = 0; r < si; r++) t += lambda[li + k + r * si] * V[at + r + c * si];
      column[k] = 2 * t;
    }
    for (let r = 0; r < sj; r++) {
      let t = 0;
      for (let k = 0; k < si; k++) t += C[at + k + r * si] * column[k];
      G[to + r + c * sj] += t;
    }
  }
}

/** G_template += sum over its levels of v_i w_i'. */
export function addOuterProducts(G: Float64Array, layout: Layout, v: Float64Array, w: Float64Array): void {
  const { nodes, size, rowStart } = layout.pattern;
  const { nodeLambda } = layout;
  for (let i = 0; i < nodes; i++) {
    const s = size[i];
    const l = nodeLambda[i];
    const at = rowStart[i];
    for (let c = 0; c < s; c++) for (let r = 0; r < s; r++) G[l + r + c * s] += v[at + r] * w[at + c];
  }
}
