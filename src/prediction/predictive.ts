import { gaussHermite, productRule } from '../kernels/gauss-hermite.js';
import { normalsInPlace, sobolPoints } from '../kernels/quasi-random.js';
import { normalCdf } from '../kernels/special/normal.js';
import { symmetricEigen } from '../kernels/symmetric-eigen.js';
import type { Component } from './components.js';

/** A component's linear predictors and thresholds as normal variables, and the probability of its class. */
export interface PredictiveClass {
  readonly component: Component;
  readonly probability: number;
  readonly x: Float64Array;
  readonly covariance: Float64Array; // n x n
}

const points = 21;
const pointsOfTwo = 11; // in each of two directions
const draws = 256;
const negligible = 1e-12;

/** Standard normal nodes for directions that matter, and weights. */
export class PredictiveRules {
  private readonly one = gaussHermite(points);
  private readonly two = productOfTwo();
  private readonly several = new Map<number, Float64Array>();

  nodes(dimension: number): { readonly nodes: Float64Array; readonly weights: Float64Array } {
    if (dimension === 0) return { nodes: new Float64Array(0), weights: Float64Array.of(1) };
    if (dimension === 1) return this.one;
    if (dimension === 2) return this.two;
    const known = this.several.get(dimension) ?? sobolPoints(draws, dimension, 'predictive');
    if (!this.several.has(dimension)) {
      normalsInPlace(known);
      this.several.set(dimension, known);
    }
    return { nodes: known, weights: new Float64Array(draws).fill(1 / draws) };
  }
}

function productOfTwo(): { readonly nodes: Float64Array; readonly weights: Float64Array } {
  const { nodes, logWeights } = productRule(gaussHermite(pointsOfTwo), 2);
  return { nodes, weights: logWeights.map(Math.exp) };
}

/** Quantiles of the predictive distribution of a row [PRED-6]; NaN where something is not finite. */
export function predictiveQuantiles(
  classes: readonly PredictiveClass[],
  row: number,
  levels: readonly number[],
  rules: PredictiveRules,
): number[] {
  const parts = classes
    .filter((c) => c.probability > negligible)
    .map((c) => ({ component: c.component, weight: c.probability, at: nodesOf(c, rules) }));
  if (parts.length === 0 || parts.some((p) => p.at === null)) return levels.map(() => Number.NaN);
  const cdf = (y: number): number => {
    let sum = 0;
    for (const { component, weight, at } of parts) {
      if (at === null) continue;
      const { bound } = component;
      const D = bound.predictors.length;
      at.weights.forEach((w, s) => {
        const x = at.points[s];
        bound.thresholds?.use(x.subarray(D));
        const p =
          at.spread === null
            ? bound.cdf(y, row, x)
            : normalCdf((y - x[0]) / Math.sqrt(bound.variance(row, x) + at.spread));
        sum += weight * w * p;
      });
    }
    return sum;
  };
  const supports = parts.map((p) => p.component.bound.support(row));
  const low = Math.min(...supports.map((s) => s[0]));
  const high = Math.max(...supports.map((s) => s[1]));
  const discrete = parts.every((p) => p.component.isCount);
  const ordered = parts.some((p) => p.component.cuts !== null);
  return levels.map((p) => quantile(cdf, p, ordered ? 1 : low, high, discrete));
}

interface Nodes {
  readonly points: readonly Float64Array[];
  readonly weights: Float64Array;
  /** Variance of the mean that is integrated in closed form; null: nothing is. */
  readonly spread: number | null;
}

function nodesOf({ x, covariance, component }: PredictiveClass, rules: PredictiveRules): Nodes | null {
  const n = x.length;
  if (!x.every(Number.isFinite) || !covariance.every(Number.isFinite)) return null;
  // a normal mean in a normal response: what is left is the uncertainty of sigma
  const spread = component.isNormal ? covariance[0] : null;
  const first = spread === null ? 0 : 1;
  const free = Array.from(x.keys()).filter((i) => i >= first && covariance[i + i * n] > 0);
  const m = free.length;
  const own = Float64Array.from({ length: m * m }, (_, e) => covariance[free[e % m] + free[Math.floor(e / m)] * n]);
  if (!own.every(Number.isFinite)) return null;
  const { values, vectors } = m === 0 ? { values: own, vectors: own } : symmetricEigen(own, m);
  const largest = m === 0 ? 0 : values[m - 1];
  const directions = Array.from(values.keys())
    .filter((k) => values[k] > negligible * largest)
    .slice(-6);
  const { nodes, weights } = rules.nodes(directions.length);
  const list = Array.from(weights, (_, s) => {
    const at = x.slice();
    directions.forEach((k, d) => {
      const t = nodes[s * directions.length + d] * Math.sqrt(values[k]);
      free.forEach((i, r) => {
        at[i] += t * vectors[r + k * m];
      });
    });
    return at;
  });
  return { points: list, weights, spread };
}

/** The smallest y with F(y) >= p: by bisection among counts, else by false position (Illinois), which halves where it is slow. */
function quantile(cdf: (y: number) => number, p: number, low: number, high: number, discrete: boolean): number {
  if (Number.isFinite(low) && cdf(low) >= p) return low;
  let a = Number.isFinite(low) ? low : -1;
  let b = Number.isFinite(high) ? high : Math.max(1, a + 1);
  if (!Number.isFinite(low)) while (cdf(a) >= p && a > -1e300) a *= 2;
  if (!Number.isFinite(high)) while (!(cdf(b) >= p) && b < 1e300) b *= 2;
  let fa = cdf(a) - p;
  let fb = cdf(b) - p;
  if (!Number.isFinite(fa) || !Number.isFinite(fb)) return Number.NaN;
  let side = 0;
  for (let k = 0; k < 200; k++) {
    const width = b - a;
    if (!discrete && width <= closeEnough * Math.max(Math.abs(a), Math.abs(b))) break;
    const chord = b - (fb * width) / (fb - fa);
    const useChord = !discrete && k % 4 !== 3 && chord > a && chord < b;
    const middle = discrete ? Math.floor((a + b) / 2) : useChord ? chord : (a + b) / 2;
    if (middle <= a || middle >= b) break;
    const f = cdf(middle) - p;
    if (f >= 0) {
      b = middle;
      fb = f;
      if (side === 1) fa /= 2;
      side = 1;
    } else {
      a = middle;
      fa = f;
      if (side === -1) fb /= 2;
      side = -1;
    }
    if (!discrete && Math.abs(f) <= closeEnough * Math.min(p, 1 - p)) return middle;
  }
  return b;
}

const closeEnough = 1e-10;
