import { type ArrowLike, tableFromArrow } from '../data/arrow-table.js';
import type { Table } from '../data/table.js';
import { type CellValue, type ColumnValues, tableFromColumns, tableFromRows } from '../data/table-from.js';

/**
 * Data in memory: a table that was parsed, columns by name (arrays or typed arrays), an array of row objects, or a table of
 * apache-arrow, flechette or arquero.
 */
export type DataSource =
  | Table
  | ArrowLike
  | Readonly<Record<string, ColumnValues>>
  | readonly Readonly<Record<string, CellValue>>[];

/**
 * Brings any of them into the one form that models are bound to. A Float64Array is used as it is, not copied.
 * @throws RangeError, TypeError where columns differ in length or cells are objects
 */
export function tableOf(data: DataSource): Table {
  if (isRows(data)) return tableFromRows(data);
  if (isTable(data)) return data;
  return isArrow(data) ? tableFromArrow(data) : tableFromColumns(data);
}

function isRows(data: DataSource): data is readonly Readonly<Record<string, CellValue>>[] {
  return Array.isArray(data);
}

function isTable(data: object): data is Table {
  return 'columns' in data && data.columns instanceof Map;
}

/** A column of the user's may be called `schema`; no column is a function. */
function isArrow(data: object): data is ArrowLike {
  return 'getChild' in data && typeof data.getChild === 'function' && 'schema' in data && 'numRows' in data;
}
