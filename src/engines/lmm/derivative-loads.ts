import { forwardSolve, multiplySymmetric } from '../../kernels/block-cholesky.js';
import { directionsOf } from './covariance-directions.js';
import type { EffectProducts } from './effect-products.js';
import { canDivide } from './inverse-lambda.js';
import type { LmmWork } from './lmm-work.js';

/** V_p e = Z h_p in the coordinates where products with Z'V^-1 Z are cheapest. */
export interface DerivativeLoads {
  /** q x n, row-major, with h_p'Z'V^-1 Z h_q = left_p'right_q - half_p'half_q. */
  readonly left: Float64Array;
  readonly right: Float64Array;
  readonly half: Float64Array | null; // null: zero; there is no constraint then
  readonly square: Float64Array; // n: e'V_p e
  /** q x columns, row-major, from column 1 on: (Z'V^-1 X RX^-1)'h_p = fixed'left_p. */
  readonly fixed: Float64Array;
}

/**
 * Where Z'V^-1 Z is known, left = h and right = Z'V^-1 Z h. Where Lambda has an inverse, left = right = Lambda^-1 h and
 * half = L^-1 times that [LMM-19]; else left = h, right = A h and half = L^-1 Lambda'A h.
 * @param columns  of what `residualColumns(work, true)` has just left in the scratch
 * @param known    Z'V^-1 Z, both triangles, or null
 */
export function derivativeLoads(work: LmmWork, columns: number, known: EffectProducts | null): DerivativeLoads {
  const { layout, q, chol, lambda, products, scratch, u } = work;
  const { rowStart } = layout.pattern;
  const n = layout.thetas;
  const inverse = known === null && canDivide(work) ? scratch.lambdaInverse : null;
  const E = scratch.product;
  const left = new Float64Array(q * n);
  const square = new Float64Array(n); // e'V_p e
  for (const block of layout.blocks) {
    const entries = block.templates.map((t) => entriesOf(directionsOf(block, t, work.theta), t.size, block.thetaStart));
    for (let l = 0; l < block.levels; l++) {
      const k = block.templates[block.templateOf[l]].size;
      const row = rowStart[block.nodeStart + l];
      const start = layout.nodeLambda[block.nodeStart + l];
      const { count, of, at, value } = entries[block.templateOf[l]];
      // h_p = dLambda_p u + Lambda dLambda_p'Z'e, entry by entry of dLambda_p
      for (let e = 0; e < count; e++) {
        const to = of[e];
        const r = at[e] % k;
        const c = (at[e] - r) / k;
        const f = value[e] * u[row + c];
        const back = value[e] * E[(row + r) * columns];
        square[to] += 2 * back * u[row + c];
        if (inverse === null) {
          left[(row + r) * n + to] += f;
          for (let i = 0; i < k; i++) left[(row + i) * n + to] += lambda[start + i + c * k] * back;
        } else {
          left[(row + c) * n + to] += back;
          for (let i = 0; i < k; i++) left[(row + i) * n + to] += inverse[start + i + r * k] * f;
        }
      }
    }
  }
  if (inverse !== null) {
    const half = left.slice();
    forwardSolve(chol, half, n);
    return { left, right: left, half, square, fixed: scratch.columns };
  }
  if (known !== null) return { left, right: known.times(left, n), half: null, square, fixed: E };
  const right = new Float64Array(q * n);
  multiplySymmetric(layout.pattern, products.A, left, right, n);
  const half = new Float64Array(q * n);
  const { nodes, size } = layout.pattern;
  for (let i = 0; i < nodes; i++) {
    const k = size[i];
    for (let c = 0; c < k; c++)
      for (let r = 0; r < k; r++) {
        const f = lambda[layout.nodeLambda[i] + r + c * k];
        if (f !== 0) addMultiple(f, right, (rowStart[i] + r) * n, n, half, (rowStart[i] + c) * n);
      }
  }
  forwardSolve(chol, half, n);
  return { left, right, half, square, fixed: E };
}

/** What is not zero in the derivatives of one template: of the `of`-th parameter, entry `at` of k x k. */
interface DerivativeEntries {
  readonly count: number;
  readonly of: Int32Array;
  readonly at: Int32Array;
  readonly value: Float64Array;
}

function entriesOf(directions: readonly Float64Array[], k: number, first: number): DerivativeEntries {
  const of = new Int32Array(directions.length * k * k);
  const at = new Int32Array(of.length);
  const value = new Float64Array(of.length);
  let count = 0;
  directions.forEach((d, p) => {
    for (let e = 0; e < k * k; e++) {
      if (d[e] === 0) continue;
      of[count] = first + p;
      at[count] = e;
      value[count++] = d[e];
    }
  });
  return { count, of, at, value };
}

/** n numbers of `into` += f times those of `from`. */
export function addMultiple(
  f: number,
  from: Float64Array,
  at: number,
  n: number,
  into: Float64Array,
  to: number,
): void {
  for (let p = 0; p < n; p++) into[to + p] += f * from[at + p];
}
