import { diagnostic } from '../diagnostics/report.js';
import type { ParsedTable } from './delimited-reader.js';
import { type CellValue, tableFromColumns, tableFromRows } from './table-from.js';

/** JSON as a table: an array of objects, or one object whose members are arrays of the same length. */
export function parseJsonTable(text: string, source: string): ParsedTable {
  let json: unknown;
  try {
    json = JSON.parse(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);
  } catch (error) {
    return refuse(source, error instanceof Error ? error.message : 'it is not JSON');
  }
  if (Array.isArray(json)) return fromRows(json, source);
  if (typeof json === 'object' && json !== null) return fromColumns(Object.entries(json), source);
  return refuse(source, 'it holds neither rows nor columns');
}

function fromRows(items: readonly unknown[], source: string): ParsedTable {
  if (items.length === 0)
    return { table: undefined, diagnostics: [diagnostic('MM402', { data: { file: source } }, { file: source })] };
  const rows: Record<string, CellValue>[] = [];
  for (const [i, item] of items.entries()) {
    if (typeof item !== 'object' || item === null || Array.isArray(item)) {
      return refuse(source, `item ${i + 1} of the array is no object`);
    }
    for (const [name, value] of Object.entries(item)) {
      if (!isCell(value)) return refuse(source, `'${name}' of row ${i + 1} is no number, text, true, false or null`);
    }
    rows.push(item as Record<string, CellValue>);
  }
  return { table: tableFromRows(rows, source), diagnostics: [] };
}

function fromColumns(members: readonly (readonly [string, unknown])[], source: string): ParsedTable {
  const columns: Record<string, CellValue[]> = Object.create(null);
  let rows = -1;
  for (const [name, values] of members) {
    if (!Array.isArray(values)) return refuse(source, `'${name}' is no array`);
    if (!values.every(isCell))
      return refuse(source, `'${name}' holds something that is no number, text, true, false or null`);
    if (rows >= 0 && values.length !== rows) {
      return refuse(source, `'${name}' has ${values.length} values, the columns before it have ${rows}`);
    }
    rows = values.length;
    columns[name] = values;
  }
  if (rows <= 0)
    return { table: undefined, diagnostics: [diagnostic('MM402', { data: { file: source } }, { file: source })] };
  return { table: tableFromColumns(columns, source), diagnostics: [] };
}

function isCell(value: unknown): value is CellValue {
  return value === null || typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean';
}

function refuse(file: string, reason: string): ParsedTable {
  return { table: undefined, diagnostics: [diagnostic('MM411', { data: { file } }, { file, reason })] };
}
