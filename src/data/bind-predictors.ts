import { InternalError } from '../diagnostics/internal-error.js';
import type { Report } from '../diagnostics/report.js';
import type { Expr, ModelGraph, PredictorNode } from '../graph/model-graph.js';
import { columnValues } from '../kernels/column-source.js';
import type { BoundBlock } from './bind-blocks.js';
import type { BoundValues } from './bound-values.js';
import type { Coefficient, PredictorDesign } from './design.js';
import type { ColumnsPlan, PartPlan, PredictorPlan } from './design-plan.js';
import { expressionText } from './expression-text.js';
import { type CheckedColumn, clearlyIndependent, independentColumns } from './independent-columns.js';
import { lazyMatrix } from './lazy-matrix.js';
import { type ModelColumn, modelColumns } from './model-columns.js';
import { countColumns, planColumns } from './plan-columns.js';
import { largestMatrix, type VariableTable } from './variable-table.js';

export interface BoundPredictors {
  readonly parts: readonly PartPlan[];
  readonly plans: readonly PredictorPlan[];
  readonly predictors: readonly PredictorDesign[];
  readonly coefficients: readonly Coefficient[];
}

interface Planned {
  readonly node: PredictorNode;
  readonly columns: ColumnsPlan;
  readonly parts: readonly number[]; // indices into the part plans
  readonly spansConstant: boolean;
}

/** Columns of one predictor: its own, then those of its parts. `part` null: its own. */
interface Source {
  readonly part: number | null;
  readonly column: ModelColumn;
}

/** Binds the predictors: their model matrices without the columns that others span, offsets, random effects. */
export function bindPredictors(
  graph: ModelGraph,
  blocks: readonly BoundBlock[],
  variables: VariableTable,
  bound: BoundValues,
  report: Report,
  file: string,
): BoundPredictors | undefined {
  const parts = planParts(graph, variables);
  const planned = graph.predictors.map((node) => planPredictor(node, graph, variables));
  const offsets = graph.predictors.map((node) => offsetOf(offsetsOf(node, graph), node, bound));
  const known = planned.filter((p) => p !== undefined);
  if (parts === undefined || known.length < planned.length || offsets.includes(undefined)) return undefined;
  for (const { node, columns, parts: used } of known) {
    const count = [columns, ...used.map((k) => parts[k].columns)].reduce(
      (sum, plan) => sum + countColumns(plan, variables.plans),
      0,
    );
    if (count * bound.rows > largestMatrix) {
      report.addData('MM455', node.origin, { file }, { parameter: node.parameter, columns: count, rows: bound.rows });
      return undefined;
    }
  }
  return new PredictorBinder(known, parts, blocks, variables, bound, report, file).bind(offsets.map((o) => o ?? null));
}

function planParts(graph: ModelGraph, variables: VariableTable): PartPlan[] | undefined {
  const plans = graph.parts.map((part) => {
    const columns = planColumns(variables, part.terms, false, !part.withoutIntercept);
    return columns === undefined ? undefined : { id: part.id, columns, offsets: part.offsets };
  });
  const known = plans.filter((plan) => plan !== undefined);
  return known.length === plans.length ? known : undefined;
}

function planPredictor(node: PredictorNode, graph: ModelGraph, variables: VariableTable): Planned | undefined {
  const spansConstant = node.intercept || node.interceptAbsorbed === true;
  const columns = planColumns(variables, node.terms, node.intercept, spansConstant);
  const parts = node.parts.map((id) => graph.parts.findIndex((part) => part.id === id));
  if (parts.includes(-1)) throw new InternalError('a predictor uses a part that the graph lacks', node.id);
  return columns === undefined ? undefined : { node, columns, parts, spansConstant };
}

function offsetsOf(node: PredictorNode, graph: ModelGraph): Expr[] {
  const parts = graph.parts.filter((part) => node.parts.includes(part.id));
  return [...node.offsets, ...parts.flatMap((part) => part.offsets)];
}

/** The sum of the offsets; null without any. */
function offsetOf(offsets: readonly Expr[], node: PredictorNode, bound: BoundValues): Float64Array | null | undefined {
  if (offsets.length === 0) return null;
  const sum = new Float64Array(bound.rows);
  for (const expr of offsets) {
    const values = bound.numbers(expr, node.origin, 'an offset');
    if (values === undefined) return undefined;
    if (!bound.require(values, Number.isFinite, expressionText(expr), 'finite numbers', node.origin)) return undefined;
    for (let i = 0; i < sum.length; i++) sum[i] += values[i];
  }
  return sum;
}

class PredictorBinder {
  private readonly made = new Map<string, ModelColumn[]>();
  private readonly matrices = new Map<string, ReturnType<typeof lazyMatrix>>();
  private readonly coefficients: Coefficient[] = [];
  /** Per part: the coefficient of each of its columns, once it has one. */
  private readonly partCoefficients: Map<number, number>[];

  constructor(
    private readonly planned: readonly Planned[],
    private readonly parts: readonly PartPlan[],
    private readonly blocks: readonly BoundBlock[],
    private readonly variables: VariableTable,
    private readonly bound: BoundValues,
    private readonly report: Report,
    private readonly file: string,
  ) {
    this.partCoefficients = parts.map(() => new Map());
  }

  bind(offsets: readonly (Float64Array | null)[]): BoundPredictors {
    const kept = this.planned.map((): number[] => []);
    for (const together of this.connected()) this.keepIndependent(together, kept);
    const plans: PredictorPlan[] = [];
    const predictors = this.planned.map((planned, k) => {
      const { plan, design } = this.predictor(planned, kept[k], offsets[k]);
      plans.push(plan);
      return design;
    });
    return { parts: this.parts, plans, predictors, coefficients: this.coefficients };
  }

  private columnsOf(plan: ColumnsPlan, centred = false): ModelColumn[] {
    const key = `${centred} ${JSON.stringify(plan)}`;
    const known = this.made.get(key);
    if (known !== undefined) return known;
    const columns = modelColumns(plan, this.variables.plans, this.variables.rows, this.bound.rows, true, centred);
    // Centred copies are needed once; keeping them would double the memory of a large model.
    if (!centred) this.made.set(key, columns);
    return columns;
  }

  private sources(planned: Planned, centred = false): Source[] {
    const own = this.columnsOf(planned.columns, centred).map((column) => ({ part: null, column }));
    return [
      ...own,
      ...planned.parts.flatMap((part) =>
        this.columnsOf(this.parts[part].columns, centred).map((column) => ({ part, column })),
      ),
    ];
  }

  /** Predictors that share parts are checked together: only then does a shared column count as dependent or not. */
  private connected(): number[][] {
    const groups: number[][] = [];
    this.planned.forEach((planned, k) => {
      const touching = groups.filter((group) =>
        group.some((other) => this.planned[other].parts.some((part) => planned.parts.includes(part))),
      );
      const merged = [...touching.flat(), k].sort((a, b) => a - b);
      for (const group of touching) groups.splice(groups.indexOf(group), 1);
      groups.push(merged);
    });
    return groups;
  }

  private keepIndependent(together: readonly number[], kept: number[][]): void {
    const [only] = together;
    if (together.length === 1 && this.planned[only].parts.length === 0) {
      const columns = this.columnsOf(this.planned[only].columns);
      const checked = columns.filter((column) => column.term !== '(Intercept)');
      const sources = checked.map((column) => column.source);
      const centre = checked.map((column) => column.afterConstant);
      if (clearlyIndependent(sources, centre, this.bound.rows)) {
        kept[only].push(...columns.keys());
        return;
      }
    }
    const identity: { predictor: number; index: number }[][] = [];
    const list = (centred: boolean) => this.checkedColumns(together, centred, centred ? undefined : identity);
    const independent = new Set(independentColumns(list(false), () => list(true)));
    identity.forEach((places, j) => {
      if (independent.has(j)) for (const { predictor, index } of places) kept[predictor].push(index);
    });
    for (const k of together) {
      if (this.planned[k].columns.intercept) kept[k].push(0); // never among the checked: everything is centred on it
      kept[k].sort((a, b) => a - b);
    }
  }

  /** Every column once, a part's with its rows in each predictor that uses it; own columns first, then parts. */
  private checkedColumns(
    together: readonly number[],
    centred: boolean,
    identity: { predictor: number; index: number }[][] | undefined,
  ): CheckedColumn[] {
    const columns: CheckedColumn[] = [];
    const shared = new Map<string, { parts: (Float64Array | null)[]; centre: boolean[]; at: number }>();
    const constantIn = together.map((k) => {
      const { columns: own, spansConstant } = this.planned[k];
      return spansConstant || own.terms.some((t) => t.factors.length === 1 && t.factors[0].coding === 'indicator');
    });
    const written = (column: ModelColumn) => columnValues(column.source, this.bound.rows);
    const add = (slot: number, column: ModelColumn, centre: boolean, predictor: number, index: number) => {
      const values = written(column);
      const parts = together.map((_, s) => (s === slot ? values : null));
      columns.push({ parts, centre: together.map((_, s) => s === slot && centre) });
      identity?.push([{ predictor, index }]);
    };
    const deferred: (() => void)[] = [];
    together.forEach((k, slot) => {
      this.sources(this.planned[k], centred).forEach(({ part, column }, index) => {
        if (part === null) {
          if (column.term !== '(Intercept)') add(slot, column, column.afterConstant, k, index);
          return;
        }
        deferred.push(() => {
          const key = `${part} ${column.name}`;
          const known = shared.get(key);
          if (known === undefined) {
            const values = written(column);
            const parts = together.map((_, s) => (s === slot ? values : null));
            const centre = together.map((_, s) => s === slot && constantIn[slot]);
            shared.set(key, { parts, centre, at: columns.length });
            columns.push({ parts, centre });
            identity?.push([{ predictor: k, index }]);
            return;
          }
          known.parts[slot] = written(column);
          known.centre[slot] = constantIn[slot];
          identity?.[known.at].push({ predictor: k, index });
        });
      });
    });
    for (const run of deferred) run();
    return columns;
  }

  private predictor(
    planned: Planned,
    kept: readonly number[],
    offset: Float64Array | null,
  ): { plan: PredictorPlan; design: PredictorDesign } {
    const { node } = planned;
    const sources = this.sources(planned);
    const matrix = this.matrix(planned, kept, sources);
    const coefficients = kept.map((index) => this.coefficient(node, sources[index], index));
    const dropped = sources
      .filter((_, index) => !kept.includes(index))
      .map(({ column }) => ({ name: column.name, term: column.term }));
    if (dropped.length > 0) {
      const names = dropped.map((d) => d.name);
      this.report.addData('MM454', node.origin, { file: this.file }, { parameter: node.parameter, names });
    }
    const blocks = node.randomEffects.map((id) => this.blocks.findIndex(({ block }) => block.id === id));
    if (blocks.includes(-1)) throw new InternalError('a predictor uses a random effect that the graph lacks', node.id);
    const { id, parameter, link, constant } = node;
    const common = { id, parameter, class: node.class, link, constant };
    return {
      plan: {
        ...common,
        columns: planned.columns,
        parts: planned.parts,
        kept,
        coefficients,
        offsets: node.offsets,
        blocks,
      },
      design: {
        ...common,
        sources: matrix.sources,
        get X() {
          return matrix.X;
        },
        columns: Int32Array.from(coefficients),
        offset,
        random: blocks.map((block) => ({ block, z: this.blocks[block].z })),
        dropped,
      },
    };
  }

  /** Column-major; predictors with the same columns (the classes of a mixture) share one. */
  private matrix(planned: Planned, kept: readonly number[], sources: readonly Source[]): ReturnType<typeof lazyMatrix> {
    const key = JSON.stringify([planned.columns, planned.parts, kept]);
    const known = this.matrices.get(key);
    if (known !== undefined) return known;
    const matrix = lazyMatrix(
      kept.map((index) => sources[index].column.source),
      this.bound.rows,
    );
    this.matrices.set(key, matrix);
    return matrix;
  }

  private coefficient(node: PredictorNode, { part, column }: Source, index: number): number {
    const { name, term } = column;
    if (part === null) {
      this.coefficients.push({ name, term, parameter: node.parameter, class: node.class, part: null });
      return this.coefficients.length - 1;
    }
    // A part's columns come in its own order wherever it is used, so their names tell them apart.
    const place = this.columnsOf(this.parts[part].columns).indexOf(column);
    if (place < 0) throw new InternalError('a part lost a column', index);
    const known = this.partCoefficients[part].get(place);
    if (known !== undefined) return known;
    this.coefficients.push({ name, term, parameter: node.parameter, class: null, part: this.parts[part].id });
    this.partCoefficients[part].set(place, this.coefficients.length - 1);
    return this.coefficients.length - 1;
  }
}
