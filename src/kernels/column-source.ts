/** Where a column of a matrix of rows has its numbers: nothing that is constant or mostly zero is ever written out. */
export type ColumnSource =
  | { readonly kind: 'constant' } // one in every row
  | { readonly kind: 'dense'; readonly values: Float64Array } // rows
  /** Column `column` of a set. */
  | { readonly kind: 'indicator'; readonly set: IndicatorSet; readonly column: number };

/** Columns of which at most one is not zero in a row: those of a factor, or of several factors and numbers. */
export interface IndicatorSet {
  readonly columns: number;
  readonly codes: Int32Array; // rows: index into `place`
  readonly place: Int32Array; // the column that a code stands for, -1: none
  readonly values: Float64Array | null; // rows: what stands there; null: ones
}

/** The column written out; of a dense source its own array. */
export function columnValues(source: ColumnSource, rows: number): Float64Array {
  if (source.kind === 'dense') return source.values;
  const out = new Float64Array(rows);
  fillColumn(source, 0, rows, out, 0, 1);
  return out;
}

/** into[at + i * stride] = the column's number in row first + i, i < count. */
export function fillColumn(
  source: ColumnSource,
  first: number,
  count: number,
  into: Float64Array,
  at: number,
  stride: number,
): void {
  if (source.kind === 'constant') {
    for (let i = 0; i < count; i++) into[at + i * stride] = 1;
    return;
  }
  if (source.kind === 'dense') {
    const { values } = source;
    for (let i = 0; i < count; i++) into[at + i * stride] = values[first + i];
    return;
  }
  const { column, set } = source;
  const { codes, place, values } = set;
  for (let i = 0; i < count; i++) {
    const there = place[codes[first + i]] === column;
    into[at + i * stride] = there ? (values === null ? 1 : values[first + i]) : 0;
  }
}

/** rows x sources, column-major. */
export function writtenOut(sources: readonly ColumnSource[], rows: number): Float64Array {
  const out = new Float64Array(rows * sources.length);
  sources.forEach((source, c) => {
    if (source.kind === 'dense') out.set(source.values, c * rows);
    else if (source.kind === 'constant') out.fill(1, c * rows, (c + 1) * rows);
    else fillColumn(source, 0, rows, out, c * rows, 1);
  });
  return out;
}

/** Sources of a matrix that is there already, rows x columns, column-major. */
export function sourcesOf(X: Float64Array, rows: number, columns: number): ColumnSource[] {
  return Array.from({ length: columns }, (_, c) => ({
    kind: 'dense' as const,
    values: X.subarray(c * rows, (c + 1) * rows),
  }));
}
