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

/** P(B <= x) for B ~ beta(a, b). */
export function betaCdf(x: number, a: number, b: number): number {
  if (!(x > 0)) return 0;
  return x >= 1 ? 1 : incompleteBeta(x, 1 - x, a, b);
}

/** P(T <= t) for Student's t with df degrees of freedom. */
export function studentCdf(t: number, df: number): number {
  const s = t * t;
  // of the two tails of the beta distribution the one that keeps digits
  const both = s < df ? 1 - betaCdf(s / (df + s), 0.5, df / 2) : betaCdf(df / (df + s), df / 2, 0.5);
  return t < 0 ? both / 2 : 1 - both / 2;
}
