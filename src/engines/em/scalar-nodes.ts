import type { BatchLoop, RowDerivatives } from '../../families/density.js';
import type { NodeSet } from './node-rules.js';

/** A group with one effect that one predictor has, which is the case that matters most: everything is a number. */
export interface ScalarGroup {
  readonly from: number;
  readonly to: number;
  readonly mode: number; // u~
  readonly scale: number; // 1 / L
  readonly lambda: number;
  /** Where the predictor's numbers begin in `eta` and in the first derivatives. */
  readonly at: number;
  readonly z: Float64Array | null; // rows; null: ones
}

/** Logarithms of the points' terms; returns the largest [EM-3]. */
export function scalarValues(
  group: ScalarGroup,
  nodes: NodeSet,
  batch: BatchLoop,
  eta: Float64Array,
  fixedEta: Float64Array,
  out: RowDerivatives,
  logTerms: Float64Array,
): number {
  const { from, to, mode, scale, lambda, at, z } = group;
  const { count, logWeights } = nodes;
  const points = nodes.z;
  let largest = Number.NEGATIVE_INFINITY;
  for (let m = 0; m < count; m++) {
    const u = mode + scale * points[m];
    const b = lambda * u;
    if (z === null) for (let i = from; i < to; i++) eta[at + i] = fixedEta[at + i] + b;
    else for (let i = from; i < to; i++) eta[at + i] = fixedEta[at + i] + z[i] * b;
    const t = batch(from, to, eta, 0, out) - (u * u) / 2 + logWeights[m];
    logTerms[m] = t;
    if (t > largest) largest = t;
  }
  return largest;
}

/** Sums over the points of one group, weights relative to `reference`. */
export interface ScalarSums {
  total: number;
  firstHalf: number;
  T: number; // w u sum of z d log f / d eta
  B: number; // w b^2
}

/**
 * One pass with derivatives: adds w times the rows' first derivatives (order 2: and second ones) to `first` and `second`, whose
 * rows from .. to are expected to be zero.
 */
export function scalarSums(
  group: ScalarGroup,
  nodes: NodeSet,
  order: 1 | 2,
  reference: number,
  batch: BatchLoop,
  eta: Float64Array,
  fixedEta: Float64Array,
  out: RowDerivatives,
  weights: Float64Array,
  first: Float64Array,
  second: Float64Array,
  into: ScalarSums,
): void {
  const { from, to, mode, scale, lambda, at, z } = group;
  const { count, logWeights } = nodes;
  const points = nodes.z;
  const { rows } = out;
  const D = first.length / rows;
  const pairs = second.length / rows;
  const rowFirst = out.first;
  const rowSecond = out.second;
  let total = 0;
  let T = 0;
  let B = 0;
  into.firstHalf = 0;
  for (let m = 0; m < count; m++) {
    if (2 * m === count) into.firstHalf = total;
    const u = mode + scale * points[m];
    const b = lambda * u;
    if (z === null) for (let i = from; i < to; i++) eta[at + i] = fixedEta[at + i] + b;
    else for (let i = from; i < to; i++) eta[at + i] = fixedEta[at + i] + z[i] * b;
    const w = Math.exp(batch(from, to, eta, order, out) - (u * u) / 2 + logWeights[m] - reference);
    weights[m] = w;
    if (!(w > 0)) continue;
    total += w;
    let s = 0;
    if (z === null)
      for (let i = at + from; i < at + to; i++) {
        const f = rowFirst[i];
        first[i] += w * f;
        s += f;
      }
    else
      for (let i = from; i < to; i++) {
        const f = rowFirst[at + i];
        first[at + i] += w * f;
        s += z[i] * f;
      }
    T += w * u * s;
    B += w * b * b;
    for (let d = 0; d < D; d++) {
      const start = d * rows;
      if (start !== at) for (let i = start + from; i < start + to; i++) first[i] += w * rowFirst[i];
    }
    if (order === 2)
      for (let d = 0; d < pairs; d++) {
        const start = d * rows;
        for (let i = start + from; i < start + to; i++) second[i] += w * rowSecond[i];
      }
  }
  into.total = total;
  into.T = T;
  into.B = B;
}
