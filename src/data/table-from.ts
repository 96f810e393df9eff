import { numberType } from './column-builder.js';
import { withSortedLevels } from './levels.js';
import { isMissingText, numberText } from './number-text.js';
import type { Column, Table } from './table.js';

/** One cell of a row; null, undefined and NaN are missing values. */
export type CellValue = number | string | boolean | bigint | null | undefined;

/** One column of data in memory. */
export type ColumnValues =
  | readonly CellValue[]
  | Float64Array
  | Float32Array
  | Int32Array
  | Uint32Array
  | Int16Array
  | Uint16Array
  | Int8Array
  | Uint8Array
  /** A factor as an array of codes (-1: missing) and its levels, in the order they are to have. */
  | { readonly codes: Int32Array; readonly levels: readonly string[]; readonly ordered?: boolean };

/**
 * A table of columns held in memory. Typed arrays become numbers (a Float64Array is used as it is, not copied; NaN is a
 * missing value); other arrays are typed by their values: numbers and bigints, booleans, else labels. Text is text here:
 * "1" is a label, unlike in a file; bigints that no double holds are labels, too, as they are there.
 * @throws RangeError where columns differ in length
 */
export function tableFromColumns(columns: Readonly<Record<string, ColumnValues>>, source = 'data'): Table {
  const out = new Map<string, Column>();
  let rows = -1;
  for (const [name, values] of Object.entries(columns)) {
    const column = columnFrom(name, values);
    const length = column.kind === 'number' ? column.values.length : column.codes.length;
    if (rows >= 0 && length !== rows) {
      throw new RangeError(`column '${name}' has ${length} values, the columns before it have ${rows}`);
    }
    rows = length;
    out.set(name, column);
  }
  return { rows: Math.max(rows, 0), columns: out, source };
}

/** A table of row objects; a key that a row lacks is a missing value. */
export function tableFromRows(rows: readonly Readonly<Record<string, CellValue>>[], source = 'data'): Table {
  const names = new Set<string>();
  for (const row of rows) for (const name of Object.keys(row)) names.add(name);
  const columns: Record<string, CellValue[]> = Object.create(null);
  for (const name of names) columns[name] = rows.map((row) => row[name]);
  return { ...tableFromColumns(columns, source), rows: rows.length };
}

function columnFrom(name: string, values: ColumnValues): Column {
  if (values instanceof Float64Array) return { kind: 'number', name, type: numberType(values), values };
  if (ArrayBuffer.isView(values)) {
    const numbers = Float64Array.from(values as ArrayLike<number>);
    return { kind: 'number', name, type: numberType(numbers), values: numbers };
  }
  if ('codes' in values) {
    return {
      kind: 'label',
      name,
      type: values.ordered ? 'ordered' : 'factor',
      codes: values.codes,
      levels: values.levels,
    };
  }
  return columnFromCells(name, values);
}

function columnFromCells(name: string, cells: readonly CellValue[]): Column {
  let numbers = 0;
  let booleans = 0;
  let texts = 0;
  for (const cell of cells) {
    if (typeof cell === 'number') numbers++;
    else if (typeof cell === 'bigint') BigInt(Number(cell)) === cell ? numbers++ : texts++;
    else if (typeof cell === 'boolean') booleans++;
    else if (typeof cell === 'string' && !isMissingText(cell)) texts++;
    else if (typeof cell === 'object' && cell !== null) {
      throw new TypeError(`column '${name}' holds an object; cells are numbers, text, booleans or null`);
    }
  }
  if (texts === 0 && booleans === 0) return numberColumn(name, cells);
  if (texts === 0 && numbers === 0) return { ...numberColumn(name, cells), type: 'bool' };
  const codeOf = new Map<string, number>();
  const codes = Int32Array.from(cells, (cell) => {
    if (cell === null || cell === undefined) return -1;
    const label = typeof cell === 'number' ? numberText(cell) : String(cell);
    if (isMissingText(label)) return -1;
    const known = codeOf.get(label);
    if (known !== undefined) return known;
    codeOf.set(label, codeOf.size);
    return codeOf.size - 1;
  });
  return { kind: 'label', name, type: 'factor', ...withSortedLevels(codes, codeOf) };
}

function numberColumn(name: string, cells: readonly CellValue[]): Column & { kind: 'number' } {
  const values = Float64Array.from(cells, (cell) =>
    cell === null || cell === undefined || typeof cell === 'string' ? Number.NaN : Number(cell),
  );
  return { kind: 'number', name, type: numberType(values), values };
}
