import type { PredictorDesign } from '../../data/design.js';
import { type FixedTransform, fixedTransform } from '../lmm/column-transform.js';
import { addMultiple, dotProduct, sumOf } from './row-loops.js';

/**
 * The fixed part of one predictor, eta = offset + X beta, with X centred and scaled where that is the predictor's own
 * affair [LMM-5].
 */
export interface FixedColumns {
  readonly kind: 'columns';
  readonly offset: Float64Array | null; // rows
  /** rows x columns.length, column-major, transformed; null: one column of ones. */
  readonly X: Float64Array | null;
  readonly columns: Int32Array; // coefficient of each
  /** Null where a column is shared with another predictor or its coefficient is held: these keep their own units. */
  readonly transform: FixedTransform | null;
}

/** A threshold of a cumulative family: eta = cut[index], where the index is negative +-Infinity. */
export interface ThresholdColumn {
  readonly kind: 'threshold';
  readonly index: Int32Array; // rows
  readonly beyond: number; // the value where the index is -1
}

export type FixedPart = FixedColumns | ThresholdColumn;

/** @param alone  whether no other predictor uses these coefficients and none of them is held */
export function fixedColumns(design: PredictorDesign, rows: number, alone: boolean): FixedColumns {
  const { columns, offset } = design;
  const P = columns.length;
  if (P === 1 && design.X.every((v) => v === 1)) return { kind: 'columns', offset, X: null, columns, transform: null };
  if (!alone || P === 0) return { kind: 'columns', offset, X: design.X, columns, transform: null };
  const transform = fixedTransform({
    rows,
    fixed: P,
    X: design.X,
    weights: null,
    termOf: Array.from(columns, (c) => `${c}`),
  });
  // to unit root mean square: a change of one in a coefficient is then one in the linear predictor
  for (let j = 0; j < P; j++) transform.scale[j] /= Math.sqrt(rows);
  const X = new Float64Array(rows * P);
  for (let j = 0; j < P; j++) {
    const centre = transform.centre[j];
    const scale = transform.scale[j];
    for (let i = 0; i < rows; i++) X[j * rows + i] = (design.X[j * rows + i] - centre) / scale;
  }
  return { kind: 'columns', offset, X, columns, transform };
}

/** eta[start ..] = offset + X beta. */
export function fixedEtaInto(
  eta: Float64Array,
  start: number,
  rows: number,
  part: FixedPart,
  beta: Float64Array,
  cuts: Float64Array,
): void {
  if (part.kind === 'threshold') {
    for (let i = 0; i < rows; i++) eta[start + i] = part.index[i] < 0 ? part.beyond : cuts[part.index[i]];
    return;
  }
  const { offset, X, columns } = part;
  if (X === null) {
    eta.fill(beta[columns[0]], start, start + rows);
  } else {
    eta.fill(0, start, start + rows);
    for (let j = 0; j < columns.length; j++) {
      const b = beta[columns[j]];
      if (b !== 0) addMultiple(eta, start, b, X, j * rows, rows);
    }
  }
  if (offset !== null) addMultiple(eta, start, 1, offset, 0, rows);
}

/** Adds X'a to the coefficients' gradient, or the sums by threshold to that of the cuts. */
export function addFixedGradient(
  betaGradient: Float64Array,
  cutGradient: Float64Array,
  part: FixedPart,
  a: Float64Array,
  start: number,
  rows: number,
): void {
  if (part.kind === 'threshold') {
    for (let i = 0; i < rows; i++) if (part.index[i] >= 0) cutGradient[part.index[i]] += a[start + i];
    return;
  }
  const { X, columns } = part;
  if (X === null) {
    betaGradient[columns[0]] += sumOf(a, start, rows);
    return;
  }
  for (let j = 0; j < columns.length; j++) betaGradient[columns[j]] += dotProduct(X, j * rows, a, start, rows);
}
