import { forwardSolve, multiplySymmetric } from '../../kernels/block-cholesky.js';
import { residualColumns } from './deviance-gradient.js';
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
  const { layout, q, P, m, chol, C, lambda, products, scratch, at } = work;
  const n = layout.thetas;
  const E = scratch.product;
  const { u } = work;
  const { nodes, size, rowStart } = layout.pattern;

  const h = new Float64Array(q * n); // V_p e = Z h_p, row-major
  const square = new Float64Array(n); // e'V_p e
  for (const block of layout.blocks) {
    const directions = block.templates.map((t) => directionsOf(block, t, work.theta));
    for (let l = 0; l < block.levels; l++) {
      const i = block.nodeStart + l;
      const k = size[i];
      const row = rowStart[i];
      const own = directions[block.templateOf[l]];
      for (let p = 0; p < block.thetaCount; p++) {
        const d = own[p];
        const to = block.thetaStart + p;
        for (let c = 0; c < k; c++) {
          let back = 0; // (dLambda' Z'e)_c
          for (let r = 0; r < k; r++) {
            const v = d[r + c * k];
            if (v === 0) continue;
            h[(row + r) * n + to] += v * u[row + c];
            back += v * E[(row + r) * columns];
          }
          if (back === 0) continue;
          square[to] += 2 * back * u[row + c];
          for (let r = 0; r < k; r++) h[(row + r) * n + to] += lambda[layout.nodeLambda[i] + r + c * k] * back;
        }
      }
    }
  }
  // e'V_p P V_q e = h'A h - |L^-1 Lambda'A h|^2 - |Q'(..)|^2 - |(Z'V^-1 X RX^-1)'h|^2
  const Ah = new Float64Array(q * n);
  multiplySymmetric(layout.pattern, products.A, h, Ah, n);
  const F = new Float64Array(q * n);
  for (let i = 0; i < nodes; i++) {
    const k = size[i];
    for (let c = 0; c < k; c++)
      for (let r = 0; r < k; r++) {
        const f = lambda[layout.nodeLambda[i] + r + c * k];
        if (f !== 0) for (let p = 0; p < n; p++) F[(rowStart[i] + c) * n + p] += f * Ah[(rowStart[i] + r) * n + p];
      }
  }
  forwardSolve(chol, F, n);
  const fixed = new Float64Array((P + m) * n);
  const wide = P + 1 + m;
  for (let i = 0; i < q; i++)
    for (let p = 0; p < n; p++) {
      for (let x = 0; x < P; x++) fixed[x * n + p] += E[i * columns + 1 + x] * h[i * n + p];
      for (let x = 0; x < m; x++) fixed[(P + x) * n + p] += C[i * wide + P + 1 + x] * F[i * n + p];
    }
  const variance = at.sigma * at.sigma;
  const observed = new Float64Array(n * n);
  const shared = new Float64Array(n * n);
  for (let i = 0; i < q; i++)
    for (let p = 0, at = i * n; p < n; p++) {
      const [own, half] = [h[at + p], F[at + p]];
      for (let r = 0; r <= p; r++) observed[r + p * n] += own * Ah[at + r] - half * F[at + r];
    }
  for (let x = 0; x < P + m; x++)
    for (let p = 0; p < n; p++) {
      const own = x < P ? -fixed[x * n + p] : fixed[x * n + p];
      for (let r = 0; r <= p; r++) observed[r + p * n] += own * fixed[x * n + r];
    }
  for (let p = 0; p < n; p++)
    for (let r = 0; r <= p; r++) {
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
