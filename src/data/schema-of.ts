import type { ColumnSchema, DataSchema, Table } from './table.js';

const maxDistinct = 16;

/** What the checker may know of a table: types, levels, and the distinct values of columns that have few. */
export function schemaOf(table: Table): DataSchema {
  const columns = new Map<string, ColumnSchema>();
  for (const [name, column] of table.columns) {
    columns.set(
      name,
      column.kind === 'number'
        ? { type: column.type, levels: null, distinct: distinctValues(column.values) }
        : { type: column.type, levels: column.levels, distinct: null },
    );
  }
  return { columns };
}

function distinctValues(values: Float64Array): readonly number[] | null {
  const seen: number[] = [];
  for (let i = 0; i < values.length; i++) {
    const v = values[i];
    if (Number.isNaN(v) || seen.includes(v)) continue;
    if (seen.length === maxDistinct) return null;
    seen.push(v);
  }
  return seen.sort((a, b) => a - b);
}
