import { symmetricEigen } from '../../kernels/symmetric-eigen.js';
import type { LmmWork } from './lmm-work.js';
import { startResidual } from './residual/residual-start.js';

/** A start below this has almost no gradient in theta, one above moves slowly: both would cost evaluations. */
const smallest = 0.1;
const largest = 10;

/**
 * Starts from variance components by moments (MINQUE with all variances zero a priori) [LMM-11]: with e the least-squares
 * residuals, the sums of squares of Z_c'e for every column c and of e itself are linear in the variances,
 *   E |Z_c'e|^2 = sigma^2 |Z_c|^2 + sum_d sigma_d^2 |Z_c'Z_d|^2,
 * the loss of degrees of freedom to X being left out. One pass over the cross-products.
 */
export function startTheta(work: LmmWork): Float64Array {
  const theta = new Float64Array(work.parameters);
  if (work.residual === null) startEffects(work, theta);
  else startResidual(work, work.residual, theta, (into) => startEffects(work, into));
  return theta;
}

function startEffects(work: LmmWork, theta: Float64Array): void {
  const { layout, products, model } = work;
  for (const b of layout.blocks) b.model.startInto(theta, b.thetaStart, b.size);
  const sds = startSds(work);
  if (sds === null || !(products.response.yy > 0) || model.rows === 0) return;
  layout.blocks.forEach((b, k) => {
    b.model.scaleInto(theta, b.thetaStart, b.size, sds[k]);
  });
}

/** The k-th of a sequence of points spread over (-reach, reach)^n: the fractional parts of multiples of the golden ratio. */
export function scatteredTheta(n: number, k: number): Float64Array {
  const golden = (Math.sqrt(5) - 1) / 2;
  const reach = 2;
  return Float64Array.from({ length: n }, (_, j) => {
    const t = (k * n + j + 1) * golden;
    return reach * (2 * (t - Math.floor(t)) - 1);
  });
}

/** Per block, the relative standard deviation of each column of Zt; null where the moments say nothing. */
function startSds(work: LmmWork): Float64Array[] | null {
  const { layout, products, model } = work;
  const { pattern, blocks } = layout;
  const { size, rowStart, columnStart, row, blockStart, nodes } = pattern;
  const { A } = products;
  const { Zy } = products.response;
  // one component per column of a block; all columns of a serial block are one
  const first: number[] = [];
  let count = 0;
  for (const b of blocks) {
    first.push(count);
    count += b.model.rebase === 'none' ? 1 : b.size;
  }
  const component = new Int32Array(rowStart[nodes]);
  blocks.forEach((b, k) => {
    for (let i = b.nodeStart; i < b.nodeStart + b.levels; i++)
      for (let c = 0; c < size[i]; c++) component[rowStart[i] + c] = first[k] + (b.model.rebase === 'none' ? 0 : c);
  });
  const n = count + 1; // the last is the residual
  const M = new Float64Array(n * n);
  const right = new Float64Array(n);
  for (let j = 0; j < nodes; j++) {
    for (let e = columnStart[j]; e < columnStart[j + 1]; e++) {
      const i = row[e];
      for (let c = 0; c < size[j]; c++)
        for (let r = 0; r < size[i]; r++) {
          const a = A[blockStart[e] + c * size[i] + r];
          const p = component[rowStart[i] + r];
          const q = component[rowStart[j] + c];
          M[p + q * n] += a * a;
          if (i !== j) M[q + p * n] += a * a;
          else if (r === c) {
            M[p + count * n] += a;
            M[count + p * n] += a;
          }
        }
    }
  }
  for (let i = 0; i < Zy.length; i++) right[component[i]] += Zy[i] * Zy[i];
  M[count + count * n] = model.rows;
  right[count] = products.response.yy;
  const variances = solveSymmetric(M, right, n);
  const residual = variances[count];
  const total = products.response.yy / model.rows;
  // moments may say that nothing is left for the residual, which is never so
  const sigma2 = Math.max(residual, 0.05 * total);
  return blocks.map((b, k) => {
    const own = b.model.rebase === 'none' ? 1 : b.size;
    return Float64Array.from({ length: own }, (_, c) => {
      const v = variances[first[k] + c] / sigma2;
      return Math.min(largest, Math.sqrt(Math.max(v, smallest * smallest)));
    });
  });
}

/** Least squares by eigenvectors: components that the design cannot tell apart share what they explain. */
function solveSymmetric(M: Float64Array, right: Float64Array, n: number): Float64Array {
  const scale = Float64Array.from({ length: n }, (_, i) => (M[i + i * n] > 0 ? 1 / Math.sqrt(M[i + i * n]) : 0));
  const { values, vectors } = symmetricEigen(
    M.map((v, k) => v * scale[k % n] * scale[Math.floor(k / n)]),
    n,
  );
  const x = new Float64Array(n);
  for (let k = 0; k < n; k++) {
    if (!(values[k] > 1e-8 * values[n - 1])) continue;
    let t = 0;
    for (let i = 0; i < n; i++) t += vectors[i + k * n] * scale[i] * right[i];
    for (let i = 0; i < n; i++) x[i] += (t / values[k]) * vectors[i + k * n] * scale[i];
  }
  return x;
}
