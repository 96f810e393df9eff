import { type ColumnSource, fillColumn, type IndicatorSet } from './column-source.js';

/** Rows that are read at a time: few enough to stay in the first cache, enough to carry the loops. */
export const chunkRows = 256;

/** How columns are changed as they are read: (x - centre) / scale, times the root of the row's weight. */
export interface ColumnUnits {
  readonly centre: Float64Array; // columns
  readonly scale: Float64Array; // columns
}

/** Indicators of one factor, with the column of the matrix each code stands for. */
interface PlacedSet {
  readonly set: IndicatorSet;
  readonly column: Int32Array; // by code: column of the matrix, -1: none
  readonly factor: Float64Array; // by code: 1 / scale of that column
}

/**
 * Rows of a matrix of P columns, a chunk at a time: columns that are dense side by side, indicators by the one column of
 * their set that is not zero. Products then cost what the entries cost that are there.
 */
export class MixedRows {
  /** The columns that are dense, or centred; those of `x`. */
  readonly dense: Int32Array;
  readonly x: Float64Array; // dense columns, each of `chunkRows` numbers
  readonly sets: number;
  readonly at: readonly Int32Array[]; // per set and row of the chunk: the column, -1: none
  readonly value: readonly Float64Array[];
  private readonly placed: readonly PlacedSet[];

  constructor(
    readonly sources: readonly ColumnSource[],
    private readonly units: ColumnUnits,
  ) {
    const { centre, scale } = units;
    const places = new Map<IndicatorSet, PlacedSet>();
    const dense: number[] = [];
    sources.forEach((source, j) => {
      if (source.kind !== 'indicator' || centre[j] !== 0) {
        dense.push(j); // an indicator less its mean is nowhere zero
        return;
      }
      const { set } = source;
      let own = places.get(set);
      if (own === undefined) {
        const codes = set.place.length;
        own = { set, column: new Int32Array(codes).fill(-1), factor: new Float64Array(codes) };
        places.set(set, own);
      }
      for (let code = 0; code < set.place.length; code++)
        if (set.place[code] === source.column) {
          own.column[code] = j;
          own.factor[code] = 1 / scale[j];
        }
    });
    this.dense = Int32Array.from(dense);
    this.x = new Float64Array(chunkRows * dense.length);
    this.placed = [...places.values()];
    this.sets = this.placed.length;
    this.at = this.placed.map(() => new Int32Array(chunkRows));
    this.value = this.placed.map(() => new Float64Array(chunkRows));
  }

  /** @param root  of the weights of rows first .. first + count; null: ones */
  read(first: number, count: number, root: Float64Array | null): void {
    const { dense, x, sources } = this;
    const { centre, scale } = this.units;
    for (let d = 0; d < dense.length; d++) {
      const j = dense[d];
      fillColumn(sources[j], first, count, x, d * chunkRows, 1);
      rescale(x, d * chunkRows, count, centre[j], scale[j], root);
    }
    for (let s = 0; s < this.sets; s++) readSet(this.placed[s], first, count, root, this.at[s], this.value[s]);
  }
}

function rescale(
  x: Float64Array,
  at: number,
  count: number,
  centre: number,
  scale: number,
  root: Float64Array | null,
): void {
  if (root === null) for (let i = 0; i < count; i++) x[at + i] = (x[at + i] - centre) / scale;
  else for (let i = 0; i < count; i++) x[at + i] = (root[i] * (x[at + i] - centre)) / scale;
}

function readSet(
  { set, column, factor }: PlacedSet,
  first: number,
  count: number,
  root: Float64Array | null,
  at: Int32Array,
  value: Float64Array,
): void {
  const { codes, values } = set;
  for (let i = 0; i < count; i++) {
    const code = codes[first + i];
    at[i] = column[code];
    value[i] = factor[code];
  }
  if (values !== null) for (let i = 0; i < count; i++) value[i] *= values[first + i];
  if (root !== null) for (let i = 0; i < count; i++) value[i] *= root[i];
}

/** Upper triangle of X'X (P x P, column-major) += that of the chunk as it was read last. */
export function addMixedSquare(rows: MixedRows, count: number, P: number, XX: Float64Array): void {
  const { dense, x, sets, at, value } = rows;
  const D = dense.length;
  let c = 0;
  for (; c + 1 < D; c += 2) {
    for (let r = 0; r <= c; r += 2) addFour(x, r * chunkRows, c * chunkRows, count, dense, r, c, P, XX);
  }
  if (c < D) for (let r = 0; r <= c; r++) XX[dense[r] + dense[c] * P] += dot(x, r * chunkRows, c * chunkRows, count);
  for (let s = 0; s < sets; s++) {
    addDenseTimesSet(dense, x, at[s], value[s], count, P, XX);
    addSetTimesSet(at[s], value[s], at[s], value[s], count, P, XX);
    for (let t = 0; t < s; t++) addSetTimesSet(at[t], value[t], at[s], value[s], count, P, XX);
  }
}

function dot(x: Float64Array, a: number, b: number, count: number): number {
  let t = 0;
  for (let i = 0; i < count; i++) t += x[a + i] * x[b + i];
  return t;
}

/** Two columns by two: four sums side by side. On the diagonal the fourth is below it, and left out. */
function addFour(
  x: Float64Array,
  a: number,
  b: number,
  count: number,
  dense: Int32Array,
  r: number,
  c: number,
  P: number,
  XX: Float64Array,
): void {
  let t00 = 0;
  let t10 = 0;
  let t01 = 0;
  let t11 = 0;
  const a1 = a + chunkRows;
  const b1 = b + chunkRows;
  for (let i = 0; i < count; i++) {
    const p = x[a + i];
    const q = x[a1 + i];
    const u = x[b + i];
    const v = x[b1 + i];
    t00 += p * u;
    t10 += q * u;
    t01 += p * v;
    t11 += q * v;
  }
  XX[dense[r] + dense[c] * P] += t00;
  XX[dense[r] + dense[c + 1] * P] += t01;
  XX[dense[r + 1] + dense[c + 1] * P] += t11;
  if (r < c) XX[dense[r + 1] + dense[c] * P] += t10;
}

function addDenseTimesSet(
  dense: Int32Array,
  x: Float64Array,
  at: Int32Array,
  value: Float64Array,
  count: number,
  P: number,
  XX: Float64Array,
): void {
  for (let d = 0; d < dense.length; d++) {
    const j = dense[d];
    const from = d * chunkRows;
    for (let i = 0; i < count; i++) {
      const k = at[i];
      if (k >= 0) XX[j < k ? j + k * P : k + j * P] += x[from + i] * value[i];
    }
  }
}

function addSetTimesSet(
  at: Int32Array,
  value: Float64Array,
  other: Int32Array,
  otherValue: Float64Array,
  count: number,
  P: number,
  XX: Float64Array,
): void {
  for (let i = 0; i < count; i++) {
    const j = at[i];
    const k = other[i];
    if (j >= 0 && k >= 0) XX[j < k ? j + k * P : k + j * P] += value[i] * otherValue[i];
  }
}

/** into (P) += X' v of the chunk as it was read last; v from its row `from`. */
export function addMixedTimes(rows: MixedRows, count: number, v: Float64Array, from: number, into: Float64Array): void {
  const { dense, x, sets, at, value } = rows;
  for (let d = 0; d < dense.length; d++) {
    const start = d * chunkRows;
    let t = 0;
    for (let i = 0; i < count; i++) t += x[start + i] * v[from + i];
    into[dense[d]] += t;
  }
  for (let s = 0; s < sets; s++) {
    const column = at[s];
    const own = value[s];
    for (let i = 0; i < count; i++) if (column[i] >= 0) into[column[i]] += own[i] * v[from + i];
  }
}

/** v (the chunk's rows, from `from`) += f X b, of the chunk as it was read last. */
export function addMixedRowsTimes(
  rows: MixedRows,
  count: number,
  b: Float64Array,
  f: number,
  v: Float64Array,
  from: number,
): void {
  const { dense, x, sets, at, value } = rows;
  for (let d = 0; d < dense.length; d++) {
    const start = d * chunkRows;
    const t = f * b[dense[d]];
    if (t !== 0) for (let i = 0; i < count; i++) v[from + i] += t * x[start + i];
  }
  for (let s = 0; s < sets; s++) {
    const column = at[s];
    const own = value[s];
    for (let i = 0; i < count; i++) if (column[i] >= 0) v[from + i] += f * own[i] * b[column[i]];
  }
}

/** into[at ..] (count x P, row-major, zero so far) = the chunk as it was read last. */
export function writeMixedRows(rows: MixedRows, count: number, P: number, into: Float64Array, at: number): void {
  const { dense, x, sets } = rows;
  for (let d = 0; d < dense.length; d++)
    for (let i = 0; i < count; i++) into[at + i * P + dense[d]] = x[d * chunkRows + i];
  for (let s = 0; s < sets; s++) {
    const column = rows.at[s];
    const value = rows.value[s];
    for (let i = 0; i < count; i++) if (column[i] >= 0) into[at + i * P + column[i]] = value[i];
  }
}
