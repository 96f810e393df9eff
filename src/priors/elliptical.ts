import { positiveDefinite } from './positive-definite.js';

/** Derivatives of a log density of x, overwritten; what is left out is not computed. */
export interface EllipticalGradient {
  readonly x?: Float64Array; // n; in the location they are the negative of these
  readonly scale?: Float64Array; // n x n symmetric: d log density = tr(scale d scale)
  /** One number; only multi_student_t writes it. */
  readonly df?: Float64Array;
}

/** A density of a vector that depends on (x - location)' scale^-1 (x - location) alone [PRIOR-3]. */
export interface EllipticalDensity {
  /**
   * @param df     of multi_student_t; multi_normal ignores it
   * @param scale  n x n, column-major, positive definite: the covariance of multi_normal
   * @returns      -Infinity where the scale is not positive definite
   */
  logDensity(
    x: Float64Array,
    df: number,
    location: Float64Array,
    scale: Float64Array,
    gradient: EllipticalGradient | null,
  ): number;
}

/**
 * q = (x - m)' S^-1 (x - m) and log det S, and the derivatives of log density = h(q) - log det S / 2.
 * @param weigh  q -> [-2 h'(q), derivative in df]
 */
export function quadraticForm(
  x: Float64Array,
  location: Float64Array,
  scale: Float64Array,
  gradient: EllipticalGradient | null,
  weigh: (q: number) => readonly [weight: number, dfSlope: number],
): { readonly value: number; readonly logDet: number } | undefined {
  const n = x.length;
  const s = positiveDefinite(scale, n);
  if (!s) return undefined;
  const solved = new Float64Array(n); // S^-1 (x - m)
  for (let j = 0; j < n; j++) for (let i = 0; i < n; i++) solved[i] += s.inverse[i + j * n] * (x[j] - location[j]);
  let value = 0;
  for (let i = 0; i < n; i++) value += solved[i] * (x[i] - location[i]);
  if (gradient) {
    const [weight, dfSlope] = weigh(value);
    if (gradient.x) for (let i = 0; i < n; i++) gradient.x[i] = -weight * solved[i];
    if (gradient.scale)
      for (let j = 0; j < n; j++)
        for (let i = 0; i < n; i++)
          gradient.scale[i + j * n] = (weight * solved[i] * solved[j] - s.inverse[i + j * n]) / 2;
    if (gradient.df) gradient.df[0] = dfSlope;
  }
  return { value, logDet: s.logDet };
}
