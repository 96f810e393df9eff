import { incompleteBeta } from '../incomplete-beta.js';
import { incompleteGamma } from '../incomplete-gamma.js';

/** P(G <= x) for G ~ gamma(shape, rate 1). */
export function gammaCdf(x: number, shape: number): number {
  if (!(x > 0)) return 0;
  return x === Number.POSITIVE_INFINITY ? 1 : incompleteGamma(x, shape);
}

/** P(G > x) for G ~ gamma(shape, rate 1). */
export function gammaUpper(x: number, shape: number): number {
  if (!(x > 0)) return 1;
  return x === Number.POSITIVE_INFINITY ? 0 : incompleteGamma(x, shape, 'upper');
}

/** P(B <= x) for B ~ beta(a, b); `complement` is 1 - x, where the caller has it with more digits. */
export function betaCdf(x: number, a: number, b: number, complement = 1 - x): number {
  if (!(x > 0)) return 0;
  return complement <= 0 ? 1 : incompleteBeta(x, complement, a, b);
}
