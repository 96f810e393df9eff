import type { CrossProducts } from '../cross-products.js';
import type { Layout } from '../layout.js';
import type { ResidualWork } from './residual-work.js';
import { etaInto } from './sigma-model.js';

/**
 * Sets R to these parameters [LMM-RES-1].
 * @param parameters  the search's whole vector
 * @returns           log|R|; NaN where R is not positive definite
 */
export function setResidual(work: ResidualWork, parameters: Float64Array): number {
  const { correlation, sigma, at, table, eta, inverseScale, slope } = work;
  let logDet = correlation === null ? 0 : correlation.tableInto(table, parameters, at.correlation);
  if (sigma !== null) {
    etaInto(eta, sigma, parameters, at.sigma);
    const { link, size } = sigma;
    for (let i = 0; i < eta.length; i++) {
      const s = link.inverse(eta[i]) / size;
      if (!(s > 0 && s < Number.POSITIVE_INFINITY)) return Number.NaN;
      inverseScale[i] = 1 / s;
      slope[i] = link.derivative1(eta[i]) / (s * size);
      logDet += 2 * Math.log(s);
    }
  }
  return logDet;
}

/** Forms the cross-products of [Z X y] times R^-1 for the R that `work` is set to, over those in `products` [LMM-RES-2]. */
export function formMixedProducts(work: ResidualWork, layout: Layout, products: CrossProducts): void {
  const { rows, plan, scratch, table } = work;
  const { A, ZX, XX, response } = products;
  const { Zy, Xy } = response;
  const P = Xy.length;
  const { x, z } = scratch;
  const { rowStart } = layout.pattern;
  const { supports } = plan;
  A.fill(0);
  ZX.fill(0);
  XX.fill(0);
  Zy.fill(0);
  Xy.fill(0);
  let yy = 0;
  for (let p = 0; p + 1 < rows.start.length; p++) {
    const y = gather(work, layout, p);
    const weight = table[rows.weight[p]];
    const s = supports.of[p];
    for (let a = supports.start[s]; a < supports.start[s + 1]; a++) {
      const first = rowStart[supports.node[a]];
      const count = rowStart[supports.node[a] + 1] - first;
      for (let r = 0; r < count; r++) {
        const v = weight * z[plan.offset[a] + r];
        if (v === 0) continue;
        Zy[first + r] += v * y;
        const to = (first + r) * P;
        for (let c = 0; c < P; c++) ZX[to + c] += v * x[c];
      }
    }
    addSquare(plan, layout, s, z, weight, A);
    for (let c = 0; c < P; c++) {
      const v = weight * x[c];
      if (v === 0) continue;
      Xy[c] += v * y;
      for (let r = 0; r <= c; r++) XX[r + c * P] += v * x[r];
    }
    yy += weight * y * y;
  }
  for (let c = 0; c < P; c++) for (let r = 0; r < c; r++) XX[c + r * P] = XX[r + c * P];
  response.yy = yy;
}

/**
 * Mixed row p of [Z X y]: Z's part on its support to scratch.z, X's to scratch.x.
 * @returns y's
 */
export function gather(work: ResidualWork, layout: Layout, p: number): number {
  const { rows, plan, table, inverseScale, scratch, x, z, y } = work;
  const { blocks } = layout;
  const P = scratch.x.length;
  const local = scratch.z;
  const width = plan.width[plan.supports.of[p]];
  const many = blocks.length;
  for (let k = 0; k < width; k++) local[k] = 0;
  for (let c = 0; c < P; c++) scratch.x[c] = 0;
  let mixed = 0;
  for (let e = rows.start[p]; e < rows.start[p + 1]; e++) {
    const i = rows.row[e];
    const f = table[rows.coefficient[e]] * inverseScale[i];
    for (let b = 0; b < many; b++) {
      const { load, size } = blocks[b];
      const to = plan.slot[e * many + b];
      const own = z[b];
      if (load.kind === 'indicator') local[to + load.column[i]] += f * own[i];
      else for (let c = 0; c < size; c++) local[to + c] += f * own[i * size + c];
    }
    for (let c = 0; c < P; c++) scratch.x[c] += f * x[i * P + c];
    mixed += f * y[i];
  }
  return mixed;
}

/** A += weight z z' on the support's entries. */
function addSquare(
  plan: ResidualWork['plan'],
  layout: Layout,
  s: number,
  z: Float64Array,
  weight: number,
  A: Float64Array,
): void {
  const { supports, offset, entry, entryStart } = plan;
  const { size, blockStart } = layout.pattern;
  let k = entryStart[s];
  for (let a = supports.start[s]; a < supports.start[s + 1]; a++) {
    const height = size[supports.node[a]];
    const za = offset[a];
    for (let b = supports.start[s]; b <= a; b++, k++) {
      const at = blockStart[entry[k]];
      const width = size[supports.node[b]];
      const zb = offset[b];
      for (let c = 0; c < width; c++) {
        const v = weight * z[zb + c];
        if (v === 0) continue;
        for (let r = 0; r < height; r++) A[at + c * height + r] += v * z[za + r];
      }
    }
  }
}
