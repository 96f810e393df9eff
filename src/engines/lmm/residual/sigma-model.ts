import { links } from '../../../links/index.js';
import type { Link } from '../../../links/link.js';
import type { ScaleRows } from './residual-rows.js';

/**
 * The predictor of sigma in coordinates of order one [LMM-RES-6]: eta = start + unit * B gamma with the columns of B orthogonal and
 * of mean square one, and delta = unit * T gamma (+ a log sigma). Where the log link is used and the constant is in the span of
 * the columns, X a = 1, B is orthogonal to the constant: sigma is the geometric mean of the rows' and is profiled as ever.
 */
export interface SigmaModel {
  readonly rows: number;
  readonly columns: number; // of the predictor
  readonly count: number; // coordinates gamma
  readonly link: Link;
  readonly B: Float64Array; // rows x count, column-major
  readonly T: Float64Array; // columns x count, column-major
  /** columns: what log sigma adds to delta; null: sigma is no parameter of its own. */
  readonly a: Float64Array | null;
  readonly unit: number;
  readonly start: Float64Array; // rows: eta at gamma = 0 (and sigma = 1)
  /** sigma_row = size * h(eta); size is the sigma that standard deviations are relative to. */
  readonly size: number;
}

/** A column whose part outside of the others' span is smaller than this share of it is left to them. */
const dependent = 1e-10;

/** Whether sigma can be profiled: a factor common to all rows is among what the predictor describes. */
export function hasCommonScale(scale: ScaleRows, rows: number): boolean {
  return scale.link === 'log' && constantOf(scale, rows) !== null;
}

/** @param typical  sigma of a fit that ignores the predictor, in the response's units */
export function sigmaModel(scale: ScaleRows, rows: number, typical: number): SigmaModel {
  const link = links[scale.link];
  const a = scale.link === 'log' ? constantOf(scale, rows) : null;
  const { Q, T, count } = orthogonalColumns(scale, rows, a);
  const start = new Float64Array(rows);
  for (let i = 0; i < rows; i++) start[i] = scale.offset === null ? 0 : scale.offset[i];
  const about = Math.abs(link.link(typical));
  const unit = scale.link === 'log' || !(about > 0) ? 1 : about;
  const size = a === null ? typical : 1;
  return { rows, columns: scale.columns, count, link, B: Q, T, a, unit, start, size };
}

/** a with X a = 1, or null. */
function constantOf(scale: ScaleRows, rows: number): Float64Array | null {
  const { columns } = scale;
  const { Q, T, count } = orthogonalColumns(scale, rows, null);
  const rest = new Float64Array(rows).fill(1);
  const a = new Float64Array(columns);
  // twice: what the first pass leaves by rounding, the second takes
  for (let pass = 0; pass < 2; pass++)
    for (let k = 0; k < count; k++) {
      let t = 0;
      for (let i = 0; i < rows; i++) t += Q[i + k * rows] * rest[i];
      t /= rows;
      for (let i = 0; i < rows; i++) rest[i] -= t * Q[i + k * rows];
      for (let j = 0; j < columns; j++) a[j] += t * T[j + k * columns];
    }
  let left = 0;
  for (let i = 0; i < rows; i++) left += rest[i] * rest[i];
  return left <= 1e-16 * rows ? a : null;
}

/**
 * Columns X T orthogonal to each other, with mean square one, and, where a is given, orthogonal to the constant; modified
 * Gram-Schmidt, every column twice.
 */
function orthogonalColumns(
  scale: ScaleRows,
  rows: number,
  a: Float64Array | null,
): { Q: Float64Array; T: Float64Array; count: number } {
  const { X, columns } = scale;
  const Q = new Float64Array(rows * columns);
  const T = new Float64Array(columns * columns);
  let count = 0;
  for (let j = 0; j < columns; j++) {
    const q = Q.subarray(count * rows, (count + 1) * rows);
    const t = T.subarray(count * columns, (count + 1) * columns);
    t.fill(0);
    t[j] = 1;
    let before = 0;
    for (let i = 0; i < rows; i++) {
      q[i] = X[i + j * rows];
      before += q[i] * q[i];
    }
    for (let pass = 0; pass < 2; pass++) {
      if (a !== null) {
        let mean = 0;
        for (let i = 0; i < rows; i++) mean += q[i];
        mean /= rows;
        for (let i = 0; i < rows; i++) q[i] -= mean;
        for (let k = 0; k < columns; k++) t[k] -= mean * a[k];
      }
      for (let k = 0; k < count; k++) {
        let s = 0;
        for (let i = 0; i < rows; i++) s += Q[i + k * rows] * q[i];
        s /= rows;
        for (let i = 0; i < rows; i++) q[i] -= s * Q[i + k * rows];
        for (let c = 0; c < columns; c++) t[c] -= s * T[c + k * columns];
      }
    }
    let after = 0;
    for (let i = 0; i < rows; i++) after += q[i] * q[i];
    if (!(after > dependent * dependent * before)) continue;
    const f = Math.sqrt(rows / after);
    for (let i = 0; i < rows; i++) q[i] *= f;
    for (let c = 0; c < columns; c++) t[c] *= f;
    count++;
  }
  return { Q: Q.slice(0, count * rows), T: T.slice(0, count * columns), count };
}

/** eta of every row at gamma (sigma left out). */
export function etaInto(eta: Float64Array, model: SigmaModel, gamma: Float64Array, at: number): void {
  const { rows, count, B, unit, start } = model;
  eta.set(start);
  for (let k = 0; k < count; k++) {
    const f = unit * gamma[at + k];
    if (f === 0) continue;
    for (let i = 0; i < rows; i++) eta[i] += f * B[i + k * rows];
  }
}

/** gamma of the predictor that comes nearest to these values of eta. */
export function gammaNear(into: Float64Array, at: number, model: SigmaModel, eta: Float64Array): void {
  const { rows, count, B, unit, start } = model;
  for (let k = 0; k < count; k++) {
    let t = 0;
    for (let i = 0; i < rows; i++) t += B[i + k * rows] * (eta[i] - start[i]);
    into[at + k] = t / rows / unit;
  }
}

/** Coefficients of the predictor, columns. */
export function coefficientsOf(model: SigmaModel, gamma: Float64Array, at: number, sigma: number): Float64Array {
  const { columns, count, T, a, unit } = model;
  const delta = new Float64Array(columns);
  for (let k = 0; k < count; k++)
    for (let j = 0; j < columns; j++) delta[j] += unit * gamma[at + k] * T[j + k * columns];
  if (a !== null) for (let j = 0; j < columns; j++) delta[j] += a[j] * Math.log(sigma);
  return delta;
}
