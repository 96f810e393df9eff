import type { BatchLoop, RowDerivatives } from '../../families/density.js';
import type { NodeSet } from './node-rules.js';

/** A group whose effects are those of one level, several of them on one predictor: random slopes. */
export interface BlockGroup {
  readonly from: number;
  readonly to: number;
  readonly width: number; // n
  /** Where the predictor's numbers begin in `eta` and in the first derivatives. */
  readonly at: number;
  readonly z: Float64Array; // rows x n, row-major
  /** n x n column-major, at `lambdaAt`. */
  readonly lambda: Float64Array;
  readonly lambdaAt: number;
}

/** Where points stand: u = mode + factor z, factor upper triangular, n x n column-major at `factorAt`. */
export interface BlockPlace {
  readonly mode: Float64Array; // n
  readonly factor: Float64Array;
  readonly factorAt: number;
  readonly u: Float64Array; // n
  readonly b: Float64Array; // n
}

/** u and b = Lambda u at point m; returns -|u|^2 / 2. */
function placeBlock(group: BlockGroup, place: BlockPlace, points: Float64Array, m: number): number {
  const { width: n, lambda, lambdaAt } = group;
  const { mode, factor, factorAt, u, b } = place;
  let square = 0;
  for (let r = 0; r < n; r++) {
    let t = mode[r];
    for (let c = r; c < n; c++) t += factor[factorAt + r + c * n] * points[m * n + c];
    u[r] = t;
    square += t * t;
  }
  for (let r = 0; r < n; r++) {
    let t = 0;
    for (let c = 0; c < n; c++) t += lambda[lambdaAt + r + c * n] * u[c];
    b[r] = t;
  }
  return -square / 2;
}

/** eta of the group's rows: the fixed part and Z b. */
function blockEta(group: BlockGroup, b: Float64Array, fixedEta: Float64Array, eta: Float64Array): void {
  const { from, to, width: n, at, z } = group;
  if (n === 2) {
    const b0 = b[0];
    const b1 = b[1];
    for (let i = from; i < to; i++) eta[at + i] = fixedEta[at + i] + z[2 * i] * b0 + z[2 * i + 1] * b1;
    return;
  }
  for (let i = from; i < to; i++) {
    let t = fixedEta[at + i];
    for (let c = 0; c < n; c++) t += z[i * n + c] * b[c];
    eta[at + i] = t;
  }
}

/** Logarithms of the points' terms; returns the largest [EM-3]. */
export function blockValues(
  group: BlockGroup,
  place: BlockPlace,
  nodes: NodeSet,
  batch: BatchLoop,
  eta: Float64Array,
  fixedEta: Float64Array,
  out: RowDerivatives,
  logTerms: Float64Array,
): number {
  const { from, to } = group;
  let largest = Number.NEGATIVE_INFINITY;
  for (let m = 0; m < nodes.count; m++) {
    const penalty = placeBlock(group, place, nodes.z, m);
    blockEta(group, place.b, fixedEta, eta);
    const t = batch(from, to, eta, 0, out) + penalty + nodes.logWeights[m];
    logTerms[m] = t;
    if (t > largest) largest = t;
  }
  return largest;
}

export interface BlockSums {
  total: number;
  firstHalf: number;
  readonly s: Float64Array; // n
  readonly T: Float64Array; // n x n: w Z'first u'
  readonly B: Float64Array; // n x n: w b b'
}

/** As `scalarSums`, for several effects. */
export function blockSums(
  group: BlockGroup,
  place: BlockPlace,
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
  into: BlockSums,
): void {
  const { from, to, width: n, at } = group;
  const { u, b } = place;
  const { rows } = out;
  const { s, T, B } = into;
  const rowFirst = out.first;
  const rowSecond = out.second;
  T.fill(0, 0, n * n);
  B.fill(0, 0, n * n);
  let total = 0;
  into.firstHalf = 0;
  for (let m = 0; m < nodes.count; m++) {
    if (2 * m === nodes.count) into.firstHalf = total;
    const penalty = placeBlock(group, place, nodes.z, m);
    blockEta(group, b, fixedEta, eta);
    const w = Math.exp(batch(from, to, eta, order, out) + penalty + nodes.logWeights[m] - reference);
    weights[m] = w;
    if (!(w > 0)) continue;
    total += w;
    blockScore(group, rowFirst, w, first, s);
    for (let c = 0; c < n; c++) {
      const f = w * u[c];
      const g = w * b[c];
      for (let r = 0; r < n; r++) {
        T[r + c * n] += f * s[r];
        B[r + c * n] += g * b[r];
      }
    }
    for (let start = 0; start < first.length; start += rows)
      if (start !== at) for (let i = start + from; i < start + to; i++) first[i] += w * rowFirst[i];
    if (order === 2)
      for (let start = 0; start < second.length; start += rows)
        for (let i = start + from; i < start + to; i++) second[i] += w * rowSecond[i];
  }
  into.total = total;
}

/** first += w times the rows' derivatives by the predictor; s = Z' of them. */
function blockScore(group: BlockGroup, rowFirst: Float64Array, w: number, first: Float64Array, s: Float64Array): void {
  const { from, to, width: n, at, z } = group;
  if (n === 2) {
    let s0 = 0;
    let s1 = 0;
    for (let i = from; i < to; i++) {
      const f = rowFirst[at + i];
      first[at + i] += w * f;
      s0 += z[2 * i] * f;
      s1 += z[2 * i + 1] * f;
    }
    s[0] = s0;
    s[1] = s1;
    return;
  }
  s.fill(0, 0, n);
  for (let i = from; i < to; i++) {
    const f = rowFirst[at + i];
    first[at + i] += w * f;
    for (let c = 0; c < n; c++) s[c] += z[i * n + c] * f;
  }
}
