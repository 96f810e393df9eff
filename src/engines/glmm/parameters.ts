import type { GlmmWork } from './glmm-work.js';
import { setParameters } from './laplace.js';

/**
 * The vector that the optimizer moves, in transformed coordinates:
 *   [ theta (layout.thetas) | beta (coefficients) | cuts: the first, then the logarithms of the increments ]
 * of which only the free ones are given to it.
 */
export interface ParameterSpace {
  readonly size: number; // of the whole vector
  readonly free: Int32Array; // indices of what is estimated, ascending
  /** The whole vector; what is not free keeps its value. */
  readonly full: Float64Array;
}

export function parameterSpace(work: GlmmWork, held: ReadonlyMap<number, number> = new Map()): ParameterSpace {
  const { layout, coefficients, cuts } = work.model;
  const size = layout.thetas + coefficients + cuts;
  const full = new Float64Array(size);
  for (const [at, value] of held) full[at] = value;
  const free = Int32Array.from({ length: size }, (_, i) => i).filter((i) => !held.has(i));
  return { size, free, full };
}

/** Puts the whole vector into `work`. */
export function applyParameters(work: GlmmWork, full: Float64Array): void {
  const { layout, coefficients } = work.model;
  const end = layout.thetas + coefficients;
  const cuts = cutsOf(full.subarray(end));
  setParameters(work, full.subarray(0, layout.thetas), full.subarray(layout.thetas, end), cuts);
}

/** Thresholds from the first and the logarithms of the increments. */
export function cutsOf(raw: Float64Array): Float64Array {
  const cuts = new Float64Array(raw.length);
  let at = 0;
  for (let k = 0; k < raw.length; k++) {
    at = k === 0 ? raw[0] : at + Math.exp(raw[k]);
    cuts[k] = at;
  }
  return cuts;
}

export function rawCuts(cuts: Float64Array): Float64Array {
  return cuts.map((c, k) => (k === 0 ? c : Math.log(c - cuts[k - 1])));
}

/** Turns derivatives by thresholds into those by the raw parameters, in place. */
export function chainCuts(gradient: Float64Array, start: number, raw: Float64Array): void {
  const n = raw.length;
  let sum = 0;
  for (let k = n - 1; k >= 0; k--) {
    sum += gradient[start + k];
    gradient[start + k] = k === 0 ? sum : sum * Math.exp(raw[k]);
  }
}
