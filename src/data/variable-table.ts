import type { Report } from '../diagnostics/report.js';
import type { Span } from '../diagnostics/span.js';
import type { ContrastCoding, DataNode, Expr } from '../graph/model-graph.js';
import type { BoundValues, RowValue } from './bound-values.js';
import { contrastOf } from './contrasts.js';
import type { VariablePlan } from './design-plan.js';
import { dropUnusedLevels } from './levels.js';
import type { VariableRows } from './model-columns.js';
import { numberText } from './number-text.js';

/** A matrix of more numbers than this (4 GB) is refused before it is made. */
export const largestMatrix = 5e8;
/** Likewise a table of a factor's levels by the columns that code them. */
const largestCoding = 5e7;
/** With more levels than this, most of them seen once or twice, text in a predictor is asked about. */
const manyLevels = 20;

/** The variables of all model matrices: each planned once (its levels, its contrasts), each with its rows. */
export class VariableTable {
  readonly plans: VariablePlan[] = [];
  private readonly rowsOfPlan: VariableRows[] = [];
  private readonly indexOf = new Map<string, number>();

  constructor(
    private readonly bound: BoundValues,
    private readonly data: DataNode,
    private readonly report: Report,
    private readonly file: string,
  ) {}

  readonly rows = (index: number): VariableRows => this.rowsOfPlan[index];

  readonly isFactor = (index: number): boolean => this.plans[index].kind === 'factor';

  /** Plans a variable; undefined where it cannot be used, which was said. */
  add(label: string, value: Expr, span: Span): number | undefined {
    const key = `${label} ${JSON.stringify(value)}`;
    const known = this.indexOf.get(key);
    if (known !== undefined) return known;
    const rows = this.bound.value(value, span);
    if (rows === undefined) return undefined;
    const planned = this.plan(label, value, rows, span);
    if (planned === undefined) return undefined;
    this.plans.push(planned.plan);
    this.rowsOfPlan.push(planned.rows);
    this.indexOf.set(key, this.plans.length - 1);
    return this.plans.length - 1;
  }

  private plan(
    label: string,
    value: Expr,
    rows: RowValue,
    span: Span,
  ): { plan: VariablePlan; rows: VariableRows } | undefined {
    if (rows.kind === 'matrix') {
      return { plan: { kind: 'matrix', label, value, columns: rows.columns.length }, rows };
    }
    if (rows.kind === 'number' && rows.type !== 'bool') {
      const bad = rows.values.findIndex((v) => !Number.isFinite(v));
      if (bad >= 0) {
        const row = this.bound.rowNumber(bad);
        const place = { file: this.file, row, column: label };
        this.report.addData('MM447', span, place, { text: label, value: numberText(rows.values[bad]), row });
        return undefined;
      }
      return { plan: { kind: 'number', label, value }, rows };
    }
    // Bools are factors with the levels FALSE and TRUE, both kept whether or not they occur, as in R.
    const coded =
      rows.kind === 'label'
        ? dropUnusedLevels(rows)
        : { codes: Int32Array.from(rows.values), levels: ['FALSE', 'TRUE'] };
    if (coded.levels.length < 2) {
      this.report.addData(
        'MM450',
        span,
        { file: this.file, column: label },
        { factor: label, level: coded.levels[0] ?? '', dropped: this.bound.frame.rows > this.bound.rows },
      );
      return undefined;
    }
    const levels = coded.levels.length;
    if (levels * this.bound.rows > largestMatrix || levels * levels > largestCoding) {
      const place = { factor: label, levels, rows: this.bound.rows };
      this.report.addData('MM456', span, { file: this.file, column: label }, place);
      return undefined;
    }
    this.noteOrder(label, value, rows, coded.levels, span);
    this.noteLevels(value, coded.levels, span);
    const coding = this.codingOf(value, rows.kind === 'label' && rows.ordered);
    const contrast = this.bound.attempt(span, () => contrastOf(coding, coded.levels, label));
    if (contrast === undefined) return undefined;
    return {
      plan: { kind: 'factor', label, value, levels: coded.levels, contrast },
      rows: { kind: 'factor', codes: coded.codes },
    };
  }

  /** An order that nobody declared and that may not be the one meant: of words that are ordered, of decimals. */
  private noteOrder(label: string, value: Expr, rows: RowValue, levels: readonly string[], span: Span): void {
    const declared = this.data.columns.find((c) => value.kind === 'column' && c.name === value.name);
    if (rows.kind !== 'label' || declared?.levels != null) return;
    const numbers = levels.map(Number);
    const ascending = numbers.every((v, i) => Number.isFinite(v) && (i === 0 || v > numbers[i - 1]));
    const decimals = numbers.every(Number.isFinite);
    if (ascending || !(decimals || (rows.ordered && declared !== undefined))) return;
    const type = rows.ordered ? 'ordered' : 'factor';
    this.report.addData('MM444', span, { file: this.file, column: label }, { name: label, type, levels });
  }

  /** Text that may have been meant for numbers or for groups: nobody declared it, and levels hardly repeat. */
  private noteLevels(value: Expr, levels: readonly string[], span: Span): void {
    const { rows } = this.bound;
    if (value.kind !== 'column' || levels.length <= manyLevels || 2 * levels.length <= rows) return;
    const { name } = value;
    if (this.data.columns.some((c) => c.name === name)) return;
    const place = { column: name, levels: levels.length, rows, first: levels[0] };
    this.report.addData('MM469', span, { file: this.file, column: name }, place);
  }

  private codingOf(value: Expr, ordered: boolean): ContrastCoding {
    const declared =
      value.kind === 'column' ? this.data.contrasts.find((contrast) => contrast.column === value.name) : undefined;
    return declared?.coding ?? (ordered ? { kind: 'poly' } : { kind: 'treatment', ref: null });
  }
}
