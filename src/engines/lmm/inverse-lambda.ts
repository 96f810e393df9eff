import { largestAbsolute } from '../../optim/vectors.js';
import type { LmmWork } from './lmm-work.js';

/** Templates with more rows are not inverted: that would cost more than it saves. */
const largest = 16;
/** What is divided by Lambda [LMM-19] loses so many times the rounding error, twice over; beyond, products are formed. */
const mostInverse = 64;
const mostLambda = 64;
const mostCondition = 1e4;

/**
 * Writes the inverse of each template of Lambda to scratch.lambdaInverse, laid out as `lambda`; NaN in its first place where it is
 * singular, nearly so, or large.
 * @returns whether all of them are there
 */
export function invertLambda({ layout, lambda, scratch }: LmmWork): boolean {
  let all = true;
  for (const { templates } of layout.blocks)
    for (const { start, size } of templates) {
      if (invertTemplate(lambda, start, size, scratch.lambdaInverse)) continue;
      all = false;
      scratch.lambdaInverse[start] = Number.NaN;
    }
  return all;
}

/** Whether Z'-residuals are divisions by Lambda [LMM-19]: neither constraints nor priors stand between them and u. */
export function canDivide(work: LmmWork): boolean {
  return work.m === 0 && work.priors === null && invertLambda(work);
}

/** k x k column-major at `start` of both. @returns false: not, or not well, invertible */
function invertTemplate(lambda: Float64Array, start: number, k: number, into: Float64Array): boolean {
  if (k === 1) {
    into[start] = 1 / lambda[start];
    return Math.abs(into[start]) <= mostInverse && Math.abs(lambda[start]) <= mostLambda;
  }
  if (k > largest) return false;
  const X = into.subarray(start, start + k * k);
  X.fill(0);
  for (let c = 0; c < k; c++) X[c * (k + 1)] = 1;
  const L = lambda.slice(start, start + k * k);
  const scale = largestAbsolute(L);
  if (!(scale <= mostLambda) || !rightDivide(X, L, k, 1 / mostInverse)) return false;
  const inverse = largestAbsolute(X);
  return inverse <= mostInverse && inverse * scale <= mostCondition;
}

/**
 * X <- X L^-1 by elimination with column pivots, k x k and column-major; L becomes the identity.
 * @returns false, with both spoilt, where a pivot is below `least`
 */
export function rightDivide(X: Float64Array, L: Float64Array, k: number, least: number): boolean {
  // X L^-1 L = X: columns are operated on, in L and X alike, until L is the identity
  for (let r = 0; r < k; r++) {
    let best = r;
    for (let c = r + 1; c < k; c++) if (Math.abs(L[r + c * k]) > Math.abs(L[r + best * k])) best = c;
    const pivot = L[r + best * k];
    if (!(Math.abs(pivot) >= least)) return false;
    for (const M of [L, X])
      for (let i = 0; i < k; i++) {
        const v = M[i + best * k];
        M[i + best * k] = M[i + r * k];
        M[i + r * k] = v / pivot;
      }
    for (let c = 0; c < k; c++) {
      const f = c === r ? 0 : L[r + c * k];
      if (f === 0) continue;
      for (const M of [L, X]) for (let i = 0; i < k; i++) M[i + c * k] -= f * M[i + r * k];
    }
  }
  return true;
}
