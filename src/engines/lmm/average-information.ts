import { forwardSolve, multiplySymmetric } from '../../kernels/block-cholesky.js';
import { subtractProductLower } from '../../kernels/dense-multiply.js';
import { residualColumns } from './deviance-gradient.js';
import { canDivide } from './inverse-lambda.js';
import type { BlockLayout, Template } from './layout.js';
import type { LmmWork } from './lmm-work.js';

/** Larger factors, or more numbers of scratch than this, are not worth it: the optimizer learns the curvature by itself. */
export const largestFactor = 16;
const mostScratch = 2e7;

/** What average information is made of, both n x n and column-major. */
export interface AverageInformation {
  readonly hessian: Float64Array;
  /**
   * e'V_p P V_q e / sigma^2. The Hessian is exactly hessian + observed - tr(P V_p P V_q), and the response has no share in that
   * trace, which the average takes to be the observed part.
   */
  readonly observed: Float64Array;
}

/** The Hessian alone. */
export function averageInformation(work: LmmWork): Float64Array | null {
  return averageInformationParts(work)?.hessian ?? null;
}

/**
 * Hessian of the profiled deviance with the traces of products replaced by their observed counterparts ("average
 * information", Gilmour, Thompson and Cullis 1995) [LMM-11]: with e = V^-1 (y - X beta), V_p = dV/dtheta_p,
 *   H_pq ~ e'V_p P V_q e / sigma^2 + (tr P V_pq - e'V_pq e / sigma^2) - (e'V_p e)(e'V_q e) / (nu sigma^4).
 * Costs some solves with the factor at hand. Taken at the theta of the latest `devianceGradient`, whose `scratch.G` it uses.
 * @param afterGradient  nothing but the gradient was computed since this theta
 * @returns null where it would cost too much or Lambda is singular
 */
export function averageInformationParts(work: LmmWork, afterGradient = false): AverageInformation | null {
  const { layout, q, P, m } = work;
  const n = layout.thetas;
  if (n === 0 || q * n > mostScratch || layout.blocks.some((b) => b.templates.some((t) => t.size > largestFactor)))
    return null;
  const curvature = secondOrderPart(work);
  if (curvature === null) return null;
  // the gradient of a REML criterion has left them there
  const columns = afterGradient && work.settings.reml ? 1 + P + m : residualColumns(work, true).columns;
  const { observed, shared } = observedInformation(work, columns);
  const H = curvature.map((v, k) => v + observed[k] - shared[k]);
  return H.every(Number.isFinite) ? { hessian: H, observed } : null;
}

/** What the response says of the curvature, n x n each. */
export interface ObservedInformation {
  readonly observed: Float64Array; // e'V_p P V_q e / sigma^2
  readonly shared: Float64Array; // (e'V_p e)(e'V_q e) / (nu sigma^4); 0 where sigma is known
}

/** @param columns  of what `residualColumns(work, true)` has just left in the scratch */
export function observedInformation(work: LmmWork, columns: number): ObservedInformation {
  const { layout, q, P, m, C, at } = work;
  const n = layout.thetas;
  const { left, right, half, square, fixed } = derivativeLoads(work, columns);
  // e'V_p P V_q e = left'right - |half|^2 - |(Z'V^-1 X RX^-1)'h|^2, less what the constraint takes
  const across = new Float64Array((P + m) * n); // row-major
  const wide = P + 1 + m;
  for (let i = 0; i < q; i++) {
    for (let x = 0; x < P; x++) addMultiple(fixed[i * columns + 1 + x], left, i * n, n, across, x * n);
    for (let x = 0; x < m; x++) addMultiple(C[i * wide + P + 1 + x], half, i * n, n, across, (P + x) * n);
  }
  const variance = at.sigma * at.sigma;
  const observed = new Float64Array(n * n);
  subtractProductLower(n, q, left, 0, 1, n, right, 0, n, 1, observed, 0, n);
  subtractProductLower(n, m, across, P * n, 1, n, across, P * n, n, 1, observed, 0, n);
  for (let k = 0; k < n * n; k++) observed[k] = -observed[k];
  subtractProductLower(n, q, half, 0, 1, n, half, 0, n, 1, observed, 0, n);
  subtractProductLower(n, P, across, 0, 1, n, across, 0, n, 1, observed, 0, n);
  const shared = new Float64Array(n * n);
  for (let p = 0; p < n; p++)
    for (let r = p; r < n; r++) {
      const known = work.settings.fixedSigma === null ? (square[p] * square[r]) / (work.nu * variance) : 0;
      shared[r + p * n] = known / variance;
      observed[r + p * n] /= variance;
      shared[p + r * n] = shared[r + p * n];
      observed[p + r * n] = observed[r + p * n];
    }
  return { observed, shared };
}

function addMultiple(f: number, from: Float64Array, at: number, n: number, into: Float64Array, to: number): void {
  for (let p = 0; p < n; p++) into[to + p] += f * from[at + p];
}

/** V_p e = Z h_p in the coordinates where products with Z'V^-1 Z are cheapest. */
interface DerivativeLoads {
  /** q x n, row-major, with h_p'Z'V^-1 Z h_q = left_p'right_q - half_p'half_q. */
  readonly left: Float64Array;
  readonly right: Float64Array;
  readonly half: Float64Array;
  readonly square: Float64Array; // n: e'V_p e
  /** q x columns, row-major, from column 1 on: (Z'V^-1 X RX^-1)'h_p = fixed'left_p. */
  readonly fixed: Float64Array;
}

/**
 * Where Lambda has an inverse, left = right = Lambda^-1 h, half = L^-1 times that [LMM-19]; else left = h, right = A h and
 * half = L^-1 Lambda'A h.
 */
function derivativeLoads(work: LmmWork, columns: number): DerivativeLoads {
  const { layout, q, chol, lambda, products, scratch, u } = work;
  const { rowStart } = layout.pattern;
  const n = layout.thetas;
  const inverse = canDivide(work) ? scratch.lambdaInverse : null;
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

/** tr P V_pq - e'V_pq e / sigma^2 = tr(dLambda_p' Gamma dLambda_q), where the derivative by Lambda is Gamma Lambda. */
function secondOrderPart(work: LmmWork): Float64Array | null {
  const { layout, scratch, lambda, theta } = work;
  const n = layout.thetas;
  const H = new Float64Array(n * n);
  for (const block of layout.blocks) {
    for (const t of block.templates) {
      const Gamma = rightDivide(scratch.G, lambda, t);
      if (Gamma === null) return null;
      const k = t.size;
      const directions = directionsOf(block, t, theta);
      for (let p = 0; p < block.thetaCount; p++) {
        for (let r = 0; r <= p; r++) {
          let sum = 0;
          for (let c = 0; c < k; c++)
            for (let i = 0; i < k; i++) {
              if (directions[p][i + c * k] === 0) continue;
              for (let j = 0; j < k; j++)
                sum +=
                  directions[p][i + c * k] * ((Gamma[i + j * k] + Gamma[j + i * k]) / 2) * directions[r][j + c * k];
            }
          const [a, b] = [block.thetaStart + p, block.thetaStart + r];
          H[a + b * n] += sum;
          if (a !== b) H[b + a * n] += sum;
        }
      }
    }
  }
  return H;
}

/** dLambda / dtheta_p of one template, k x k each, read off the adjoint. */
export function directionsOf(block: BlockLayout, t: Template, theta: Float64Array): Float64Array[] {
  const k = t.size;
  const found = Array.from({ length: block.thetaCount }, () => new Float64Array(k * k));
  const unit = new Float64Array(k * k);
  const gradient = new Float64Array(theta.length);
  for (let e = 0; e < k * k; e++) {
    unit.fill(0);
    unit[e] = 1;
    gradient.fill(0);
    block.model.gradientInto(gradient, block.thetaStart, unit, 0, k, theta, t.positions);
    for (let p = 0; p < block.thetaCount; p++) found[p][e] = gradient[block.thetaStart + p];
  }
  return found;
}

/** G Lambda^-1 by elimination with column pivots; null where Lambda is singular or nearly so. */
function rightDivide(G: Float64Array, lambda: Float64Array, t: Template): Float64Array | null {
  const k = t.size;
  const L = lambda.slice(t.start, t.start + k * k);
  const X = G.slice(t.start, t.start + k * k);
  // solves X L = G: columns are operated on, in L and G alike, until L is the identity
  for (let r = 0; r < k; r++) {
    let best = r;
    for (let c = r + 1; c < k; c++) if (Math.abs(L[r + c * k]) > Math.abs(L[r + best * k])) best = c;
    const pivot = L[r + best * k];
    if (!(Math.abs(pivot) > 1e-3)) return null;
    for (const M of [L, X])
      for (let i = 0; i < k; i++) {
        const v = M[i + best * k];
        M[i + best * k] = M[i + r * k];
        M[i + r * k] = v / pivot;
      }
    for (let c = 0; c < k; c++) {
      if (c === r) continue;
      const f = L[r + c * k];
      if (f !== 0) for (const M of [L, X]) for (let i = 0; i < k; i++) M[i + c * k] -= f * M[i + r * k];
    }
  }
  return X;
}
