import type { BatchLoop, ExponentialRows, RowDerivatives } from '../../families/density.js';
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

/** Sums of a group's rows whose log densities, moved by b, are constant + linear b - curved exp(b) together [EM-3a]. */
export interface MovedRows {
  constant: number;
  linear: number;
  curved: number;
}

/**
 * Forms a group's sums at the fixed part of eta; `curved` holds those of the rows.
 * @returns false where they are not finite, which rows by themselves may still be
 */
export function moveRows(
  { from, to }: ScalarGroup,
  rows: ExponentialRows,
  fixedEta: Float64Array,
  curved: Float64Array,
  into: MovedRows,
): boolean {
  into.constant = rows.curvedInto(from, to, fixedEta, curved);
  into.linear = 0;
  into.curved = 0;
  for (let i = from; i < to; i++) {
    into.linear += rows.linear[i];
    into.curved += curved[i];
  }
  return Number.isFinite(into.constant + into.linear + into.curved);
}

/** As `scalarValues`, each point at the cost of a row. */
export function movedValues(
  { mode, scale, lambda }: ScalarGroup,
  { constant, linear, curved }: MovedRows,
  nodes: NodeSet,
  logTerms: Float64Array,
): number {
  const { count, logWeights } = nodes;
  const points = nodes.z;
  let largest = Number.NEGATIVE_INFINITY;
  for (let m = 0; m < count; m++) {
    const u = mode + scale * points[m];
    const b = lambda * u;
    const t = constant + linear * b - curved * Math.exp(b) - (u * u) / 2 + logWeights[m];
    logTerms[m] = t;
    if (t > largest) largest = t;
  }
  return largest;
}

/** As `scalarSums`, each point at the cost of a row. @param rowCurved  by row, as `moveRows` has left it */
export function movedSums(
  { from, to, mode, scale, lambda }: ScalarGroup,
  rows: ExponentialRows,
  { constant, linear, curved }: MovedRows,
  rowCurved: Float64Array,
  nodes: NodeSet,
  order: 1 | 2,
  reference: number,
  weights: Float64Array,
  first: Float64Array,
  second: Float64Array,
  into: ScalarSums,
): void {
  const { count, logWeights } = nodes;
  const points = nodes.z;
  const start = constant - reference;
  let total = 0;
  let moved = 0; // sum of w exp(b)
  let T = 0;
  let B = 0;
  into.firstHalf = 0;
  for (let m = 0; m < count; m++) {
    if (2 * m === count) into.firstHalf = total;
    const u = mode + scale * points[m];
    const b = lambda * u;
    const e = Math.exp(b);
    const w = Math.exp(start + linear * b - curved * e - (u * u) / 2 + logWeights[m]);
    weights[m] = w;
    if (!(w > 0)) continue;
    total += w;
    moved += w * e;
    T += w * u * (linear - curved * e);
    B += w * b * b;
  }
  const { linear: rowLinear } = rows;
  for (let i = from; i < to; i++) first[i] = total * rowLinear[i] - moved * rowCurved[i];
  if (order === 2) for (let i = from; i < to; i++) second[i] = -moved * rowCurved[i];
  into.total = total;
  into.T = T;
  into.B = B;
}
