import { selectedInverse } from '../../kernels/block-cholesky.js';
import { addMixedRowsTimes, chunkRows } from '../../kernels/mixed-rows.js';
import { untransformBeta, untransformCovariance } from './column-transform.js';
import { transformedColumns } from './cross-products.js';
import { residualColumns } from './deviance-gradient.js';
import type { BlockLayout } from './layout.js';
import type { LmmWork } from './lmm-work.js';
import { readLoad } from './model-rows.js';
import { rebaseRow } from './rebase.js';

/** sigma in the response's units. */
export function residualSd(work: LmmWork): number {
  return work.at.sigma * work.products.response.length;
}

/** Fixed effects in the columns' and the response's own units; P. */
export function fixedEffects(work: LmmWork): Float64Array {
  const beta = transformedBeta(work);
  untransformBeta(work.products.transform, beta);
  return beta;
}

function transformedBeta(work: LmmWork): Float64Array {
  const { start, length } = work.products.response;
  return work.beta.map((b, j) => start[j] + b * length);
}

/** sigma^2 (RX'RX)^-1, in the columns' own units; P x P. */
export function fixedCovariance(work: LmmWork): Float64Array {
  return untransformCovariance(work.products.transform, transformedCovariance(work));
}

function transformedCovariance(work: LmmWork): Float64Array {
  const { P, RX } = work;
  const variance = residualSd(work) ** 2;
  const inverse = new Float64Array(P * P); // RX'^-1, lower
  for (let c = 0; c < P; c++) {
    inverse[c + c * P] = 1 / RX[c + c * P];
    for (let r = c + 1; r < P; r++) {
      let t = 0;
      for (let k = c; k < r; k++) t -= RX[r + k * P] * inverse[k + c * P];
      inverse[r + c * P] = t / RX[r + r * P];
    }
  }
  const V = new Float64Array(P * P);
  for (let c = 0; c < P; c++)
    for (let r = c; r < P; r++) {
      let t = 0;
      for (let k = r; k < P; k++) t += inverse[k + r * P] * inverse[k + c * P];
      V[r + c * P] = variance * t;
      V[c + r * P] = variance * t;
    }
  return V;
}

/** b = Lambda u of every node in transformed units of Z and the response's own; q. */
function transformedModes(work: LmmWork): Float64Array {
  const { layout, lambda, u } = work;
  const { nodes, size, rowStart } = layout.pattern;
  const { length } = work.products.response;
  const b = new Float64Array(work.q);
  for (let i = 0; i < nodes; i++) {
    const s = size[i];
    for (let c = 0; c < s; c++)
      for (let r = 0; r < s; r++)
        b[rowStart[i] + r] += lambda[layout.nodeLambda[i] + r + c * s] * u[rowStart[i] + c] * length;
  }
  return b;
}

/** b = Lambda u in the columns' and the response's own units; q. */
export function ownModes(work: LmmWork): Float64Array {
  const b = transformedModes(work);
  const own = b.slice();
  const { size, rowStart } = work.layout.pattern;
  for (const { model, nodeStart, levels, rebase } of work.layout.blocks) {
    if (model.rebase === 'none') continue;
    for (let node = nodeStart; node < nodeStart + levels; node++) {
      const s = size[node];
      for (let r = 0; r < s; r++) {
        let t = 0;
        for (let k = 0; k < s; k++) t += rebase.inverse[r + k * s] * b[rowStart[node] + k];
        own[rowStart[node] + r] = t;
      }
    }
  }
  return own;
}

export interface BlockModes {
  /** levels x columns of the level, one after the other as in `RandomBlock.columnStart`. */
  readonly mode: Float64Array;
  readonly sd: Float64Array;
}

/**
 * Conditional modes of b and their standard deviations given theta and beta, sigma^2 Lambda Omega^-1 Lambda' [LMM-12].
 * @param estimation  q: variance to be added for theta being an estimate; that of beta is then added, too; null: neither
 */
export function conditionalModes(work: LmmWork, estimation: Float64Array | null = null): BlockModes[] {
  const { layout, lambda, chol, scratch, q, m } = work;
  const { size, rowStart, columnStart, blockStart } = layout.pattern;
  if (q === 0) return [];
  const own = ownModes(work);
  if (!work.at.inverted) selectedInverse(chol, scratch.inverse);
  work.at.inverted = true;
  // the constraint's part of the inverse, and W RX^-1, which carries the uncertainty of beta
  const { columns, fixed } = residualColumns(work, estimation !== null);
  const sigma = residualSd(work);
  return layout.blocks.map((block) => {
    const first = rowStart[block.nodeStart];
    const length = rowStart[block.nodeStart + block.levels] - first;
    const mode = new Float64Array(length);
    const sd = new Float64Array(length);
    for (let l = 0; l < block.levels; l++) {
      const node = block.nodeStart + l;
      const s = size[node];
      const at = blockStart[columnStart[node]];
      const V = scratch.inverse.slice(at, at + s * s);
      for (let k = 0; k < fixed + m; k++)
        for (let c = 0; c < s; c++)
          for (let r = 0; r < s; r++) {
            const product =
              scratch.columns[(rowStart[node] + r) * columns + 1 + k] *
              scratch.columns[(rowStart[node] + c) * columns + 1 + k];
            V[r + c * s] += k < fixed ? product : -product;
          }
      const F = factorInUnits(block, lambda, layout.nodeLambda[node], s);
      const to = rowStart[node] - first;
      for (let r = 0; r < s; r++) {
        let variance = 0;
        for (let c = 0; c < s; c++) {
          let t = 0;
          for (let k = 0; k < s; k++) t += V[c + k * s] * F[r + k * s];
          variance += F[r + c * s] * t;
        }
        const more = estimation === null ? 0 : estimation[rowStart[node] + r];
        sd[to + r] = Math.sqrt(Math.max(sigma * sigma * variance, 0) + more);
        mode[to + r] = own[rowStart[node] + r];
      }
    }
    return { mode, sd };
  });
}

/** R^-1 Lambda_t: a factor of the relative covariance in the columns' own units; s x s, not triangular. */
export function factorInUnits(block: BlockLayout, lambda: Float64Array, start: number, s: number): Float64Array {
  const F = lambda.slice(start, start + s * s);
  if (block.model.rebase === 'none') return F;
  const { inverse } = block.rebase;
  for (let c = 0; c < s; c++) {
    const column = lambda.subarray(start + c * s, start + (c + 1) * s);
    for (let r = 0; r < s; r++) {
      let t = 0;
      for (let k = 0; k < s; k++) t += inverse[r + k * s] * column[k];
      F[r + c * s] = t;
    }
  }
  return F;
}

/** X beta + Z b + offset for every row, through the transformed columns so that huge shifts do not cancel. */
export function fittedValues(work: LmmWork): Float64Array {
  const { model, layout, products } = work;
  const { rows, offset } = model;
  const beta = transformedBeta(work);
  const fitted = offset === null ? new Float64Array(rows) : offset.slice();
  const b = transformedModes(work);
  const { rowStart } = layout.pattern;
  const x = transformedColumns(model, products.transform);
  const raw = new Float64Array(chunkRows * layout.blocks.reduce((most, { size }) => Math.max(most, size), 1));
  const z = new Float64Array(raw.length);
  for (let first = 0; first < rows; first += chunkRows) {
    const count = Math.min(chunkRows, rows - first);
    x.read(first, count, null);
    addMixedRowsTimes(x, count, beta, 1, fitted, first);
    for (const { block, load, nodeStart, size, rebase } of layout.blocks) {
      const { codes } = block.group;
      if (load.kind === 'indicator') {
        for (let i = first; i < first + count; i++)
          fitted[i] += load.multiple * b[rowStart[nodeStart + codes[i]] + load.column[i]];
        continue;
      }
      readLoad(load, first, count, raw);
      for (let i = 0; i < count; i++) rebaseRow(rebase, raw, i * size, 1, z, i * size);
      for (let i = 0; i < count; i++) {
        const at = rowStart[nodeStart + codes[first + i]];
        let t = 0;
        for (let c = 0; c < size; c++) t += z[i * size + c] * b[at + c];
        fitted[first + i] += t;
      }
    }
  }
  return fitted;
}
