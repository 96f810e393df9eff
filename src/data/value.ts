import type { Column } from './table.js';

/** What an expression of columns comes to: one value per row, or one for all rows (`constant`: the array has length 1). */
export type Value = NumberValue | LabelValue | MatrixValue | TextValue;

export interface NumberValue {
  readonly kind: 'number';
  readonly type: 'real' | 'int' | 'bool'; // bool: 0 and 1
  readonly values: Float64Array; // NaN: missing
  readonly constant: boolean;
}

export interface LabelValue {
  readonly kind: 'label';
  readonly ordered: boolean;
  readonly codes: Int32Array; // rows; -1: missing
  readonly levels: readonly string[];
}

/** Of a formula function that makes several columns: `poly(x, 3)`. */
export interface MatrixValue {
  readonly kind: 'matrix';
  readonly columns: readonly Float64Array[];
}

/** A string of the program: a level's name. */
export interface TextValue {
  readonly kind: 'text';
  readonly text: string;
}

export function numbers(values: Float64Array, type: NumberValue['type'] = 'real', constant = false): NumberValue {
  return { kind: 'number', type, values, constant };
}

export function constantNumber(value: number, type: NumberValue['type'] = 'real'): NumberValue {
  return numbers(Float64Array.of(value), type, true);
}

export function valueOfColumn(column: Column): NumberValue | LabelValue {
  if (column.kind === 'label') {
    return { kind: 'label', ordered: column.type === 'ordered', codes: column.codes, levels: column.levels };
  }
  return numbers(column.values, column.type === 'count' ? 'int' : column.type);
}

/** The numbers for all rows: a constant is repeated. */
export function allRows(value: NumberValue, rows: number): Float64Array {
  return value.constant ? new Float64Array(rows).fill(value.values[0]) : value.values;
}
