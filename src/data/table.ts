import type { ColumnType } from '../graph/model-graph.js';

/** A column as read: numbers keep NaN for a missing value, labels keep code -1. */
export type Column = NumberColumn | LabelColumn;

/** A column of numbers. */
export interface NumberColumn {
  readonly kind: 'number';
  readonly name: string;
  readonly type: 'real' | 'int' | 'count' | 'bool';
  readonly values: Float64Array; // rows; NaN: missing
}

/** A column of labels, coded by its levels. */
export interface LabelColumn {
  readonly kind: 'label';
  readonly name: string;
  readonly type: 'factor' | 'ordered' | 'text';
  readonly codes: Int32Array; // rows; index into levels, -1: missing
  readonly levels: readonly string[]; // in the order language.md gives: numeric if all are integers, else by code point
}

/** Data held in columns. */
export interface Table {
  readonly rows: number;
  readonly columns: ReadonlyMap<string, Column>;
  /** Where it came from, for messages. */
  readonly source: string;
}

/** What the checker may know of the data before it is bound. */
export interface DataSchema {
  readonly columns: ReadonlyMap<string, ColumnSchema>;
}

/** What may be known of a column. */
export interface ColumnSchema {
  readonly type: ColumnType;
  readonly levels: readonly string[] | null;
  /** Distinct values of a number column, where there are at most 16 of them. */
  readonly distinct: readonly number[] | null;
  /** Smallest and largest value of a number column. */
  readonly range?: readonly [number, number] | null;
}
