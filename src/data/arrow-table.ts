import { diagnostic } from '../diagnostics/report.js';
import type { ParsedTable } from './delimited-reader.js';
import { cellsOf } from './foreign-cells.js';
import type { Table } from './table.js';
import { type ColumnValues, tableFromColumns } from './table-from.js';

/** What apache-arrow, flechette and arquero tables have in common. */
export interface ArrowLike {
  readonly numRows: number;
  readonly schema: { readonly fields: readonly { readonly name: string }[] };
  /** The column of a name. */
  getChild(name: string): ArrowColumnLike | null | undefined;
}

/** A column of such a table. */
export interface ArrowColumnLike extends Iterable<unknown> {
  readonly type: unknown;
  readonly nullCount: number;
  readonly data: readonly unknown[];
  /** All values; as a typed array where the column has numbers without missing ones. */
  toArray(): ArrayLike<unknown>;
}

/**
 * A table from Arrow columns held in memory; numbers without missing values are copied at once. An ordered dictionary
 * keeps the order of its levels; any other gets the order all labels have.
 * @throws TypeError where a column holds anything but numbers, text, booleans, dates or nulls
 */
export function tableFromArrow(arrow: ArrowLike, source = 'data'): Table {
  const columns: Record<string, ColumnValues> = Object.create(null);
  for (const { name } of arrow.schema.fields) {
    const column = arrow.getChild(name);
    if (column !== null && column !== undefined) columns[name] = valuesOf(name, column);
  }
  return { ...tableFromColumns(columns, source), rows: arrow.numRows };
}

function valuesOf(name: string, column: ArrowColumnLike): ColumnValues {
  const levels = orderedLevels(column);
  if (levels !== undefined) return orderedColumn(levels, column);
  const values = column.nullCount > 0 ? [...column] : column.toArray();
  if (values instanceof Float64Array) return values;
  if (ArrayBuffer.isView(values) && !(values instanceof BigInt64Array) && !(values instanceof BigUint64Array)) {
    return Float64Array.from(values as ArrayLike<number>);
  }
  return cellsOf(name, Array.from(values));
}

function orderedColumn(levels: readonly string[], column: ArrowColumnLike): ColumnValues {
  const place = new Map(levels.map((level, i) => [level, i]));
  const codes = Int32Array.from(column, (value) => place.get(String(value)) ?? -1);
  return { codes, levels, ordered: true };
}

/** The levels of an ordered dictionary: flechette says `ordered`, apache-arrow `isOrdered`. */
function orderedLevels(column: ArrowColumnLike): string[] | undefined {
  const { type } = column;
  if (typeof type !== 'object' || type === null) return undefined;
  const ordered = ('ordered' in type && type.ordered === true) || ('isOrdered' in type && type.isOrdered === true);
  const batch = column.data[0];
  if (!ordered || typeof batch !== 'object' || batch === null || !('dictionary' in batch)) return undefined;
  const dictionary = batch.dictionary as Iterable<unknown> | null | undefined;
  return dictionary === null || dictionary === undefined ? undefined : Array.from(dictionary, String);
}

/** Arrow IPC, as a file or a stream. */
export async function parseArrowTable(bytes: Uint8Array, source: string): Promise<ParsedTable> {
  const { tableFromIPC } = await import('@uwdata/flechette');
  try {
    const table = tableFromArrow(tableFromIPC(bytes, { useDate: true, useBigInt: true }), source);
    return { table, diagnostics: [] };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return {
      table: undefined,
      diagnostics: [diagnostic('MM412', { data: { file: source } }, { file: source, format: 'Arrow', reason })],
    };
  }
}
