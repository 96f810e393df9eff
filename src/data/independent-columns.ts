import type { ColumnSource } from '../kernels/column-source.js';
import { addMixedSquare, addMixedTimes, chunkRows, MixedRows } from '../kernels/mixed-rows.js';

/** A column of a model matrix, to be checked against those before it. */
export interface CheckedColumn {
  /** Its rows in each of the predictors that are checked together (they share coefficients); null: zeros. */
  readonly parts: readonly (Float64Array | null)[];
  /** Per predictor: the columns before it span a constant, so its mean may be taken out. */
  readonly centre: readonly boolean[];
}

/** A column whose part beyond the others is shorter than this share of it depends on them, as in R's `lm` and in lme4. */
const rankTolerance = 1e-7;

/** A column that is shorter than this share after centring is constant: no more than rounding is left. */
const constantTolerance = 1e-12;

/** Cross-products tell lengths to about 1e-8; well above that their answer needs no second look. */
const clearTolerance = 1e-4;

/** A sum of squares that loses more than all but this share to the mean is formed again, about the mean. */
const leastLeft = 1e-4;

/**
 * Indices of the columns to keep, ascending, as R's pivoted QR (LINPACK dqrdc2) chooses them [DATA-5]: columns are taken in order,
 * and one that lies nearly in the span of those kept is left out. Unlike R's, means are taken out first where a constant
 * is spanned, so a shift and scale of a column (x to 10^6 x + 10^8) changes nothing.
 * @param refined  the same columns from centred variables; asked for only where the cross-products leave a doubt
 */
export function independentColumns(
  columns: readonly CheckedColumn[],
  refined: () => readonly CheckedColumn[],
): number[] {
  if (columns.length === 0) return [];
  if (clearlyApart(columns)) return columns.map((_, j) => j);
  return orthogonalise(refined());
}

/** Mean of each part (0 where it is not to be centred), and the length of the column without them. */
function measure(column: CheckedColumn): { means: number[]; length: number } {
  let square = 0;
  let raw = 0;
  const means = column.parts.map((part, k) => {
    if (part === null) return 0;
    const mean = column.centre[k] ? meanOf(part) : 0;
    for (let i = 0; i < part.length; i++) {
      const d = part[i] - mean;
      square += d * d;
      raw += part[i] * part[i];
    }
    return mean;
  });
  const length = Math.sqrt(square);
  return { means, length: length > constantTolerance * Math.sqrt(raw) ? length : 0 };
}

function meanOf(x: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i];
  const mean = sum / x.length;
  let rest = 0;
  for (let i = 0; i < x.length; i++) rest += x[i] - mean;
  return mean + rest / x.length;
}

/**
 * The same for the columns of one predictor, from their products, formed in one pass over the rows: true where no column
 * comes near the span of the others. False says nothing.
 * @param centre  per column: those before it span a constant
 */
export function clearlyIndependent(
  sources: readonly ColumnSource[],
  centre: readonly boolean[],
  rows: number,
): boolean {
  const P = sources.length;
  const middle = Float64Array.from(sources, (source, j) =>
    centre[j] && source.kind === 'dense' ? meanOf(source.values) : 0,
  );
  const gram = new Float64Array(P * P);
  const sums = new Float64Array(P); // of the columns as they are read
  const reader = new MixedRows(sources, { centre: middle, scale: new Float64Array(P).fill(1) });
  const ones = new Float64Array(chunkRows).fill(1);
  for (let first = 0; first < rows; first += chunkRows) {
    const count = Math.min(chunkRows, rows - first);
    reader.read(first, count, null);
    addMixedSquare(reader, count, P, gram);
    addMixedTimes(reader, count, ones, 0, sums);
  }
  const length = new Float64Array(P);
  for (let j = 0; j < P; j++) {
    const raw = gram[j + j * P];
    const square = raw - (centre[j] ? (sums[j] * sums[j]) / rows : 0);
    // what little centring would leave of a sum that was not centred row by row is not known well
    if (!(square > leastLeft * raw) || !(raw > constantTolerance ** 2 * middle[j] ** 2 * rows)) return false;
    length[j] = Math.sqrt(square);
  }
  for (let j = 0; j < P; j++)
    for (let i = 0; i <= j; i++) {
      const means = centre[i] || centre[j] ? (sums[i] * sums[j]) / rows : 0;
      gram[i + j * P] = (gram[i + j * P] - means) / (length[i] * length[j]);
    }
  return isClear(gram, P);
}

/** Cholesky of correlations, in place of their upper triangle: true where no pivot comes near zero. */
function isClear(gram: Float64Array, p: number): boolean {
  for (let j = 0; j < p; j++) {
    for (let i = 0; i <= j; i++) {
      let s = gram[i + j * p];
      for (let m = 0; m < i; m++) s -= gram[m + i * p] * gram[m + j * p];
      if (i < j) gram[i + j * p] = s / gram[i + i * p];
      else if (!(s > clearTolerance * clearTolerance)) return false;
      else gram[j + j * p] = Math.sqrt(s);
    }
  }
  return true;
}

const blockRows = 512;

/** The same for columns of several predictors. */
function clearlyApart(columns: readonly CheckedColumn[]): boolean {
  const p = columns.length;
  const measured = columns.map(measure);
  if (measured.some((m) => !(m.length > 0))) return false;
  const gram = new Float64Array(p * p);
  const block = new Float64Array(p * blockRows);
  const predictors = columns[0].parts.length;
  for (let k = 0; k < predictors; k++) {
    const used = columns.flatMap((column, j) => (column.parts[k] === null ? [] : [j]));
    const rows = used.length === 0 ? 0 : (columns[used[0]].parts[k]?.length ?? 0);
    for (let start = 0; start < rows; start += blockRows) {
      const count = Math.min(blockRows, rows - start);
      used.forEach((j, u) => {
        const part = columns[j].parts[k];
        if (part !== null)
          scaledBlock(block, u * blockRows, part, start, count, measured[j].means[k], measured[j].length);
      });
      addProducts(gram, p, block, used, count);
    }
  }
  return isClear(gram, p);
}

function scaledBlock(
  block: Float64Array,
  at: number,
  x: Float64Array,
  start: number,
  count: number,
  mean: number,
  length: number,
): void {
  const factor = 1 / length;
  for (let i = 0; i < count; i++) block[at + i] = (x[start + i] - mean) * factor;
}

/** Adds to the upper triangle. */
function addProducts(gram: Float64Array, p: number, block: Float64Array, used: readonly number[], count: number): void {
  for (let v = 0; v < used.length; v++) {
    for (let u = 0; u <= v; u++) {
      const a = u * blockRows;
      const b = v * blockRows;
      let s = 0;
      for (let i = 0; i < count; i++) s += block[a + i] * block[b + i];
      gram[used[u] + used[v] * p] += s;
    }
  }
}

/** Gram-Schmidt, each column made orthogonal twice to those kept before it. */
function orthogonalise(columns: readonly CheckedColumn[]): number[] {
  const kept: number[] = [];
  const basis: Float64Array[][] = [];
  columns.forEach((column, j) => {
    const { means, length } = measure(column);
    if (!(length > 0)) return;
    const rest: Float64Array[] = column.parts.map((part, k) =>
      part === null ? new Float64Array(0) : part.map((x) => x - means[k]),
    );
    for (let pass = 0; pass < 2; pass++) {
      for (const q of basis) {
        let t = 0;
        for (let k = 0; k < q.length; k++) t += dot(q[k], rest[k]);
        if (t !== 0) for (let k = 0; k < q.length; k++) subtract(rest, k, t, q[k]);
      }
    }
    let square = 0;
    for (const part of rest) square += dot(part, part);
    const left = Math.sqrt(square);
    if (!(left > rankTolerance * length)) return;
    kept.push(j);
    basis.push(rest.map((part) => part.map((x) => x / left)));
  });
  return kept;
}

/** Of the rows both have: a part without rows is zero. */
function dot(a: Float64Array, b: Float64Array): number {
  const n = Math.min(a.length, b.length);
  let s = 0;
  for (let i = 0; i < n; i++) s += a[i] * b[i];
  return s;
}

/** parts[k] -= t q; a part without rows, being zero, gets them. */
function subtract(parts: Float64Array[], k: number, t: number, q: Float64Array): void {
  if (parts[k].length < q.length) parts[k] = new Float64Array(q.length);
  const x = parts[k];
  for (let i = 0; i < q.length; i++) x[i] -= t * q[i];
}
