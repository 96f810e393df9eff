import type { Table } from '../data/table.js';
import { type CellValue, type ColumnValues, tableFromColumns, tableFromRows } from '../data/table-from.js';

/** Data in memory: a table that was parsed, columns by name (arrays or typed arrays), or an array of row objects. */
export type DataSource =
  | Table
  | Readonly<Record<string, ColumnValues>>
  | readonly Readonly<Record<string, CellValue>>[];

/** @throws RangeError, TypeError where columns differ in length or cells are objects */
export function tableOf(data: DataSource): Table {
  if (isTable(data)) return data;
  return isRows(data) ? tableFromRows(data) : tableFromColumns(data);
}

function isTable(data: DataSource): data is Table {
  return !Array.isArray(data) && 'columns' in data && data.columns instanceof Map;
}

function isRows(data: Exclude<DataSource, Table>): data is readonly Readonly<Record<string, CellValue>>[] {
  return Array.isArray(data);
}
