/**
 * The density of a scalar quantity, with its normalising constant; an improper one has none [PRIOR-1].
 * Arguments come in the order of the signature, defaults filled in.
 */
export interface ScalarDensity {
  /**
   * Writes, for a quantity x,
   *   out[0] = log density, -Infinity outside the support,
   *   out[1] = its derivative in x, out[2] = its second derivative in x,
   *   out[3 + k] = its derivative in argument k (a scale may depend on sigma).
   * `out` has room for 3 + the number of arguments.
   */
  logDensityInto(out: Float64Array, x: number, args: readonly number[]): void;
  /** True where the arguments give no density that integrates to one. */
  isImproper?(args: readonly number[]): boolean;
}

/** `isImproper` of distributions whose argument k is a scale: an infinite one makes them flat. */
export function infiniteAt(k: number): (args: readonly number[]) => boolean {
  return (args) => args[k] === Number.POSITIVE_INFINITY;
}

/** Outside the support: no density, and no slope that an optimizer could follow. */
export function outsideInto(out: Float64Array): void {
  out.fill(0);
  out[0] = Number.NEGATIVE_INFINITY;
}
