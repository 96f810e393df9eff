import { findRoot } from '../../../kernels/find-root.js';

/** A function of x = log sigma: value, slope and curvature; the curvature steers steps only. */
export type SigmaJet = (x: number) => readonly [value: number, slope: number, curvature: number];

/** Terms on the absolute scale bend the function over a unit of log sigma: a quarter of that sees every valley. */
const step = 0.25;
/** Beyond e^60 from the start nothing is left but rounding. */
const farthest = 60;

/**
 * The lowest minimum over x = log sigma. The function may have several valleys (a prior and data that disagree about the
 * coefficients); each is found by its slopes' signs on a grid and finished by Newton steps inside its bracket [LMM-PRIOR-5].
 * @param from, to  a window that holds what is known of the valleys; it grows while the function falls outwards
 * @returns         NaN where the function falls for ever
 */
export function searchSigma(jet: SigmaJet, from: number, to: number): number {
  let low = from;
  let high = to;
  for (let by = 1; jet(low)[1] > 0; by *= 2) {
    low -= by;
    if (from - low > farthest) return Number.NaN;
  }
  for (let by = 1; jet(high)[1] < 0; by *= 2) {
    high += by;
    if (high - to > farthest) return Number.NaN;
  }
  const cells = Math.max(1, Math.ceil((high - low) / step));
  let best = Number.NaN;
  let least = Number.POSITIVE_INFINITY;
  let left = low;
  let slope = jet(low)[1];
  for (let k = 1; k <= cells; k++) {
    const right = k === cells ? high : low + ((high - low) * k) / cells;
    const next = jet(right)[1];
    if (!(slope > 0) && next >= 0) {
      const x = bottom(jet, left, right);
      const value = jet(x)[0];
      if (value < least) {
        least = value;
        best = x;
      }
    }
    left = right;
    slope = next;
  }
  return best;
}

function bottom(jet: SigmaJet, left: number, right: number): number {
  const root = findRoot(
    (x) => {
      const [, slope, curvature] = jet(x);
      return [slope, curvature];
    },
    left,
    right,
  );
  return Number.isFinite(root.x) ? root.x : (left + right) / 2;
}
