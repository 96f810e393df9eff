import type { ColumnSource } from '../../kernels/column-source.js';
import type { ModelRows } from './model-rows.js';

/** a with X a = 1, if it can be seen without arithmetic: a constant column, or the indicators of one term. */
export function constantInSpan(
  { rows, fixed, termOf }: Pick<ModelRows, 'rows' | 'fixed' | 'termOf'>,
  sources: readonly ColumnSource[],
): Float64Array {
  const a = new Float64Array(fixed);
  for (let j = 0; j < fixed; j++) {
    const value = constantOf(sources[j], rows);
    if (value === 0) continue;
    a[j] = 1 / value;
    return a;
  }
  for (const term of new Set(termOf)) {
    const columns = Array.from(termOf.keys()).filter((j) => termOf[j] === term);
    const own = columns.map((j) => sources[j]);
    if (columns.length < 2 || !(isOneSet(own, rows) ?? areIndicators(own, rows))) continue;
    for (const j of columns) a[j] = 1;
    return a;
  }
  return a;
}

/** The number that a column has in every row; 0 where there is none but zero. */
function constantOf(source: ColumnSource, rows: number): number {
  if (source.kind === 'constant') return 1;
  const x = source.kind === 'dense' ? source.values : null;
  const first = x === null ? valueAt(source, 0) : x[0];
  let same = first !== 0;
  if (x !== null) for (let i = 1; same && i < rows; i++) same = x[i] === first;
  else for (let i = 1; same && i < rows; i++) same = valueAt(source, i) === first;
  return same ? first : 0;
}

function valueAt(source: ColumnSource, row: number): number {
  if (source.kind === 'constant') return 1;
  if (source.kind === 'dense') return source.values[row];
  const { codes, place, values } = source.set;
  return place[codes[row]] !== source.column ? 0 : values === null ? 1 : values[row];
}

/** Whether each row has its one in one of these columns of a set; null where they are not all of the same set of ones. */
function isOneSet(sources: readonly ColumnSource[], rows: number): boolean | null {
  const [first] = sources;
  if (first?.kind !== 'indicator' || first.set.values !== null) return null;
  const { codes, place } = first.set;
  const here = new Uint8Array(place.length);
  for (const source of sources) {
    if (source.kind !== 'indicator' || source.set !== first.set) return null;
    for (let code = 0; code < place.length; code++) if (place[code] === source.column) here[code] = 1;
  }
  let one = true;
  for (let i = 0; one && i < rows; i++) one = here[codes[i]] === 1;
  return one;
}

function areIndicators(sources: readonly ColumnSource[], rows: number): boolean {
  let one = true;
  for (let i = 0; one && i < rows; i++) {
    let sum = 0;
    for (const source of sources) {
      const v = valueAt(source, i);
      if (v !== 0 && v !== 1) one = false;
      sum += v;
    }
    if (sum !== 1) one = false;
  }
  return one;
}
