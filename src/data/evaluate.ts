import { assertNever } from '../diagnostics/internal-error.js';
import type { ArithmeticOperator, Expr } from '../graph/model-graph.js';
import { binaryInto } from './arithmetic.js';
import { callFunction } from './call-function.js';
import { DataProblem } from './data-problem.js';
import { expressionText } from './expression-text.js';
import { nearestName } from './nearest-name.js';
import { numberText } from './number-text.js';
import { Remembered } from './remembered.js';
import type { Column, Table } from './table.js';
import {
  allRows,
  constantNumber,
  type LabelValue,
  type NumberValue,
  numbers,
  type TextValue,
  type Value,
  valueOfColumn,
} from './value.js';

/** Where an expression finds its columns. */
export interface Rows {
  readonly rows: number;
  column(name: string): Column | undefined;
  names(): Iterable<string>;
  /** Number of a row in the source, 1-based: what `row()` gives. */
  rowNumber(row: number): number;
}

/** What an evaluation may say without failing. */
export interface Remark {
  readonly kind: 'notANumber' | 'unknownLevel';
  readonly text: string;
  readonly rows: number; // how many
  readonly row: number; // the first, as numbered in the source
  readonly near: string | undefined;
}

/** Evaluates expressions of columns row by row. Throws `DataProblem` where an expression makes no sense for the data. */
export class Evaluator {
  readonly remarks: Remark[] = [];

  constructor(
    readonly source: Rows,
    readonly remembered: Remembered,
  ) {}

  get rows(): number {
    return this.source.rows;
  }

  value(expr: Expr): Value {
    switch (expr.kind) {
      case 'number':
        return constantNumber(expr.value, Number.isInteger(expr.value) ? 'int' : 'real');
      case 'infinity':
        return constantNumber(Number.POSITIVE_INFINITY);
      case 'missing':
        return constantNumber(Number.NaN);
      case 'string':
        return { kind: 'text', text: expr.value };
      case 'bool':
        return constantNumber(expr.value ? 1 : 0, 'bool');
      case 'column':
        return this.column(expr.name);
      case 'parameter':
        throw DataProblem.of('MM421', { text: expressionText(expr), reason: 'a parameter is no column' });
      case 'list':
        throw DataProblem.of('MM421', { text: expressionText(expr), reason: 'a list is no column' });
      case 'unary': {
        const operand = this.number(expr.operand, expr.operator);
        const f = expr.operator === 'not' ? notOf : expr.operator === '-' ? minusOf : plusOf;
        return numbers(operand.values.map(f), expr.operator === 'not' ? 'bool' : countable(operand), operand.constant);
      }
      case 'binary':
        return this.binary(expr.operator, expr.left, expr.right);
      case 'call':
        return callFunction(this, expr);
      default:
        return assertNever(expr);
    }
  }

  /** As `value`, where only numbers will do. */
  number(expr: Expr, use: string): NumberValue {
    const value = this.value(expr);
    if (value.kind === 'number') return value;
    const what = value.kind === 'label' ? 'a factor' : value.kind === 'text' ? 'text' : 'a matrix';
    throw DataProblem.of('MM421', { text: expressionText(expr), reason: `it is ${what}, and '${use}' needs numbers` });
  }

  remark(kind: Remark['kind'], text: string, rows: number, row: number, near?: string): void {
    this.remarks.push({ kind, text, rows, row: this.source.rowNumber(row), near });
  }

  private column(name: string): Value {
    const column = this.source.column(name);
    if (column === undefined) throw DataProblem.of('MM420', { name, near: nearestName(name, this.source.names()) });
    return valueOfColumn(column);
  }

  private binary(operator: ArithmeticOperator, left: Expr, right: Expr): Value {
    if (isComparison(operator)) {
      const a = this.value(left);
      const b = this.value(right);
      if (a.kind === 'label' && b.kind !== 'matrix') return this.compareLabels(operator, a, b, left, right);
      if (b.kind === 'label' && a.kind !== 'matrix') return this.compareLabels(mirrored[operator], b, a, right, left);
      if (a.kind === 'text' && b.kind === 'number') return this.binary(mirrored[operator], right, left);
      if (a.kind === 'number' && b.kind === 'text') {
        const number = Number(b.text);
        if (b.text.trim() === '' || Number.isNaN(number)) {
          const reason = `it holds numbers, and "${b.text}" is none`;
          throw DataProblem.of('MM421', { text: expressionText(left), reason });
        }
        return this.combine(operator, a, constantNumber(number));
      }
    }
    return this.combine(operator, this.number(left, operator), this.number(right, operator));
  }

  private combine(operator: ArithmeticOperator, a: NumberValue, b: NumberValue): NumberValue {
    const constant = a.constant && b.constant;
    const out = new Float64Array(constant ? 1 : this.rows);
    const integers =
      a.type !== 'real' && b.type !== 'real' && (operator === '+' || operator === '-' || operator === '*');
    const arithmetic = operator === '+' || operator === '-' || operator === '*' || operator === '/' || operator === '^';
    return numbers(
      binaryInto(out, operator, operand(a), operand(b)),
      arithmetic ? (integers ? 'int' : 'real') : 'bool',
      constant,
    );
  }

  /** A factor against a level's name, a number or another factor; `<` and the like follow the order of an ordered one. */
  private compareLabels(operator: ArithmeticOperator, a: LabelValue, b: Value, left: Expr, right: Expr): NumberValue {
    const equality = operator === '==' || operator === '!=';
    if (!equality && !a.ordered) {
      throw DataProblem.of('MM421', {
        text: expressionText(left),
        reason: `'${operator}' needs an ordered factor or numbers; declare its order: ordered("low", "high")`,
      });
    }
    const position = Float64Array.from(a.codes, (code) => (code < 0 ? Number.NaN : code));
    if (b.kind === 'label') {
      const place = new Map(a.levels.map((level, i) => [level, i]));
      // Levels of b that a does not have equal none of a's; each gets a number of its own beyond them.
      const code = Float64Array.from(b.levels, (level, i) => place.get(level) ?? a.levels.length + i);
      const other = Float64Array.from(b.codes, (c) => (c < 0 ? Number.NaN : code[c]));
      return numbers(binaryInto(new Float64Array(this.rows), operator, position, other), 'bool');
    }
    const text = this.levelText(b, right);
    const level = text === undefined ? Number.NaN : a.levels.indexOf(text);
    if (level < 0 && text !== undefined) {
      if (!equality) {
        throw DataProblem.of('MM421', { text: expressionText(left), reason: `it has no level "${text}"` });
      }
      this.remark('unknownLevel', `${expressionText(left)}: "${text}"`, 0, 0, nearestName(text, a.levels));
    }
    return numbers(binaryInto(new Float64Array(this.rows), operator, position, Float64Array.of(level)), 'bool');
  }

  private levelText(value: Value, expr: Expr): string | undefined {
    if (value.kind === 'text') return value.text;
    if (value.kind === 'number' && value.constant) {
      return Number.isNaN(value.values[0]) ? undefined : numberText(value.values[0]);
    }
    throw DataProblem.of('MM421', {
      text: expressionText(expr),
      reason: 'a factor is compared with a level or a factor',
    });
  }
}

type Comparison = Extract<ArithmeticOperator, '==' | '!=' | '<' | '<=' | '>' | '>='>;

/** The same comparison with its sides changed. */
const mirrored: Readonly<Record<Comparison, Comparison>> = {
  '==': '==',
  '!=': '!=',
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
};

function isComparison(operator: ArithmeticOperator): operator is Comparison {
  return Object.hasOwn(mirrored, operator);
}

const notOf = (x: number) => (Number.isNaN(x) ? x : x === 0 ? 1 : 0);
const minusOf = (x: number) => -x;
const plusOf = (x: number) => x;

function countable(value: NumberValue): 'int' | 'real' {
  return value.type === 'real' ? 'real' : 'int';
}

function operand(value: NumberValue): Float64Array {
  return value.constant ? value.values.subarray(0, 1) : value.values;
}

/** A value as a column of so many rows; text becomes a factor of one level. */
export function columnOf(name: string, value: Exclude<Value, { kind: 'matrix' }>, rows: number): Column {
  if (value.kind === 'label') {
    const type = value.ordered ? 'ordered' : 'factor';
    return { kind: 'label', name, type, codes: value.codes, levels: value.levels };
  }
  if (value.kind === 'text') return columnOf(name, labelOfText(value, rows), rows);
  return { kind: 'number', name, type: value.type, values: allRows(value, rows) };
}

function labelOfText(value: TextValue, rows: number): LabelValue {
  return { kind: 'label', ordered: false, codes: new Int32Array(rows), levels: [value.text] };
}

/**
 * An expression over the columns of a table.
 * @throws DataProblem where a column is missing or an operation does not fit the types
 */
export function evaluate(expr: Expr, table: Table): Column {
  const source: Rows = {
    rows: table.rows,
    column: (name) => table.columns.get(name),
    names: () => table.columns.keys(),
    rowNumber: (row) => row + 1,
  };
  const value = new Evaluator(source, new Remembered()).value(expr);
  const text = expressionText(expr);
  if (value.kind === 'matrix') throw DataProblem.of('MM421', { text, reason: 'it has several columns' });
  return columnOf(text, value, table.rows);
}
