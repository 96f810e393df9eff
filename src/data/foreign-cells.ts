import type { CellValue } from './table-from.js';

/**
 * Values of another library's column as cells: dates become their ISO text.
 * @throws TypeError where a value is none of these
 */
export function cellsOf(name: string, values: readonly unknown[]): CellValue[] {
  return values.map((value) => cellOf(name, value));
}

function cellOf(name: string, value: unknown): CellValue {
  switch (typeof value) {
    case 'number':
    case 'string':
    case 'boolean':
    case 'bigint':
    case 'undefined':
      return value;
    default:
      if (value === null) return null;
      if (value instanceof Date) return value.toISOString().replace(/T00:00:00\.000Z$/, '');
      throw new TypeError(`column '${name}' holds neither numbers, text, true and false nor dates`);
  }
}
