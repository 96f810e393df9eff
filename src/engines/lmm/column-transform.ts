import { InternalError } from '../../diagnostics/internal-error.js';
import type { IndicatorSet } from '../../kernels/column-source.js';
import { type ColumnSums, sumsOf } from './column-sums.js';
import { constantInSpan } from './constant-in-span.js';
import { fixedSources, type ModelRows } from './model-rows.js';

/**
 * X = Xt T D (I + a c') with D diagonal and X a = 1: columns far from zero are centred where the constant is in the span, then all
 * are scaled to unit weighted length; those that still depend on each other almost are made orthogonal, T being triangular [LMM-5].
 * beta_t = T D (I + a c') beta, and log|X'V^-1 X| = log|Xt'V^-1 Xt| + 2 sum log d + 2 sum log T_jj.
 */
export interface FixedTransform {
  readonly scale: Float64Array; // P: d
  readonly centre: Float64Array; // P: c; zero where a is not
  readonly constant: Float64Array; // P: a; all zero where the constant is not in the span
  readonly orthogonal: Orthogonal | null; // null: T is the identity
}

export interface Orthogonal {
  readonly Xt: Float64Array; // rows x P, column-major, not weighted: its weighted columns are orthonormal
  readonly T: Float64Array; // P x P, column-major, upper triangular
}

/** A column is centred where its mean is large against its spread; a sparse indicator stays sparse. */
const centreAbove = 2;

export function fixedTransform(
  model: Pick<ModelRows, 'rows' | 'fixed' | 'X' | 'sources' | 'weights' | 'termOf'>,
): FixedTransform {
  const { rows, fixed, weights } = model;
  const sources = fixedSources(model);
  const constant = constantInSpan(model, sources);
  const hasConstant = constant.some((v) => v !== 0);
  const centre = new Float64Array(fixed);
  const scale = new Float64Array(fixed);
  let total = rows;
  if (weights !== null) {
    total = 0;
    for (let i = 0; i < rows; i++) total += weights[i];
  }
  const sets = new Map<IndicatorSet, ColumnSums[]>();
  for (let j = 0; j < fixed; j++) {
    const mayCentre = hasConstant && constant[j] === 0;
    const sums = sumsOf(sources[j], rows, weights, total, mayCentre, sets);
    const centred = mayCentre && sums.mean * sums.mean * total > centreAbove ** 2 * sums.about;
    centre[j] = centred ? sums.mean : 0;
    scale[j] = Math.sqrt(centred ? sums.about : sums.raw);
    if (!(scale[j] > 0 && scale[j] < Number.POSITIVE_INFINITY))
      throw new InternalError('a column of X is zero or not finite; the design should have dropped it', j);
  }
  return { scale, centre, constant, orthogonal: null };
}

/** Squared share of a column beyond the others below which their cross-products no longer hold ten digits of it. */
export const clearlyIndependent = 1e-6;

/** @param XX  P x P: cross-products of the columns scaled to unit length */
export function nearlyDependent(XX: Float64Array, P: number): boolean {
  const L = XX.slice();
  for (let j = 0; j < P; j++) {
    for (let i = 0; i <= j; i++) {
      let t = L[i + j * P];
      for (let k = 0; k < i; k++) t -= L[k + i * P] * L[k + j * P];
      if (i < j) L[i + j * P] = t / L[i + i * P];
      else if (!(t > clearlyIndependent)) return true;
      else L[j + j * P] = Math.sqrt(t);
    }
  }
  return false;
}

/**
 * The transform with columns made orthogonal: products of rows then lose nothing, where those of the columns themselves would
 * lose the square of what the columns have in common (an interaction of a covariate far from zero). Gram and Schmidt,
 * each column twice. As it came where a column is nothing beyond the others to the last digit.
 */
export function orthogonalised(
  model: Pick<ModelRows, 'rows' | 'fixed' | 'X' | 'weights'>,
  transform: FixedTransform,
): FixedTransform {
  const { rows, fixed: P, X, weights } = model;
  const { scale, centre } = transform;
  const Xt = new Float64Array(rows * P);
  const T = new Float64Array(P * P);
  const w = weights ?? new Float64Array(rows).fill(1);
  for (let j = 0; j < P; j++) {
    const own = Xt.subarray(j * rows, (j + 1) * rows);
    for (let i = 0; i < rows; i++) own[i] = (X[j * rows + i] - centre[j]) / scale[j];
    for (let pass = 0; pass < 2; pass++)
      for (let k = 0; k < j; k++) {
        const other = Xt.subarray(k * rows, (k + 1) * rows);
        let t = 0;
        for (let i = 0; i < rows; i++) t += w[i] * other[i] * own[i];
        for (let i = 0; i < rows; i++) own[i] -= t * other[i];
        T[k + j * P] += t;
      }
    let square = 0;
    for (let i = 0; i < rows; i++) square += w[i] * own[i] * own[i];
    const length = Math.sqrt(square);
    if (!(length > P * Number.EPSILON)) return transform;
    for (let i = 0; i < rows; i++) own[i] /= length;
    T[j + j * P] = length;
  }
  return { ...transform, orthogonal: { Xt, T } };
}

/** beta from beta_t, in place: (I - a c') D^-1 T^-1 beta_t. */
export function untransformBeta(transform: FixedTransform, beta: Float64Array): void {
  const { scale, centre, constant, orthogonal } = transform;
  if (orthogonal !== null) solveUpperInPlace(orthogonal.T, beta);
  let shift = 0;
  for (let j = 0; j < beta.length; j++) {
    beta[j] /= scale[j];
    shift += centre[j] * beta[j];
  }
  for (let j = 0; j < beta.length; j++) beta[j] -= constant[j] * shift;
}

function solveUpperInPlace(T: Float64Array, v: Float64Array): void {
  const P = v.length;
  for (let j = P - 1; j >= 0; j--) {
    v[j] /= T[j + j * P];
    for (let i = 0; i < j; i++) v[i] -= T[i + j * P] * v[j];
  }
}

/** M V M' with M = (I - a c') D^-1 T^-1, for a P x P symmetric V (column-major); returns a new matrix. */
export function untransformCovariance(transform: FixedTransform, V: Float64Array): Float64Array {
  const p = transform.scale.length;
  const half = new Float64Array(p * p);
  const column = new Float64Array(p);
  for (let j = 0; j < p; j++) {
    column.set(V.subarray(j * p, (j + 1) * p));
    untransformBeta(transform, column);
    for (let i = 0; i < p; i++) half[j + i * p] = column[i]; // transposed: rows become columns
  }
  const result = new Float64Array(p * p);
  for (let j = 0; j < p; j++) {
    column.set(half.subarray(j * p, (j + 1) * p));
    untransformBeta(transform, column);
    result.set(column, j * p);
  }
  for (let j = 0; j < p; j++)
    for (let i = 0; i < j; i++) {
      const mean = (result[i + j * p] + result[j + i * p]) / 2;
      result[i + j * p] = mean;
      result[j + i * p] = mean;
    }
  return result;
}

/** sum log d + sum log T_jj: half of what log|X'V^-1 X| is larger than log|Xt'V^-1 Xt|. */
export function logScale({ scale, orthogonal }: FixedTransform): number {
  let t = 0;
  for (const d of scale) t += Math.log(d);
  const P = scale.length;
  if (orthogonal !== null) for (let j = 0; j < P; j++) t += Math.log(orthogonal.T[j + j * P]);
  return t;
}

/** M'v in place, M = (I - a c') D^-1 T^-1: a row of coefficients for beta becomes one for beta_t, and so does a gradient. */
export function transposeUntransform(transform: FixedTransform, v: Float64Array): void {
  const { scale, centre, constant, orthogonal } = transform;
  const P = v.length;
  let along = 0;
  for (let j = 0; j < P; j++) along += constant[j] * v[j];
  for (let j = 0; j < P; j++) v[j] = (v[j] - centre[j] * along) / scale[j];
  if (orthogonal === null) return;
  const { T } = orthogonal;
  for (let j = 0; j < P; j++) {
    for (let i = 0; i < j; i++) v[j] -= T[i + j * P] * v[i];
    v[j] /= T[j + j * P];
  }
}

/** B = T D (I + a c') of X = Xt B, P x P, column-major. */
export function columnMap({ scale, centre, constant, orthogonal }: FixedTransform): Float64Array {
  const P = scale.length;
  const B = new Float64Array(P * P);
  for (let c = 0; c < P; c++)
    for (let r = 0; r < P; r++) B[r + c * P] = scale[r] * ((r === c ? 1 : 0) + constant[r] * centre[c]);
  if (orthogonal === null) return B;
  const TB = new Float64Array(P * P);
  for (let c = 0; c < P; c++)
    for (let k = 0; k < P; k++) for (let r = 0; r <= k; r++) TB[r + c * P] += orthogonal.T[r + k * P] * B[k + c * P];
  return TB;
}
