import { InternalError } from '../../diagnostics/internal-error.js';
import type { ModelRows } from './model-rows.js';

/**
 * X = Xt D (I + a c') with D diagonal and X a = 1: columns far from zero are centred where the constant is in the span, then all are
 * scaled to unit weighted length [LMM-5]. beta_t = D (I + a c') beta, and log|X'V^-1 X| = log|Xt'V^-1 Xt| + 2 sum log d.
 */
export interface FixedTransform {
  readonly scale: Float64Array; // P: d
  readonly centre: Float64Array; // P: c; zero where a is not
  readonly constant: Float64Array; // P: a; all zero where the constant is not in the span
}

/** A column is centred where its mean is large against its spread; a sparse indicator stays sparse. */
const centreAbove = 2;

export function fixedTransform(model: Pick<ModelRows, 'rows' | 'fixed' | 'X' | 'weights' | 'termOf'>): FixedTransform {
  const { rows, fixed, X, weights } = model;
  const constant = constantInSpan(model);
  const hasConstant = constant.some((v) => v !== 0);
  const centre = new Float64Array(fixed);
  const scale = new Float64Array(fixed);
  let total = 0;
  for (let i = 0; i < rows; i++) total += weights === null ? 1 : weights[i];
  for (let j = 0; j < fixed; j++) {
    const at = j * rows;
    let mean = 0;
    if (hasConstant && constant[j] === 0) {
      for (let i = 0; i < rows; i++) mean += (weights === null ? 1 : weights[i]) * X[at + i];
      mean /= total;
    }
    let about = 0;
    let raw = 0;
    for (let i = 0; i < rows; i++) {
      const w = weights === null ? 1 : weights[i];
      const v = X[at + i] - mean;
      about += w * v * v;
      raw += w * X[at + i] * X[at + i];
    }
    const centred = mean * mean * total > centreAbove ** 2 * about;
    centre[j] = centred ? mean : 0;
    scale[j] = Math.sqrt(centred ? about : raw);
    if (!(scale[j] > 0 && scale[j] < Number.POSITIVE_INFINITY))
      throw new InternalError('a column of X is zero or not finite; the design should have dropped it', j);
  }
  return { scale, centre, constant };
}

/** a with X a = 1, if it can be seen without arithmetic: a constant column, or the indicators of one term. */
function constantInSpan(model: Pick<ModelRows, 'rows' | 'fixed' | 'X' | 'termOf'>): Float64Array {
  const { rows, fixed, X, termOf } = model;
  const a = new Float64Array(fixed);
  for (let j = 0; j < fixed; j++) {
    const first = X[j * rows];
    let same = first !== 0;
    for (let i = 1; same && i < rows; i++) same = X[j * rows + i] === first;
    if (same) {
      a[j] = 1 / first;
      return a;
    }
  }
  for (const term of new Set(termOf)) {
    const columns = Array.from(termOf.keys()).filter((j) => termOf[j] === term);
    let one = columns.length > 1;
    for (let i = 0; one && i < rows; i++) {
      let sum = 0;
      for (const j of columns) {
        const v = X[j * rows + i];
        if (v !== 0 && v !== 1) one = false;
        sum += v;
      }
      if (sum !== 1) one = false;
    }
    if (one) {
      for (const j of columns) a[j] = 1;
      return a;
    }
  }
  return a;
}

/** beta from beta_t, in place: (I - a c') D^-1 beta_t. */
export function untransformBeta(transform: FixedTransform, beta: Float64Array): void {
  const { scale, centre, constant } = transform;
  let shift = 0;
  for (let j = 0; j < beta.length; j++) {
    beta[j] /= scale[j];
    shift += centre[j] * beta[j];
  }
  for (let j = 0; j < beta.length; j++) beta[j] -= constant[j] * shift;
}

/** M V M' with M = (I - a c') D^-1, for a P x P symmetric V (column-major); returns a new matrix. */
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

/** sum log d: half of what log|X'V^-1 X| is larger than log|Xt'V^-1 Xt|. */
export function logScale(transform: FixedTransform): number {
  let t = 0;
  for (const d of transform.scale) t += Math.log(d);
  return t;
}

/** M'v in place, M = (I - a c') D^-1: a row of coefficients for beta becomes one for beta_t, and so does a gradient. */
export function transposeUntransform(transform: FixedTransform, v: Float64Array): void {
  const { scale, centre, constant } = transform;
  let along = 0;
  for (let j = 0; j < v.length; j++) along += constant[j] * v[j];
  for (let j = 0; j < v.length; j++) v[j] = (v[j] - centre[j] * along) / scale[j];
}
