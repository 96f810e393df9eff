import { type ColumnSource, columnValues, type IndicatorSet } from '../../kernels/column-source.js';

/** Weighted mean of a column, and its sums of squares about that (about zero where it may not be centred) and about zero. */
export interface ColumnSums {
  readonly mean: number;
  readonly about: number;
  readonly raw: number;
}

/**
 * @param total      sum of the weights
 * @param mayCentre  whether the mean is wanted; 0 otherwise
 * @param sets       sums of the sets seen before: all columns of a set are summed at once
 */
export function sumsOf(
  source: ColumnSource,
  rows: number,
  weights: Float64Array | null,
  total: number,
  mayCentre: boolean,
  sets: Map<IndicatorSet, ColumnSums[]>,
): ColumnSums {
  if (source.kind === 'constant') return { mean: 1, about: mayCentre ? 0 : total, raw: total };
  if (source.kind === 'dense') return sumsOfNumbers(source.values, rows, weights, total, mayCentre);
  const { set, column } = source;
  let known = sets.get(set);
  if (known === undefined) {
    known = sumsOfSet(set, rows, weights, total);
    sets.set(set, known);
  }
  const { mean, about, raw } = known[column];
  if (!mayCentre) return { mean: 0, about: raw, raw };
  // what is left of a difference of two sums has lost as many digits as they share
  return about > 1e-3 * raw
    ? known[column]
    : sumsOfNumbers(columnValues(source, rows), rows, weights, total, mean !== 0);
}

function sumsOfNumbers(
  x: Float64Array,
  rows: number,
  weights: Float64Array | null,
  total: number,
  mayCentre: boolean,
): ColumnSums {
  let mean = 0;
  if (mayCentre) {
    if (weights === null) for (let i = 0; i < rows; i++) mean += x[i];
    else for (let i = 0; i < rows; i++) mean += weights[i] * x[i];
    mean /= total;
  }
  let about = 0;
  let raw = 0;
  if (weights === null)
    for (let i = 0; i < rows; i++) {
      const v = x[i] - mean;
      about += v * v;
      raw += x[i] * x[i];
    }
  else
    for (let i = 0; i < rows; i++) {
      const w = weights[i];
      const v = x[i] - mean;
      about += w * v * v;
      raw += w * x[i] * x[i];
    }
  return { mean, about, raw };
}

function sumsOfSet(set: IndicatorSet, rows: number, weights: Float64Array | null, total: number): ColumnSums[] {
  const { codes, place, values } = set;
  const sum = new Float64Array(place.length);
  const square = new Float64Array(place.length);
  for (let i = 0; i < rows; i++) {
    const w = weights === null ? 1 : weights[i];
    const v = values === null ? 1 : values[i];
    sum[codes[i]] += w * v;
    square[codes[i]] += w * v * v;
  }
  const sums = new Float64Array(set.columns);
  const raw = new Float64Array(set.columns);
  for (let code = 0; code < place.length; code++)
    if (place[code] >= 0) {
      sums[place[code]] += sum[code];
      raw[place[code]] += square[code];
    }
  return Array.from(sums, (s, c) => ({ mean: s / total, about: raw[c] - (s * s) / total, raw: raw[c] }));
}
