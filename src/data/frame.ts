import type { DataNode } from '../graph/model-graph.js';
import { DataProblem } from './data-problem.js';
import { asDeclared } from './declared-type.js';
import { columnOf, Evaluator, type Rows } from './evaluate.js';
import { expressionText } from './expression-text.js';
import type { Remembered } from './remembered.js';
import type { Column, Table } from './table.js';

/** The columns a model sees: declared types applied, `let` columns computed, only the rows that `where` keeps. */
export class Frame implements Rows {
  readonly rows: number;
  readonly evaluator: Evaluator;
  private readonly known = new Map<string, Column>();
  private readonly underway = new Set<string>();

  /**
   * @param kept        0-based rows of the table, ascending; null: all
   * @param moreLevels  accept labels that are not among the declared ones (new rows)
   */
  constructor(
    private readonly table: Table,
    private readonly data: DataNode,
    readonly kept: Int32Array | null,
    remembered: Remembered,
    private readonly moreLevels = false,
  ) {
    this.rows = kept === null ? table.rows : kept.length;
    this.evaluator = new Evaluator(this, remembered);
  }

  rowNumber(row: number): number {
    return (this.kept === null ? row : this.kept[row]) + 1;
  }

  names(): Iterable<string> {
    return new Set([...this.table.columns.keys(), ...this.data.derived.map((d) => d.name)]);
  }

  column(name: string): Column | undefined {
    const known = this.known.get(name);
    if (known !== undefined) return known;
    const column = this.derive(name) ?? this.read(name);
    if (column === undefined) return undefined;
    const declared = this.data.columns.find((d) => d.name === name);
    const typed =
      declared === undefined ? column : asDeclared(column, declared, (row) => this.rowNumber(row), this.moreLevels);
    this.known.set(name, typed);
    return typed;
  }

  private read(name: string): Column | undefined {
    const column = this.table.columns.get(name);
    return column === undefined || this.kept === null ? column : rowsOfColumn(column, this.kept);
  }

  private derive(name: string): Column | undefined {
    const derived = this.data.derived.find((d) => d.name === name);
    // `let x = x / 10` means the column of the data on its right side.
    if (derived === undefined || this.underway.has(name)) return undefined;
    this.underway.add(name);
    try {
      const value = this.evaluator.value(derived.value);
      if (value.kind === 'matrix') {
        throw DataProblem.of('MM421', { text: expressionText(derived.value), reason: 'it has several columns' });
      }
      return columnOf(name, value, this.rows);
    } finally {
      this.underway.delete(name);
    }
  }
}

export function rowsOfColumn(column: Column, kept: Int32Array): Column {
  return column.kind === 'number'
    ? { ...column, values: pickNumbers(column.values, kept) }
    : { ...column, codes: pickCodes(column.codes, kept) };
}

export function pickNumbers(values: Float64Array, kept: Int32Array): Float64Array {
  const out = new Float64Array(kept.length);
  for (let i = 0; i < out.length; i++) out[i] = values[kept[i]];
  return out;
}

export function pickCodes(codes: Int32Array, kept: Int32Array): Int32Array {
  const out = new Int32Array(kept.length);
  for (let i = 0; i < out.length; i++) out[i] = codes[kept[i]];
  return out;
}
