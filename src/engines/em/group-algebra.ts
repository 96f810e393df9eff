import type { Order } from '../../kernels/special/order.js';
import type { EmClass } from './em-model.js';

/** Steps of one class and one group; effects are numbered within the group by slots, b and u stand among all q. */

/** b = Lambda u for the effects of group g. */
export function scaleEffects({ effects, work }: EmClass, g: number, u: Float64Array, b: Float64Array): void {
  const { pattern, nodeLambda } = work.model.layout;
  const { lambda } = work;
  for (let e = effects.nodeStart[g]; e < effects.nodeStart[g + 1]; e++) {
    const node = effects.nodes[e];
    const s = pattern.size[node];
    const l = nodeLambda[node];
    const at = pattern.rowStart[node];
    if (s === 1) {
      b[at] = lambda[l] * u[at];
      continue;
    }
    for (let r = 0; r < s; r++) {
      let t = 0;
      for (let c = 0; c < s; c++) t += lambda[l + r + c * s] * u[at + c];
      b[at + r] = t;
    }
  }
}

/** eta of rows from .. to: the fixed part, and Z b where a predictor has random effects. */
export function groupEta({ work }: EmClass, from: number, to: number, b: Float64Array): void {
  const { eta, fixedEta, model } = work;
  const { loads, random, rows } = model.loads;
  for (let d = 0; d < random.length; d++)
    if (random[d] === 1) for (let i = d * rows + from; i < d * rows + to; i++) eta[i] = fixedEta[i];
  for (let l = 0; l < loads.length; l++) {
    const { predictor, width, at, z } = loads[l];
    const d = predictor * rows;
    if (width === 1) {
      if (z === null) for (let i = from; i < to; i++) eta[d + i] += b[at[i]];
      else for (let i = from; i < to; i++) eta[d + i] += z[i] * b[at[i]];
      continue;
    }
    for (let i = from; i < to; i++) {
      let t = 0;
      for (let c = 0; c < width; c++) t += (z === null ? 1 : z[i * width + c]) * b[at[i] + c];
      eta[d + i] += t;
    }
  }
}

/** into[slot] = Z'v over the group's rows; v_d of row i stands at d * rows + i. */
export function groupTranspose(
  { work, effects }: EmClass,
  from: number,
  to: number,
  v: Float64Array,
  into: Float64Array,
): void {
  const { loads, rows } = work.model.loads;
  const { local } = effects;
  for (let l = 0; l < loads.length; l++) {
    const { predictor, width, at, z } = loads[l];
    const d = predictor * rows;
    for (let i = from; i < to; i++) {
      const slot = local[at[i]];
      for (let c = 0; c < width; c++) into[slot + c] += (z === null ? 1 : z[i * width + c]) * v[d + i];
    }
  }
}

/** C += Z'WZ over the group's rows, n x n by slots, W the negative second derivatives. */
export function groupInformation(
  { work, effects }: EmClass,
  from: number,
  to: number,
  second: Float64Array,
  n: number,
  C: Float64Array,
): void {
  const { loads, rows } = work.model.loads;
  const { local } = effects;
  const { pairAt, D } = work;
  for (let l = 0; l < loads.length; l++) {
    const a = loads[l];
    for (let k = 0; k < loads.length; k++) {
      const b = loads[k];
      const w = pairAt[a.predictor * D + b.predictor] * rows;
      if (l === k && a.width === 1) {
        for (let i = from; i < to; i++) {
          const slot = local[a.at[i]];
          const z = a.z === null ? 1 : a.z[i];
          C[slot * (n + 1)] -= second[w + i] * z * z;
        }
        continue;
      }
      for (let i = from; i < to; i++) {
        const row = local[a.at[i]];
        const column = local[b.at[i]];
        for (let c = 0; c < b.width; c++) {
          const f = second[w + i] * (b.z === null ? 1 : b.z[i * b.width + c]);
          for (let r = 0; r < a.width; r++)
            C[row + r + (column + c) * n] -= f * (a.z === null ? 1 : a.z[i * a.width + r]);
        }
      }
    }
  }
}

/** M = Lambda' M Lambda (transposed: Lambda M Lambda'), n x n by slots, in place; `column` is scratch of n. */
export function sandwichGroup(
  { work, effects }: EmClass,
  g: number,
  n: number,
  M: Float64Array,
  column: Float64Array,
  transposed: boolean,
): void {
  const { pattern, nodeLambda } = work.model.layout;
  const { lambda } = work;
  // once from the right on rows, once from the left on columns: both are the same loop with strides exchanged
  for (let side = 0; side < 2; side++) {
    const step = side === 0 ? n : 1;
    const other = side === 0 ? 1 : n;
    for (let e = effects.nodeStart[g]; e < effects.nodeStart[g + 1]; e++) {
      const node = effects.nodes[e];
      const s = pattern.size[node];
      const l = nodeLambda[node];
      const at = effects.local[pattern.rowStart[node]];
      for (let r = 0; r < n; r++) {
        const start = at * step + r * other;
        for (let c = 0; c < s; c++) {
          let t = 0;
          for (let k = 0; k < s; k++)
            t += M[start + k * step] * (transposed ? lambda[l + c + k * s] : lambda[l + k + c * s]);
          column[c] = t;
        }
        for (let c = 0; c < s; c++) M[start + c * step] = column[c];
      }
    }
  }
}

/** Log density of the group's rows at the eta that stands in `work`. */
export function groupDensity({ work }: EmClass, from: number, to: number, order: Order): number {
  return work.model.batch(from, to, work.eta, order, work.derivatives);
}
