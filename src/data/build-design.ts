import { Report } from '../diagnostics/report.js';
import type { Span } from '../diagnostics/span.js';
import type { Expr, FamilyNode, ModelGraph } from '../graph/model-graph.js';
import { bindBlock } from './bind-blocks.js';
import { bindClasses } from './bind-classes.js';
import { bindPredictors } from './bind-predictors.js';
import { BoundValues } from './bound-values.js';
import { checkGroups } from './check-groups.js';
import { DataProblem } from './data-problem.js';
import type { Design, LikelihoodDesign } from './design.js';
import type { DesignPlan, LikelihoodPlan } from './design-plan.js';
import { Frame } from './frame.js';
import { bindLikelihoods } from './likelihood-design.js';
import { nearestName } from './nearest-name.js';
import { Remembered } from './remembered.js';
import type { Table } from './table.js';
import { VariableTable } from './variable-table.js';

/**
 * Binds a model to data: types, `let`, `where`, missing rows, factors, model matrices, groups. What does not fit goes to
 * `report`; undefined where the model cannot be fitted to these data.
 */
export function buildDesign(graph: ModelGraph, table: Table, report: Report): Design | undefined {
  const own = new Report();
  const design = new Binding(graph, table, own).design();
  report.push(own.sorted());
  return own.hasErrors ? undefined : design;
}

class Binding {
  private readonly file: string;

  constructor(
    private readonly graph: ModelGraph,
    private readonly table: Table,
    private readonly report: Report,
  ) {
    this.file = table.source;
  }

  design(): Design | undefined {
    const { graph, report, file } = this;
    const remembered = new Remembered();
    const frame = this.rowsThatStay(remembered);
    if (frame === undefined) return undefined;
    const bound = new BoundValues(frame, report, file);
    this.checkDeclared(bound, frame);
    this.evaluateAll(bound);
    if (report.hasErrors) return undefined;
    const kept = bound.complete();
    const dropped = kept === null ? 0 : frame.rows - kept.length;
    if (kept?.length === 0) {
      const most = bound.mostMissing();
      report.addData('MM431', graph.origin, { file }, { rows: frame.rows, text: most.text, missing: most.rows });
      return undefined;
    }
    bound.keep(kept);
    for (const { expr, span } of expressionsOf(graph)) bound.requireSquares(expr, span);
    if (report.hasErrors) return undefined;

    const variables = new VariableTable(bound, graph.data, report, file);
    const likelihoods = bindLikelihoods(graph.likelihoods, bound, report, file);
    const bindings = graph.randomEffects.map((effect) => bindBlock(effect, variables, bound, report, file));
    const blocks = bindings.filter((binding) => binding !== undefined);
    if (blocks.length < bindings.length) return undefined;
    const predictors = bindPredictors(graph, blocks, variables, bound, report, file);
    const classes = bindClasses(graph.mixture, bound, report, file);
    if (likelihoods === undefined || predictors === undefined || classes === undefined) return undefined;
    checkGroups(graph, blocks, predictors, bound.rows, report, file);

    const plan: DesignPlan = {
      version: 1,
      data: graph.data,
      remembered: remembered.toJSON(),
      variables: variables.plans,
      parts: predictors.parts,
      predictors: predictors.plans,
      blocks: blocks.map((binding) => binding.plan),
      likelihoods: graph.likelihoods.map((node, k) => planOfLikelihood(node, likelihoods[k])),
      classGroup: classes.plan,
    };
    const rowNumbers = bound.rowNumbers();
    return {
      rows: bound.rows,
      get rowNumbers() {
        return rowNumbers();
      },
      dropped,
      likelihoods,
      predictors: predictors.predictors,
      coefficients: predictors.coefficients,
      blocks: blocks.map((binding) => binding.block),
      classGroup: classes.group,
      knownClass: classes.known,
      memory: { version: 1, json: plan },
    };
  }

  /** The rows that `where` keeps; a condition that is missing keeps none. */
  private rowsThatStay(remembered: Remembered): Frame | undefined {
    const { graph, table, report, file } = this;
    if (graph.data.where.length === 0) return new Frame(table, graph.data, null, remembered);
    // What conditions learn (a mean) is of all rows, and no part of the model.
    const bound = new BoundValues(new Frame(table, graph.data, null, new Remembered()), report, file);
    const stays = new Uint8Array(table.rows).fill(1);
    for (const { condition, origin } of graph.data.where) {
      const values = bound.numbers(condition, origin, 'where');
      if (values === undefined) continue;
      for (let i = 0; i < stays.length; i++) if (!(values[i] !== 0 && !Number.isNaN(values[i]))) stays[i] = 0;
    }
    if (report.hasErrors) return undefined;
    const kept = Int32Array.from({ length: stays.reduce((sum, s) => sum + s, 0) });
    for (let i = 0, k = 0; i < stays.length; i++) if (stays[i] === 1) kept[k++] = i;
    if (kept.length === 0) {
      report.addData('MM430', graph.data.where[0]?.origin, { file }, { rows: table.rows });
      return undefined;
    }
    return new Frame(table, graph.data, kept, remembered);
  }

  /** Declared columns are checked whether or not the model uses them; those that are missing are named once. */
  private checkDeclared(bound: BoundValues, frame: Frame): void {
    for (const declared of this.graph.data.columns) {
      bound.attempt(declared.origin, () => {
        if (frame.column(declared.name) !== undefined) return;
        throw DataProblem.of('MM420', { name: declared.name, near: nearestName(declared.name, frame.names()) });
      });
    }
  }

  private evaluateAll(bound: BoundValues): void {
    for (const { expr, span } of expressionsOf(this.graph)) bound.value(expr, span);
  }
}

/** Every expression whose missing values drop a row: all of the model's but the known classes. */
function expressionsOf(graph: ModelGraph): { expr: Expr; span: Span }[] {
  const out: { expr: Expr; span: Span }[] = [];
  const add = (span: Span, ...exprs: readonly (Expr | null)[]) => {
    for (const expr of exprs) if (expr !== null) out.push({ expr, span });
  };
  for (const likelihood of graph.likelihoods) {
    add(likelihood.origin, likelihood.response, likelihood.weights);
    for (const argument of dataArguments(likelihood.family)) add(likelihood.origin, argument.value);
    const { correlation } = likelihood;
    if (correlation !== null) add(correlation.origin, correlation.position, ...correlation.group.columns);
  }
  const partsUsed = new Set(graph.predictors.flatMap((predictor) => predictor.parts));
  const parts = graph.parts.filter((part) => partsUsed.has(part.id));
  for (const { terms, offsets, origin } of [...graph.predictors, ...parts]) {
    for (const term of terms) add(term.origin, ...term.factors.map((factor) => factor.value));
    add(origin, ...offsets);
  }
  for (const effect of graph.randomEffects) {
    for (const term of effect.terms) add(term.origin, ...term.factors.map((factor) => factor.value));
    add(effect.origin, effect.position, ...effect.group.columns);
  }
  if (graph.mixture?.per != null) add(graph.mixture.origin, ...graph.mixture.per.columns);
  return out;
}

function dataArguments(family: FamilyNode): { name: string; value: Expr }[] {
  const own = family.arguments.flatMap((a) => (a.kind === 'data' ? [{ name: a.name, value: a.value }] : []));
  return family.base === null ? own : [...own, ...dataArguments(family.base)];
}

function planOfLikelihood(node: ModelGraph['likelihoods'][number], design: LikelihoodDesign): LikelihoodPlan {
  const { id, weights } = node;
  const plan = { id, data: dataArguments(node.family), weights };
  if (node.correlation === null || design.correlation === null) return plan;
  const { structure, position, group } = node.correlation;
  const { levels } = design.correlation.group;
  const labels = design.correlation.positionLabels;
  return {
    ...plan,
    correlation: { structure, position, group: { label: group.label, factors: group.columns, levels }, labels },
  };
}
