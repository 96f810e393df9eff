import { minimize, runToEnd } from '../../optim/quasi-newton.js';
import type { PenaltyTerm } from '../glmm/objective.js';
import type { BlockLayout } from '../lmm/layout.js';
import type { EStep } from './e-step.js';

const mostEvaluations = 25;

interface Moments {
  readonly block: BlockLayout;
  readonly sums: { readonly moments: Float64Array; readonly counts: Float64Array };
}

/**
 * theta given the second moments of the effects [EM-6]: minimises
 *   sum_t n_t log|Lambda_t|^2 + tr(Lambda_t^-1 S_t Lambda_t^-T) + penalties
 * over the templates t of each block, S_t the sum of p E[b b'] and n_t that of p.
 * @param from  the whole vector of the E-step
 * @param full  the whole vector, its theta overwritten
 */
export function updateCovariances(
  eStep: EStep,
  penalties: readonly PenaltyTerm[],
  from: Float64Array,
  full: Float64Array,
): void {
  const { joint, classes, space } = eStep.model;
  for (const whole of joint.layout.blocks) {
    const parts: Moments[] = [];
    classes.forEach(({ work }, k) => {
      const block = work.model.layout.blocks.find((b) => b.block.id === whole.block.id);
      if (block !== undefined) parts.push({ block, sums: eStep.sums[k] });
    });
    const places = Int32Array.from({ length: whole.thetaCount }, (_, k) => whole.thetaStart + k).filter((i) =>
      space.free.includes(i),
    );
    if (places.length === 0 || parts.length === 0) continue;
    if (penalties.length === 0 && whole.size === 1 && whole.block.positions === null) {
      scalarUpdate(whole, parts, from, full);
      continue;
    }
    numericUpdate(whole, parts, places, penalties, from, full);
  }
}

function scalarUpdate(whole: BlockLayout, parts: readonly Moments[], from: Float64Array, full: Float64Array): void {
  let S = 0;
  let n = 0;
  for (const { block, sums } of parts) {
    const { start } = block.templates[0];
    S += sums.moments[start];
    n += sums.counts[start];
  }
  if (!(S > 0 && n > 0)) return;
  whole.model.scaleInto(full, whole.thetaStart, 1, Float64Array.of(Math.sqrt(S / n)));
  if (from[whole.thetaStart] < 0 && full[whole.thetaStart] > 0 && whole.model.name !== 'cs')
    full[whole.thetaStart] = -full[whole.thetaStart];
}

function numericUpdate(
  whole: BlockLayout,
  parts: readonly Moments[],
  places: Int32Array,
  penalties: readonly PenaltyTerm[],
  from: Float64Array,
  full: Float64Array,
): void {
  const at = from.slice();
  const whole0 = new Float64Array(full.length);
  let scale = 0;
  for (const { block, sums } of parts) for (const t of block.templates) scale += sums.counts[t.start];
  const state = runToEnd(
    minimize(
      {
        dimension: places.length,
        evaluate(x, gradient) {
          places.forEach((i, k) => {
            at[i] = x[k];
          });
          whole0.fill(0);
          let value = 0;
          for (const { block, sums } of parts) {
            for (const t of block.templates) {
              const n = sums.counts[t.start];
              if (!(n > 0)) continue;
              const lambda = new Float64Array(t.size * t.size);
              whole.model.factorInto(lambda, 0, t.size, at, whole.thetaStart, t.positions);
              const found = invert(lambda, t.size);
              if (found === null) return Number.POSITIVE_INFINITY;
              const { inverse: W, logDet } = found;
              const S = sums.moments.subarray(t.start, t.start + t.size * t.size);
              const { trace, G } = traceOf(W, S, t.size, n);
              value += 2 * n * logDet + trace;
              whole.model.gradientInto(whole0, whole.thetaStart, G, 0, t.size, at, t.positions);
            }
          }
          for (const term of penalties) value += term.evaluate(at, gradient === null ? null : whole0);
          if (gradient !== null)
            places.forEach((i, k) => {
              gradient[k] = whole0[i];
            });
          return value;
        },
      },
      Float64Array.from(places, (i) => from[i]),
      {
        maxEvaluations: mostEvaluations,
        tolerance: 1e-6,
        initialRadius: 1,
        initialHessian: 4 * Math.max(scale, 1),
      },
    ),
  );
  if (!Number.isFinite(state.value)) return;
  places.forEach((i, k) => {
    full[i] = state.x[k];
  });
}

/** tr(W S W') and its derivative with that of 2 n log|Lambda| by Lambda = W^-1: 2 n W' - 2 W'W S W'. */
function traceOf(W: Float64Array, S: Float64Array, n: number, count: number): { trace: number; G: Float64Array } {
  const WS = new Float64Array(n * n);
  for (let c = 0; c < n; c++)
    for (let k = 0; k < n; k++) for (let r = 0; r < n; r++) WS[r + c * n] += W[r + k * n] * S[k + c * n];
  const M = new Float64Array(n * n); // W S W'
  for (let c = 0; c < n; c++)
    for (let k = 0; k < n; k++) for (let r = 0; r < n; r++) M[r + c * n] += WS[r + k * n] * W[c + k * n];
  let trace = 0;
  for (let c = 0; c < n; c++) trace += M[c * (n + 1)];
  const G = new Float64Array(n * n);
  for (let c = 0; c < n; c++)
    for (let r = 0; r < n; r++) {
      let t = 0;
      for (let k = 0; k < n; k++) t += W[k + r * n] * ((k === c ? count : 0) - M[k + c * n]);
      G[r + c * n] = 2 * t;
    }
  return { trace, G };
}

/** Inverse and log|det| of a small matrix by elimination with pivots; null where it is singular to working accuracy. */
function invert(A: Float64Array, n: number): { inverse: Float64Array; logDet: number } | null {
  const a = A.slice();
  const inverse = new Float64Array(n * n);
  for (let c = 0; c < n; c++) inverse[c * (n + 1)] = 1;
  let logDet = 0;
  for (let c = 0; c < n; c++) {
    let pivot = c;
    for (let r = c + 1; r < n; r++) if (Math.abs(a[r + c * n]) > Math.abs(a[pivot + c * n])) pivot = r;
    const value = a[pivot + c * n];
    if (!(Math.abs(value) > 1e-150)) return null;
    logDet += Math.log(Math.abs(value));
    for (let k = 0; k < n; k++) {
      const t = a[pivot + k * n];
      a[pivot + k * n] = a[c + k * n];
      a[c + k * n] = t / value;
      const s = inverse[pivot + k * n];
      inverse[pivot + k * n] = inverse[c + k * n];
      inverse[c + k * n] = s / value;
    }
    for (let r = 0; r < n; r++) {
      const f = a[r + c * n];
      if (r === c || f === 0) continue;
      for (let k = 0; k < n; k++) {
        a[r + k * n] -= f * a[c + k * n];
        inverse[r + k * n] -= f * inverse[c + k * n];
      }
    }
  }
  return { inverse, logDet };
}
