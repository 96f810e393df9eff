import type { Code, CodeParameters } from '../diagnostics/codes.js';
import type { Report } from '../diagnostics/report.js';
import type { Span } from '../diagnostics/span.js';
import type { Expr } from '../graph/model-graph.js';
import { asLabels } from './call-function.js';
import { attempt, DataProblem } from './data-problem.js';
import { expressionText } from './expression-text.js';
import { type Frame, pickCodes, pickNumbers } from './frame.js';
import type { Coded } from './levels.js';
import { dropUnusedLevels } from './levels.js';
import { numberText } from './number-text.js';
import { allRows, type LabelValue, type NumberValue, type Value } from './value.js';

const maxRowsNamed = 3;
/** The square of this, summed over as many rows as there can be, is still a number. */
const mostSquared = 1e145;

/** A value for every row: constants are spread out, text is a factor. */
export type RowValue =
  | { readonly kind: 'number'; readonly type: NumberValue['type']; readonly values: Float64Array }
  | { readonly kind: 'matrix'; readonly columns: readonly Float64Array[] }
  | LabelValue;

/**
 * The values of a model's expressions: each computed once and said wrong once; after `keep`, only for the rows that stay.
 */
export class BoundValues {
  private readonly values = new Map<string, RowValue | undefined>();
  private readonly factors = new Map<string, Coded>();
  private readonly said = new Set<string>();
  private kept: Int32Array | null = null;

  constructor(
    readonly frame: Frame,
    private readonly report: Report,
    private readonly file: string,
  ) {}

  get rows(): number {
    return this.kept === null ? this.frame.rows : this.kept.length;
  }

  rowNumber(row: number): number {
    return this.frame.rowNumber(this.kept === null ? row : this.kept[row]);
  }

  /** The numbers of all rows, counted when somebody asks for them. */
  rowNumbers(): () => Int32Array {
    return countedOnce(this.rows, this.kept, this.frame.kept);
  }

  /** undefined: it cannot be computed, and that was said. */
  value(expr: Expr, span: Span | undefined): RowValue | undefined {
    const key = JSON.stringify(expr);
    if (this.values.has(key)) return this.values.get(key);
    const value = this.attempt(span, () => spread(this.frame.evaluator.value(expr), this.frame.rows));
    this.sayRemarks(span);
    const now = value === undefined || this.kept === null ? value : rowsOfValue(value, this.kept);
    this.values.set(key, now);
    return now;
  }

  /** As `value`, where only numbers will do; a factor is refused. */
  numbers(expr: Expr, span: Span | undefined, use: string): Float64Array | undefined {
    const value = this.value(expr, span);
    if (value === undefined) return undefined;
    if (value.kind === 'number') return value.values;
    const what = value.kind === 'label' ? 'a factor' : 'a matrix';
    const reason = `it is ${what}, and ${use} needs numbers`;
    this.attempt(span, () => {
      throw DataProblem.of('MM421', { text: expressionText(expr), reason });
    });
    return undefined;
  }

  /** As a factor, without the levels that no row uses; what stands right of `|` and the like is one whatever its type. */
  factor(expr: Expr, span: Span | undefined): Coded | undefined {
    const key = JSON.stringify(expr);
    const known = this.factors.get(key);
    if (known !== undefined) return known;
    const value = this.value(expr, span);
    if (value === undefined) return undefined;
    const coded = this.attempt(span, () => dropUnusedLevels(labelsOf(value)));
    if (coded !== undefined) this.factors.set(key, coded);
    return coded;
  }

  /** Rows in which every value computed so far is present; null: all rows. */
  complete(): Int32Array | null {
    const n = this.frame.rows;
    const values = [...this.values.values()];
    if (!values.some((value) => value !== undefined && hasMissing(value))) return null;
    const missing = new Uint8Array(n);
    for (const value of values) if (value !== undefined) markMissing(missing, value);
    let count = 0;
    for (let i = 0; i < n; i++) count += 1 - missing[i];
    const kept = new Int32Array(count);
    for (let i = 0, k = 0; i < n; i++) if (missing[i] === 0) kept[k++] = i;
    return kept;
  }

  /** The expression that is missing in the most rows, and in how many. */
  mostMissing(): { readonly text: string; readonly rows: number } {
    let most = { text: '', rows: -1 };
    for (const [key, value] of this.values) {
      if (value === undefined) continue;
      const missing = new Uint8Array(this.frame.rows);
      markMissing(missing, value);
      const rows = missing.reduce((sum, m) => sum + m, 0);
      if (rows > most.rows) most = { text: expressionText(JSON.parse(key)), rows };
    }
    return most;
  }

  keep(kept: Int32Array | null): void {
    if (kept === null) return;
    this.kept = kept;
    this.factors.clear();
    for (const [key, value] of this.values) if (value !== undefined) this.values.set(key, rowsOfValue(value, kept));
  }

  /** True where every value fits; else says which does not, with its row. */
  require(values: Float64Array, holds: (value: number) => boolean, text: string, needs: string, span: Span): boolean {
    const bad: number[] = [];
    for (let i = 0; i < values.length; i++) if (!holds(values[i])) bad.push(i);
    if (bad.length === 0) return true;
    const rows = bad.slice(0, maxRowsNamed).map((i) => this.rowNumber(i));
    const value = numberText(values[bad[0]]);
    this.complain('MM446', span, bad[0], { text, needs, value, rows, more: bad.length - rows.length });
    return false;
  }

  /** Refuses numbers whose squares are too large or too small for a number to hold. */
  requireSquares(expr: Expr, span: Span): void {
    const value = this.value(expr, span);
    if (value?.kind !== 'number') return;
    const { values } = value;
    let largest = 0;
    for (let i = 0; i < values.length; i++) if (Math.abs(values[i]) > largest) largest = Math.abs(values[i]);
    if (largest === 0 || largest === Number.POSITIVE_INFINITY) return; // constant; or said elsewhere
    if (largest < mostSquared && largest > 1 / mostSquared) return;
    this.attempt(span, () => {
      const scale = `1e${Math.floor(Math.log10(largest))}`;
      throw DataProblem.of('MM467', { text: expressionText(expr), largest: numberText(largest), scale });
    });
  }

  /** Reports a problem of a row, once. */
  complain<C extends Code>(code: C, span: Span, row: number, parameters: CodeParameters<C>): void {
    this.attempt(span, () => {
      throw DataProblem.of(code, parameters, { row: this.rowNumber(row) });
    });
  }

  /** Runs `compute`; a problem becomes a diagnostic, once however often it is met. */
  attempt<T>(span: Span | undefined, compute: () => T): T | undefined {
    return attempt(this.report, span, () => {
      try {
        return compute();
      } catch (error) {
        if (error instanceof DataProblem) {
          if (this.said.has(error.identity)) return undefined;
          this.said.add(error.identity);
          throw error.inFile(this.file);
        }
        throw error;
      }
    });
  }

  private sayRemarks(span: Span | undefined): void {
    for (const remark of this.frame.evaluator.remarks.splice(0)) {
      const identity = JSON.stringify(remark);
      if (this.said.has(identity)) continue;
      this.said.add(identity);
      if (remark.kind === 'notANumber') {
        const { text, rows, row } = remark;
        this.report.addData('MM424', span, { file: this.file, row }, { text, rows, row });
      } else this.report.addData('MM425', span, { file: this.file }, { text: remark.text, near: remark.near });
    }
  }
}

/** Of rows of a frame, whose rows are some of a table's; null: all. */
function countedOnce(rows: number, kept: Int32Array | null, chosen: Int32Array | null): () => Int32Array {
  let known: Int32Array | undefined;
  return () => {
    if (known === undefined) {
      known = new Int32Array(rows);
      for (let i = 0; i < rows; i++) {
        const row = kept === null ? i : kept[i];
        known[i] = (chosen === null ? row : chosen[row]) + 1;
      }
    }
    return known;
  };
}

function spread(value: Value, rows: number): RowValue {
  if (value.kind === 'number') return { kind: 'number', type: value.type, values: allRows(value, rows) };
  return value.kind === 'text' ? asLabels(value, rows) : value;
}

function labelsOf(value: RowValue): LabelValue {
  return asLabels(value.kind === 'number' ? { ...value, constant: false } : value, 0);
}

function rowsOfValue(value: RowValue, kept: Int32Array): RowValue {
  switch (value.kind) {
    case 'number':
      return { ...value, values: pickNumbers(value.values, kept) };
    case 'label':
      return { ...value, codes: pickCodes(value.codes, kept) };
    case 'matrix':
      return { ...value, columns: value.columns.map((column) => pickNumbers(column, kept)) };
  }
}

function hasMissing(value: RowValue): boolean {
  if (value.kind === 'label') return hasMissingCode(value.codes);
  return value.kind === 'number' ? hasMissingNumber(value.values) : value.columns.some(hasMissingNumber);
}

function hasMissingCode(codes: Int32Array): boolean {
  for (let i = 0; i < codes.length; i++) if (codes[i] < 0) return true;
  return false;
}

function hasMissingNumber(values: Float64Array): boolean {
  for (let i = 0; i < values.length; i++) if (Number.isNaN(values[i])) return true;
  return false;
}

function markMissing(missing: Uint8Array, value: RowValue): void {
  if (value.kind === 'label') {
    for (let i = 0; i < missing.length; i++) if (value.codes[i] < 0) missing[i] = 1;
    return;
  }
  const columns = value.kind === 'number' ? [value.values] : value.columns;
  for (const x of columns) for (let i = 0; i < missing.length; i++) if (Number.isNaN(x[i])) missing[i] = 1;
}
