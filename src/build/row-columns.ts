import type { DataSchema } from '../data/table.js';
import type { ColumnType, ModelGraph } from '../graph/model-graph.js';

/** A column of the data that a model uses; the type is null where neither the program nor the data tell it. */
export interface RowColumn {
  readonly name: string;
  readonly type: ColumnType | null;
}

/**
 * The columns that data must have for a model, in the order in which the graph names them. Columns that the program defines by `let` are
 * not among them, unless their definition reads a column of the same name.
 */
export function rowColumns(graph: ModelGraph, schema: DataSchema | undefined): RowColumn[] {
  const { derived, where, contrasts, columns } = graph.data;
  const names = new Set<string>();
  const defined = new Set<string>();
  const add = (node: unknown) => {
    for (const name of columnsIn(node)) if (!defined.has(name)) names.add(name);
  };
  for (const { name, value } of derived) {
    add(value);
    defined.add(name);
  }
  const { likelihoods, predictors, parts, randomEffects, mixture } = graph;
  add([likelihoods, predictors, parts, randomEffects, mixture, where]);
  const labels = mixture?.labels;
  for (const name of [...(typeof labels === 'string' ? [labels] : []), ...contrasts.map((c) => c.column)])
    if (!defined.has(name)) names.add(name);
  const declared = new Map(columns.map((c) => [c.name, c.type]));
  return Array.from(names, (name) => ({
    name,
    type: declared.get(name) ?? schema?.columns.get(name)?.type ?? null,
  }));
}

/** Names of all column expressions in a part of the graph. The graph is plain JSON, so none is hidden from the walk. */
function columnsIn(node: unknown): string[] {
  if (typeof node !== 'object' || node === null) return [];
  if ('kind' in node && node.kind === 'column' && 'name' in node && typeof node.name === 'string') return [node.name];
  return Object.values(node).flatMap(columnsIn);
}
