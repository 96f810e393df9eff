import { rowsOfColumn } from '../data/frame.js';
import type { Column, Table } from '../data/table.js';
import type { ModelGraph } from '../graph/model-graph.js';

/** The rows that a fit used, in the columns that its model reads. @param rowNumbers  1-based rows of the table */
export function modelFrame(graph: ModelGraph, table: Table, rowNumbers: Int32Array): Table {
  const kept = rowNumbers.map((row) => row - 1);
  const columns = new Map<string, Column>();
  for (const name of columnsRead(graph)) {
    const column = table.columns.get(name);
    if (column !== undefined) columns.set(name, rowsOfColumn(column, kept));
  }
  return { rows: kept.length, columns, source: table.source };
}

/** Every name that an expression of the graph takes for a column, and the column of known classes. */
function columnsRead(graph: ModelGraph): Set<string> {
  const names = new Set<string>();
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(visit);
    else if (typeof value === 'object' && value !== null) {
      if ('kind' in value && value.kind === 'column' && 'name' in value && typeof value.name === 'string')
        names.add(value.name);
      Object.values(value).forEach(visit);
    }
  };
  visit(graph);
  if (graph.mixture?.labels != null) names.add(graph.mixture.labels);
  return names;
}
