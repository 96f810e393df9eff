import type { ColumnSchema, DataSchema, NumberColumn, Table } from './table.js';

const maxDistinct = 16;

/** What the checker may know of a table: types, levels, ranges, and the distinct values of columns that have few. */
export function schemaOf(table: Table): DataSchema {
  const columns = new Map<string, ColumnSchema>();
  for (const [name, column] of table.columns) {
    columns.set(
      name,
      column.kind === 'number' ? numberSchema(column) : { type: column.type, levels: column.levels, distinct: null },
    );
  }
  return { columns };
}

function numberSchema({ type, values }: NumberColumn): ColumnSchema {
  const seen: number[] = [];
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < values.length; i++) {
    const v = values[i];
    if (Number.isNaN(v)) continue;
    if (v < low) low = v;
    if (v > high) high = v;
    if (seen.length <= maxDistinct && !seen.includes(v)) seen.push(v);
  }
  return {
    type,
    levels: null,
    distinct: seen.length > maxDistinct ? null : seen.sort((a, b) => a - b),
    range: low <= high ? [low, high] : null,
  };
}
