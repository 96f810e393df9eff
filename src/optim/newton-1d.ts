export { findRoot, type Root } from '../kernels/find-root.js';

/** Value, first and second derivative at a point. */
export type Jet = readonly [value: number, first: number, second: number];

export interface ScalarMinimum {
  readonly x: number;
  readonly value: number;
  readonly first: number;
  readonly second: number;
  readonly evaluations: number;
  readonly converged: boolean;
}

export interface ScalarOptions {
  /** Open interval outside which the function is not defined. Default: the whole line. */
  readonly lower?: number;
  readonly upper?: number;
  /** Relative to max(|x|, `unit`). Default 1e-13. */
  readonly tolerance?: number;
  /** What counts as small next to zero; a start far below it ends at once. Default 0: only x itself counts. */
  readonly unit?: number;
  readonly firstStep?: number; // default max(|start|, unit) / 2, or 1 where both are zero
  readonly maxEvaluations?: number; // default 200
}

/**
 * Minimises a function of one variable by Newton steps on its derivative, kept inside the bracket that the signs of the
 * derivative have shown so far [OPT-5]. Steps grow while no bracket is known. A point where the function is not finite
 * closes the bracket on its side.
 */
export function minimizeScalar(jet: (x: number) => Jet, start: number, options: ScalarOptions = {}): ScalarMinimum {
  const tolerance = options.tolerance ?? 1e-13;
  const unit = options.unit ?? 0;
  const maxEvaluations = options.maxEvaluations ?? 200;
  let low = options.lower ?? Number.NEGATIVE_INFINITY; // derivative negative here, or the domain's end
  let high = options.upper ?? Number.POSITIVE_INFINITY;
  let reach = options.firstStep ?? (Math.max(Math.abs(start), unit) / 2 || 1);
  let x = start;
  let [value, first, second] = jet(x);
  let evaluations = 1;
  const end = (converged: boolean): ScalarMinimum => ({ x, value, first, second, evaluations, converged });
  if (!Number.isFinite(value) || !Number.isFinite(first)) return end(false);
  while (evaluations < maxEvaluations) {
    if (first === 0 && second >= 0) return end(true);
    if (first < 0) low = x;
    else if (first > 0) high = x;
    const newton = second > 0 ? -first / second : Number.NaN;
    if (Math.abs(newton) <= tolerance * Math.max(Math.abs(x), unit)) return end(true);
    const downhill = first === 0 ? 1 : -Math.sign(first);
    let step = Math.abs(newton) <= reach ? newton : downhill * reach;
    let next = x + step;
    if (!(next > low && next < high)) {
      next = betweenEnds(low, high, x, downhill);
      step = next - x;
    }
    if (next === x || high - low <= tolerance * Math.max(Math.abs(x), unit)) return end(true);
    const tried = jet(next);
    evaluations++;
    if (!Number.isFinite(tried[0]) || !Number.isFinite(tried[1])) {
      if (step > 0) high = next;
      else low = next;
      reach = Math.abs(step) / 2;
      continue;
    }
    // a Newton step that overshoots to a larger slope came from another valley's curvature
    reach =
      Math.abs(tried[1]) > Math.abs(first) && tried[1] * first < 0
        ? Math.abs(step) / 2
        : 2 * Math.max(reach, Math.abs(step));
    x = next;
    [value, first, second] = tried;
  }
  return end(false);
}

/** The middle of the bracket, or of what is left of it on the downhill side where an end is at infinity. */
function betweenEnds(low: number, high: number, x: number, downhill: number): number {
  if (Number.isFinite(low) && Number.isFinite(high)) return low + (high - low) / 2;
  return downhill > 0 ? x + (high - x) / 2 : x + (low - x) / 2;
}
