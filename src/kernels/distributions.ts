import { findRoot } from './find-root.js';
import { incompleteBeta } from './incomplete-beta.js';
import { incompleteGamma, type Tail } from './incomplete-gamma.js';
import { logGamma } from './special/gamma.js';
import { normalCdf, normalQuantile } from './special/normal.js';
import { logBeta } from './special-functions.js';

/**
 * Tails and quantiles for tests and intervals. Degrees of freedom are positive real numbers, Infinity included; tails
 * keep their relative accuracy down to the smallest numbers, which one minus the other tail would not.
 */

/** P(|Z| > |z|). */
export function normalTwoSided(z: number): number {
  return 2 * normalCdf(-Math.abs(z));
}

/** P(|T| > |t|). */
export function studentTwoSided(t: number, df: number): number {
  if (df === Number.POSITIVE_INFINITY) return normalTwoSided(t);
  if (df === 1) return (2 / Math.PI) * Math.atan2(1, Math.abs(t));
  const ratio = (t / df) * t;
  if (ratio > 1e290) {
    // the square of t overflows before its tail underflows: the leading term, exact to rounding there
    const logTail = (df / 2) * (Math.log(df) - 2 * Math.log(Math.abs(t))) - Math.log(df / 2) - logBeta(df / 2, 0.5);
    return Math.exp(logTail);
  }
  return incompleteBeta(ratio / (1 + ratio), 1 / (1 + ratio), 0.5, df / 2, 'upper');
}

/** P(T <= t). */
export function studentCdf(t: number, df: number): number {
  const half = studentTwoSided(t, df) / 2;
  return t < 0 ? half : 1 - half;
}

/** P(X <= x), or P(X > x), of a chi-squared variable. */
export function chiSquaredCdf(x: number, df: number, tail: Tail = 'lower'): number {
  if (!(x > 0)) return Number.isNaN(x) ? x : tail === 'lower' ? 0 : 1;
  return incompleteGamma(x / 2, df / 2, tail);
}

/** P(F <= f), or P(F > f). */
export function fCdf(f: number, df1: number, df2: number, tail: Tail = 'lower'): number {
  if (!(f > 0)) return Number.isNaN(f) ? f : tail === 'lower' ? 0 : 1;
  if (df2 === Number.POSITIVE_INFINITY) return chiSquaredCdf(df1 * f, df1, tail);
  if (df1 === Number.POSITIVE_INFINITY) return chiSquaredCdf(df2 / f, df2, tail === 'lower' ? 'upper' : 'lower');
  const ratio = (df1 / df2) * f;
  const inside = ratio === Number.POSITIVE_INFINITY ? 1 : ratio / (1 + ratio);
  return incompleteBeta(inside, 1 / (1 + ratio), df1 / 2, df2 / 2, tail);
}

/** t with P(T <= t) = p. */
export function studentQuantile(p: number, df: number): number {
  if (df === Number.POSITIVE_INFINITY) return normalQuantile(p);
  if (!(p > 0 && p < 1)) return p === 0 ? Number.NEGATIVE_INFINITY : p === 1 ? Number.POSITIVE_INFINITY : Number.NaN;
  if (p === 0.5) return 0;
  const tail = 2 * Math.min(p, 1 - p);
  if (df === 1) return Math.sign(p - 0.5) / Math.tan((Math.PI / 2) * tail);
  const logDensityAtZero = -logBeta(0.5, df / 2) - Math.log(df) / 2;
  // on log t: the log tail is then nearly linear, far out too
  const u = logQuantile(
    (t) => studentTwoSided(t, df),
    (t) => 2 * Math.exp(logDensityAtZero - ((df + 1) / 2) * Math.log1p((t / df) * t)),
    tail,
    Math.log(Math.max(Math.abs(normalQuantile(tail / 2)), 1e-8)),
  );
  return Math.sign(p - 0.5) * u;
}

/** x with P(X <= x) = p, or P(X > x) = p. */
export function chiSquaredQuantile(p: number, df: number, tail: Tail = 'lower'): number {
  return 2 * gammaQuantile(p, df / 2, tail);
}

/** x with P(shape, x) = p, or Q(shape, x) = p. */
export function gammaQuantile(p: number, shape: number, tail: Tail = 'lower'): number {
  if (!(p > 0 && p < 1)) return endOfSupport(p, tail, Number.POSITIVE_INFINITY);
  const upper = useUpper(p, tail, (t) => incompleteGamma(shape, shape, t));
  const side: Tail = upper ? 'upper' : 'lower';
  return logQuantile(
    (x) => incompleteGamma(x, shape, side),
    (x) => (upper ? 1 : -1) * Math.exp((shape - 1) * Math.log(x) - x - logGamma(shape)),
    side === tail ? p : 1 - p,
    Math.log(shape),
  );
}

/** f with P(F <= f) = p, or P(F > f) = p. */
export function fQuantile(p: number, df1: number, df2: number, tail: Tail = 'lower'): number {
  if (!(p > 0 && p < 1)) return endOfSupport(p, tail, Number.POSITIVE_INFINITY);
  if (df2 === Number.POSITIVE_INFINITY) return chiSquaredQuantile(p, df1, tail) / df1;
  const upper = useUpper(p, tail, (t) => fCdf(1, df1, df2, t));
  const side: Tail = upper ? 'upper' : 'lower';
  const constant = (df1 / 2) * Math.log(df1 / df2) - logBeta(df1 / 2, df2 / 2);
  return logQuantile(
    (f) => fCdf(f, df1, df2, side),
    (f) =>
      (upper ? 1 : -1) *
      Math.exp(constant + (df1 / 2 - 1) * Math.log(f) - ((df1 + df2) / 2) * Math.log1p((df1 / df2) * f)),
    side === tail ? p : 1 - p,
    0,
  );
}

function endOfSupport(p: number, tail: Tail, end: number): number {
  if (p === 0) return tail === 'lower' ? 0 : end;
  if (p === 1) return tail === 'lower' ? end : 0;
  return Number.NaN;
}

/** Whether to solve in the upper tail: the one in which the target is the smaller probability. */
function useUpper(p: number, tail: Tail, atCentre: (t: Tail) => number): boolean {
  return tail === 'upper' ? p < atCentre('upper') : p >= atCentre('lower');
}

/**
 * x > 0 with tail(x) = p, by Newton steps on log tail over log x inside a bracket.
 * @param density  minus the derivative of `tail`
 */
function logQuantile(tail: (x: number) => number, density: (x: number) => number, p: number, start: number): number {
  const target = Math.log(p);
  const f = (u: number): readonly [number, number] => {
    const x = Math.exp(u);
    const at = tail(x);
    // Infinity, where the tail underflows, would stop the search: the bracket needs only the sign
    const value = at > 0 ? Math.log(at) - target : -1e9;
    return [value, (-density(x) * x) / at];
  };
  let low = start;
  let high = start;
  const [first] = f(start);
  const rising = f(start + 1e-3)[0] > first;
  for (let width = 0.5; width < 2000; width *= 2) {
    const seeksHigher = first < 0 === rising;
    if (seeksHigher) high = Math.min(start + width, 709);
    else low = Math.max(start - width, -745);
    if (f(seeksHigher ? high : low)[0] * first <= 0) break;
  }
  const found = findRoot(f, low, high);
  return found.converged ? Math.exp(found.x) : Number.NaN;
}
