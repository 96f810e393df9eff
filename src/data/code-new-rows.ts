import { InternalError } from '../diagnostics/internal-error.js';
import { Report } from '../diagnostics/report.js';
import type { Expr } from '../graph/model-graph.js';
import { columnValues } from '../kernels/column-source.js';
import { loadings } from './bind-blocks.js';
import { BoundValues } from './bound-values.js';
import { asLabels } from './call-function.js';
import type { DesignMemory, Labels, NewRows } from './design.js';
import type { BlockPlan, DesignPlan, GroupPlan, PredictorPlan, VariablePlan } from './design-plan.js';
import { expressionText } from './expression-text.js';
import { Frame } from './frame.js';
import { groupFactor } from './group-values.js';
import { recode } from './levels.js';
import { type ModelColumn, modelColumns, type VariableRows } from './model-columns.js';
import { positionsOf } from './positions.js';
import { Remembered } from './remembered.js';
import type { Table } from './table.js';

/**
 * Codes new rows as a fit coded its own: the same bases, contrasts and dropped columns. `where` does not choose among new
 * rows and none is dropped: a missing value makes the row's predictors NaN. Levels of groups that the fit did not see get
 * the code -1; a level of a fixed factor that it did not see is an error.
 * @returns undefined where the table lacks what the model needs, which is reported
 */
export function codeNewRows(memory: DesignMemory, table: Table, report: Report): NewRows | undefined {
  const own = new Report();
  const rows = new Coding(planOf(memory), table, own).rows();
  report.push(own.sorted());
  return own.hasErrors ? undefined : rows;
}

/** What `buildDesign` remembered, which may have been to JSON and back. */
function planOf(memory: DesignMemory): DesignPlan {
  const plan = memory.json;
  if (memory.version !== 1 || typeof plan !== 'object' || plan === null || !('version' in plan)) {
    throw new InternalError('the memory of a design has another version', memory.version);
  }
  return plan as DesignPlan;
}

class Coding {
  private readonly bound: BoundValues;
  private readonly made = new Map<string, ModelColumn[]>();
  private readonly variableRows = new Map<number, VariableRows>();

  constructor(
    private readonly plan: DesignPlan,
    private readonly table: Table,
    private readonly report: Report,
  ) {
    const frame = new Frame(table, plan.data, null, new Remembered(plan.remembered), true);
    this.bound = new BoundValues(frame, report, table.source);
  }

  rows(): NewRows | undefined {
    const { plan, bound } = this;
    plan.variables.forEach((variable, k) => {
      const rows = this.rowsOf(variable);
      if (rows !== undefined) this.variableRows.set(k, rows);
    });
    if (this.report.hasErrors) return undefined;
    const blocks = plan.blocks.map((block) => this.block(block));
    const predictors = plan.predictors.map((predictor) => this.predictor(predictor, blocks));
    const classGroup = plan.classGroup === null ? null : this.codes(plan.classGroup);
    return {
      rows: bound.rows,
      predictors,
      blocks: blocks.map(({ codes, position, labels }) => ({ codes, position, ...(labels ? { labels } : {}) })),
      classGroup: classGroup?.codes ?? null,
      ...(classGroup?.labels ? { classLabels: classGroup.labels } : {}),
      data: plan.likelihoods.map((likelihood) => this.dataOf(likelihood)),
      errors: plan.likelihoods.map((likelihood) => this.errorsOf(likelihood)),
    };
  }

  private rowsOf(variable: VariablePlan): VariableRows | undefined {
    const value = this.bound.value(variable.value, undefined);
    if (value === undefined) return undefined;
    if (variable.kind === 'factor') {
      const coded = asLabels(value.kind === 'number' ? { ...value, constant: false } : value, this.bound.rows);
      const codes = recode(coded, variable.levels);
      const row = codes.findIndex((code, i) => code < 0 && coded.codes[i] >= 0);
      if (row >= 0) {
        this.report.addData(
          'MM461',
          undefined,
          { file: this.table.source, row: row + 1, column: variable.label },
          { factor: variable.label, level: coded.levels[coded.codes[row]], row: row + 1, levels: variable.levels },
        );
      }
      return { kind: 'factor', codes };
    }
    if (value.kind === 'matrix' && variable.kind === 'matrix') return value;
    if (value.kind === 'number' && variable.kind === 'number') return value;
    const text = expressionText(variable.value);
    this.report.addData('MM462', undefined, { file: this.table.source, column: text }, { text });
    return undefined;
  }

  private readonly at = (k: number): VariableRows => {
    const rows = this.variableRows.get(k);
    if (rows === undefined) throw new InternalError('new rows: a variable was not coded', k);
    return rows;
  };

  private predictor(
    predictor: PredictorPlan,
    blocks: readonly { readonly z: NewRows['predictors'][number]['random'][number]['z'] }[],
  ): NewRows['predictors'][number] {
    const { plan, bound } = this;
    const columns = [predictor.columns, ...predictor.parts.map((k) => plan.parts[k].columns)].flatMap((c) =>
      this.columns(c),
    );
    const X = new Float64Array(bound.rows * predictor.kept.length);
    predictor.kept.forEach((index, c) => {
      X.set(columnValues(columns[index].source, bound.rows), c * bound.rows);
    });
    return {
      id: predictor.id,
      parameter: predictor.parameter,
      class: predictor.class,
      link: predictor.link,
      X,
      columns: Int32Array.from(predictor.coefficients),
      offset: this.offset([...predictor.offsets, ...predictor.parts.flatMap((k) => plan.parts[k].offsets)]),
      random: predictor.blocks.map((block) => ({ block, z: blocks[block].z })),
    };
  }

  private columns(plan: PredictorPlan['columns']): ModelColumn[] {
    const key = JSON.stringify(plan);
    const known = this.made.get(key);
    if (known !== undefined) return known;
    const columns = modelColumns(plan, this.plan.variables, this.at, this.bound.rows);
    this.made.set(key, columns);
    return columns;
  }

  private offset(offsets: readonly Expr[]): Float64Array | null {
    if (offsets.length === 0) return null;
    const sum = new Float64Array(this.bound.rows);
    for (const expr of offsets) {
      const values = this.bound.numbers(expr, undefined, 'an offset');
      if (values === undefined) return null; // said, so the whole answer is refused
      for (let i = 0; i < sum.length; i++) sum[i] += values[i];
    }
    return sum;
  }

  /** Codes of a group's levels as the fit numbered them. A group that new rows lack altogether is unknown in all of them. */
  private codes(group: GroupPlan): { readonly codes: Int32Array; readonly labels?: Labels } {
    const unknown = () => ({ codes: new Int32Array(this.bound.rows).fill(-1) });
    if (!group.factors.every((factor) => hasColumns(factor, this.bound.frame))) return unknown();
    const factor = groupFactor({ label: group.label, columns: group.factors }, this.bound, undefined);
    return factor === undefined ? unknown() : { codes: recode(factor, group.levels), labels: factor };
  }

  /** Where new rows stand among each other, for their correlated errors; null where they do not say. */
  private errorsOf({ correlation }: DesignPlan['likelihoods'][number]): NonNullable<NewRows['errors']>[number] {
    if (correlation === undefined || !hasColumns(correlation.position, this.bound.frame)) return null;
    const { labels } = this.codes(correlation.group);
    const value = this.bound.value(correlation.position, undefined);
    if (labels === undefined || value === undefined || value.kind === 'matrix') return null;
    const own = positionsOf(value);
    const distances = correlation.structure === 'car1';
    const place = own.labels.map((label, k) => (distances ? own.values[k] : correlation.labels.indexOf(label)));
    const position = Float64Array.from(own.places, (k) =>
      k < 0 || (!distances && place[k] < 0) ? Number.NaN : place[k],
    );
    return { group: labels, position };
  }

  private block(block: BlockPlan) {
    const { codes, labels } = this.codes(block.group);
    if (block.position === null) {
      return {
        codes,
        labels,
        position: null,
        ...loadings(block.columns, { plans: this.plan.variables, rows: this.at }, this.bound.rows),
      };
    }
    const { value, values, columnStart, places } = block.position;
    const known = block.position.labels;
    const found = this.bound.value(value, undefined);
    const n = this.bound.rows;
    const column = new Int32Array(n).fill(-1);
    const position = new Float64Array(n).fill(Number.NaN);
    if (found !== undefined && found.kind !== 'matrix') {
      const own = positionsOf(found);
      const measured = measureOf(own.labels, own.values, known, values, block.covariance === 'car1');
      const place = own.labels.map((label) => known.indexOf(label));
      for (let i = 0; i < n; i++) {
        const k = own.places[i];
        if (k < 0) continue;
        position[i] = measured[k];
        if (codes[i] < 0 || place[k] < 0) continue;
        const start = columnStart[codes[i]];
        column[i] = places.slice(start, columnStart[codes[i] + 1]).indexOf(place[k]);
      }
    }
    return { codes, labels, position, z: { kind: 'indicator' as const, column } };
  }

  /** Data arguments that the new rows have: a prediction of the mean needs none of them. */
  private dataOf(likelihood: DesignPlan['likelihoods'][number]): ReadonlyMap<string, Float64Array> {
    const data = new Map<string, Float64Array>();
    const all = [
      ...likelihood.data,
      ...(likelihood.weights === null ? [] : [{ name: 'weights', value: likelihood.weights }]),
    ];
    for (const { name, value } of all) {
      if (!hasColumns(value, this.bound.frame)) continue;
      const values = this.bound.numbers(value, undefined, name);
      if (values !== undefined) data.set(name, values);
    }
    return data;
  }
}

/** Positions on the scale of the fit: distances as they are, ranks by label (NaN for a position the fit did not see). */
function measureOf(
  labels: readonly string[],
  values: readonly number[],
  known: readonly string[],
  ranks: readonly number[],
  distances: boolean,
): number[] {
  if (distances) return [...values];
  return labels.map((label) => {
    const place = known.indexOf(label);
    return place < 0 ? Number.NaN : ranks[place];
  });
}

/** Whether every column that an expression names is there. */
function hasColumns(expr: Expr, frame: Frame): boolean {
  switch (expr.kind) {
    case 'column':
      return new Set(frame.names()).has(expr.name);
    case 'unary':
      return hasColumns(expr.operand, frame);
    case 'binary':
      return hasColumns(expr.left, frame) && hasColumns(expr.right, frame);
    case 'call':
      return expr.args.every((arg) => hasColumns(arg.value, frame));
    case 'list':
      return expr.items.every((item) => hasColumns(item, frame));
    default:
      return true;
  }
}
