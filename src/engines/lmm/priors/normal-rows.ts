import { InternalError } from '../../../diagnostics/internal-error.js';
import type { PriorNode } from '../../../graph/model-graph.js';
import { cholesky } from '../../../kernels/dense-cholesky.js';
import { type CompiledExpression, compileExpression } from '../../../priors/compile-expression.js';
import type { LmmPrior } from '../../../priors/lmm-prior.js';
import { transposeUntransform } from '../column-transform.js';
import type { CrossProducts } from '../cross-products.js';
import type { LmmQuantities } from './quantities.js';

/**
 * Normal priors of the coefficients as observations: rows x'beta = t with unit variance, times sigma^2 on the common scale, in the
 * coordinates of the decomposition [LMM-PRIOR-2].
 */
export interface NormalRows {
  readonly count: number; // K
  readonly x: Float64Array; // K x P, row-major
  readonly target: Float64Array; // K
  /** K log 2 pi and the log determinants of the priors' covariances; on the common scale with sigma taken out. */
  readonly constant: number;
  /** Rows whose density has a power of sigma in its constant. */
  readonly counted: number;
}

/** Rows of one prior in the user's own units: a'beta = t. */
interface OwnRows {
  readonly a: Float64Array; // n x P, row-major
  readonly target: Float64Array;
  readonly constant: number;
  readonly counted: number;
}

export type RowPrior = Extract<LmmPrior, { computation: 'decomposition' | 'eigen' }>;

export interface RowSource {
  readonly node: PriorNode;
  readonly lowered: RowPrior;
}

/**
 * @param sources   priors on the scale asked for
 * @param relative  rows on the common scale are in units of the scaled response and relative to its sigma; the others have sigma = 1
 */
export function normalRows(
  sources: readonly RowSource[],
  quantities: LmmQuantities,
  products: CrossProducts,
  relative: boolean,
): NormalRows | null {
  const P = products.transform.scale.length;
  const own = sources.map((s) => ownRows(s, quantities, P));
  const count = own.reduce((n, r) => n + r.target.length, 0);
  if (count === 0) return null;
  const x = new Float64Array(count * P);
  const target = new Float64Array(count);
  const { length, start } = products.response;
  let at = 0;
  for (const rows of own)
    for (let i = 0; i < rows.target.length; i++, at++) {
      const row = rows.a.slice(i * P, (i + 1) * P);
      transposeUntransform(products.transform, row);
      // a'(b0 + length beta) = t
      let t = rows.target[i];
      for (let j = 0; j < P; j++) t -= row[j] * start[j];
      target[at] = relative ? t / length : t;
      for (let j = 0; j < P; j++) x[at * P + j] = relative ? row[j] : row[j] * length;
    }
  return {
    count,
    x,
    target,
    constant: own.reduce((sum, r) => sum + r.constant, 0),
    counted: own.reduce((sum, r) => sum + r.counted, 0),
  };
}

function ownRows({ node, lowered }: RowSource, quantities: LmmQuantities, P: number): OwnRows {
  const compile = (e: RowPrior['left']) => compileExpression(e, quantities.length, quantities.placeOf.bind(quantities));
  const left = compile(lowered.left);
  const n = left.rows * left.columns;
  const { rows, offset } = affine(left, quantities.length, P);
  const mean = valuesOf(compile(lowered.mean), quantities);
  const spread = valuesOf(compile(lowered.spread.value), quantities);
  const target = Float64Array.from(offset, (c, i) => (mean.length === 1 ? mean[0] : mean[i]) - c);
  const matrix = lowered.spread.kind === 'covariance';
  if (matrix ? spread.length !== n * n : spread.length !== 1)
    throw new InternalError('prior: arguments do not fit the left side', node.text);
  const L = matrix ? cholesky(spread, n) : diagonal(spread[0], n);
  if (L === undefined) throw new InternalError('prior: a covariance that is not positive definite', node.text);
  let constant = n * Math.log(2 * Math.PI);
  for (let i = 0; i < n; i++) constant += 2 * Math.log(L[i + i * n]);
  // whitened: L^-1 of the rows and of their targets
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) {
      const f = L[i + k * n];
      target[i] -= f * target[k];
      for (let j = 0; j < P; j++) rows[i * P + j] -= f * rows[k * P + j];
    }
    target[i] /= L[i + i * n];
    for (let j = 0; j < P; j++) rows[i * P + j] /= L[i + i * n];
  }
  return { a: rows, target, constant, counted: lowered.countsSigma ? n : 0 };
}

/** The rows a and the constants c of an affine expression a'beta + c. */
export function affine(
  expression: CompiledExpression,
  inputs: number,
  P: number,
): { rows: Float64Array; offset: Float64Array } {
  const n = expression.rows * expression.columns;
  const offset = new Float64Array(n);
  expression.tape.evaluate(new Float64Array(inputs), offset);
  const rows = new Float64Array(n * P);
  const weights = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    weights.fill(0);
    weights[i] = 1;
    const gradient = new Float64Array(inputs);
    expression.tape.addGradient(weights, gradient);
    rows.set(gradient.subarray(0, P), i * P);
  }
  return { rows, offset };
}

function valuesOf(expression: CompiledExpression, quantities: LmmQuantities): Float64Array {
  const values = new Float64Array(expression.rows * expression.columns);
  const at = new Float64Array(quantities.length);
  at[quantities.sigma] = 1;
  expression.tape.evaluate(at, values);
  return values;
}

function diagonal(sd: number, n: number): Float64Array {
  const L = new Float64Array(n * n);
  for (let i = 0; i < n; i++) L[i * (n + 1)] = sd;
  return L;
}
