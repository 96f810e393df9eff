import { subtractProductLower } from '../../kernels/dense-multiply.js';
import { directionsOf } from './covariance-directions.js';
import { addMultiple, derivativeLoads } from './derivative-loads.js';
import { residualColumns } from './deviance-gradient.js';
import type { EffectProducts } from './effect-products.js';
import { rightDivide } from './inverse-lambda.js';
import type { LmmWork } from './lmm-work.js';

/** Larger factors, or more numbers of scratch than this, are not worth it: the optimizer learns the curvature by itself. */
export const largestFactor = 16;
const mostScratch = 2e7;
/** Where Lambda has a smaller pivot it counts as singular. */
const smallestPivot = 1e-3;

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

/**
 * @param columns  of what `residualColumns(work, true)` has just left in the scratch
 * @param products  Z'V^-1 Z where that is known, both triangles
 */
export function observedInformation(
  work: LmmWork,
  columns: number,
  products: EffectProducts | null = null,
): ObservedInformation {
  const { layout, q, P, m, C, at } = work;
  const n = layout.thetas;
  const { left, right, half, square, fixed } = derivativeLoads(work, columns, products);
  // e'V_p P V_q e = left'right - |half|^2 - |(Z'V^-1 X RX^-1)'h|^2, less what the constraint takes
  const across = new Float64Array((P + m) * n); // row-major
  const wide = P + 1 + m;
  for (let i = 0; i < q; i++) {
    for (let x = 0; x < P; x++) addMultiple(fixed[i * columns + 1 + x], left, i * n, n, across, x * n);
    for (let x = 0; x < m && half !== null; x++)
      addMultiple(C[i * wide + P + 1 + x], half, i * n, n, across, (P + x) * n);
  }
  const variance = at.sigma * at.sigma;
  const observed = new Float64Array(n * n);
  subtractProductLower(n, q, left, 0, 1, n, right, 0, n, 1, observed, 0, n);
  subtractProductLower(n, m, across, P * n, 1, n, across, P * n, n, 1, observed, 0, n);
  for (let k = 0; k < n * n; k++) observed[k] = -observed[k];
  if (half !== null) subtractProductLower(n, q, half, 0, 1, n, half, 0, n, 1, observed, 0, n);
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

/** tr P V_pq - e'V_pq e / sigma^2 = tr(dLambda_p' Gamma dLambda_q), where the derivative by Lambda is Gamma Lambda. */
function secondOrderPart(work: LmmWork): Float64Array | null {
  const { layout, scratch, lambda, theta } = work;
  const n = layout.thetas;
  const H = new Float64Array(n * n);
  for (const block of layout.blocks) {
    for (const t of block.templates) {
      const own = [t.start, t.start + t.size * t.size] as const;
      const Gamma = scratch.G.slice(...own);
      if (!rightDivide(Gamma, lambda.slice(...own), t.size, smallestPivot)) return null;
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
