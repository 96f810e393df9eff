import { InternalError } from '../diagnostics/internal-error.js';

/** Fewer tail weights than this say nothing of their distribution. */
const fewest = 5;

/**
 * Shape of a generalised Pareto distribution fitted to the largest importance weights (Vehtari, Simpson, Gelman, Yao and Gabry,
 * PSIS): above 0.7 the average of the weights cannot be trusted. The fit is Zhang and Stephens's (2009) with the weak prior
 * of PSIS.
 * @param weights  not negative, of any scale; not changed
 * @returns        NaN with too few weights, -Infinity where the largest weights are all the same
 */
export function paretoShape(weights: Float64Array): number {
  const n = weights.length;
  const tail = Math.min(Math.floor(0.2 * n), Math.ceil(3 * Math.sqrt(n)));
  if (tail < fewest) return Number.NaN;
  const sorted = Float64Array.from(weights).sort();
  if (!(sorted[0] >= 0)) throw new InternalError('paretoShape: a weight below zero', sorted[0]);
  const cut = sorted[n - tail - 1];
  const x = new Float64Array(tail);
  for (let i = 0; i < tail; i++) x[i] = sorted[n - tail + i] - cut;
  if (!(x[tail - 1] > 1e-12 * sorted[n - 1])) return Number.NEGATIVE_INFINITY;
  return shapeOf(x);
}

/** @param x  ascending exceedances, the largest positive */
function shapeOf(x: Float64Array): number {
  const n = x.length;
  const grid = 30 + Math.floor(Math.sqrt(n));
  const quartile = Math.max(x[Math.floor(n / 4 + 0.5) - 1], 1e-300);
  const theta = new Float64Array(grid);
  const profile = new Float64Array(grid);
  let top = Number.NEGATIVE_INFINITY;
  for (let j = 0; j < grid; j++) {
    theta[j] = 1 / x[n - 1] + (1 - Math.sqrt(grid / (j + 0.5))) / (3 * quartile);
    const k = meanLog(x, theta[j]);
    profile[j] = n * (Math.log(-theta[j] / k) - k - 1);
    if (profile[j] > top) top = profile[j];
  }
  let sum = 0;
  let average = 0;
  for (let j = 0; j < grid; j++) {
    const w = Math.exp(profile[j] - top);
    if (!(w >= 0)) continue;
    sum += w;
    average += w * theta[j];
  }
  const k = meanLog(x, average / sum);
  return (k * n + 5) / (n + 10);
}

function meanLog(x: Float64Array, theta: number): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += Math.log1p(-theta * x[i]);
  return sum / x.length;
}
