import type { Report } from '../diagnostics/report.js';
import type { RandomEffectNode } from '../graph/model-graph.js';
import type { BoundValues } from './bound-values.js';
import type { Factor, RandomBlock, RandomUse } from './design.js';
import type { BlockPlan, VariablePlan } from './design-plan.js';
import { expressionText } from './expression-text.js';
import { groupFactor } from './group-values.js';
import { lazyLoads } from './lazy-matrix.js';
import { modelColumns, type VariableRows } from './model-columns.js';
import { countColumns, planColumns } from './plan-columns.js';
import { groupPositions, positionsOf } from './positions.js';
import { largestMatrix, type VariableTable } from './variable-table.js';

/** A random effect bound to the data, with how rows load on it (the same wherever it is used). */
export interface BoundBlock {
  readonly plan: BlockPlan;
  readonly block: RandomBlock;
  readonly z: RandomUse['z'];
}

export function bindBlock(
  effect: RandomEffectNode,
  variables: VariableTable,
  bound: BoundValues,
  report: Report,
  file: string,
): BoundBlock | undefined {
  const group = groupFactor(effect.group, bound, effect.origin);
  if (group === undefined) return undefined;
  if (group.levels.length === 1) {
    report.addData('MM451', effect.origin, { file }, { group: group.label, level: group.levels[0] });
  }
  return effect.position === null
    ? bindTerms(effect, group, variables, bound, report, file)
    : bindPositions(effect, group, effect.position, bound);
}

function common(effect: RandomEffectNode, group: Factor) {
  const { id, name, covariance, constraint } = effect;
  return { id, label: group.label, name, class: effect.class, group, covariance, constraint };
}

function groupPlan(effect: RandomEffectNode, group: Factor): BlockPlan['group'] {
  return { label: group.label, factors: effect.group.columns, levels: group.levels };
}

function bindTerms(
  effect: RandomEffectNode,
  group: Factor,
  variables: VariableTable,
  bound: BoundValues,
  report: Report,
  file: string,
): BoundBlock | undefined {
  const columns = planColumns(variables, effect.terms, effect.intercept, effect.intercept);
  if (columns === undefined) return undefined;
  const count = countColumns(columns, variables.plans);
  if (count * bound.rows > largestMatrix) {
    report.addData('MM448', effect.origin, { file }, { group: group.label, columns: count, rows: bound.rows });
    return undefined;
  }
  const { terms, termOf, z } = loadings(columns, variables, bound.rows, true);
  const columnStart = Int32Array.from({ length: group.levels.length + 1 }, (_, g) => g * terms.length);
  return {
    plan: { id: effect.id, covariance: effect.covariance, group: groupPlan(effect, group), columns, position: null },
    block: { ...common(effect, group), terms, termOf, columnStart, positions: null },
    z,
  };
}

/**
 * The left side's model matrix, row-major; null values for an intercept alone.
 * @param complete  no variable is missing in any row
 */
export function loadings(
  columns: BlockPlan['columns'],
  variables: { readonly plans: readonly VariablePlan[]; readonly rows: (variable: number) => VariableRows },
  rows: number,
  complete = false,
): { terms: string[]; termOf: string[]; z: RandomUse['z'] } {
  if (columns.intercept && columns.terms.length === 0) {
    return { terms: ['(Intercept)'], termOf: ['(Intercept)'], z: { kind: 'dense', values: null } };
  }
  const made = modelColumns(columns, variables.plans, variables.rows, rows, complete);
  const sources = made.map((column) => column.source);
  return {
    terms: made.map((column) => column.name),
    termOf: made.map((column) => column.term),
    z: lazyLoads(sources, rows),
  };
}

function bindPositions(
  effect: RandomEffectNode,
  group: Factor,
  expr: NonNullable<RandomEffectNode['position']>,
  bound: BoundValues,
): BoundBlock | undefined {
  const value = bound.value(expr, effect.origin);
  if (value === undefined || value.kind === 'matrix') return undefined;
  const { labels, values, places } = positionsOf(value);
  // ar1 counts steps between consecutive positions of the whole data; car1 measures distances.
  const measured = effect.covariance === 'car1' ? values : labels.map((_, i) => i);
  const found = groupPositions(group.codes, group.levels.length, places, labels.length);
  const positions = Float64Array.from(found.places, (place) => measured[place]);
  return {
    plan: {
      id: effect.id,
      covariance: effect.covariance,
      group: groupPlan(effect, group),
      columns: { intercept: false, terms: [] },
      position: {
        value: expr,
        labels,
        values: measured,
        columnStart: [...found.columnStart],
        places: [...found.places],
      },
    },
    block: {
      ...common(effect, group),
      terms: columnNames(effect, expr, value.kind === 'label', labels),
      columnStart: found.columnStart,
      positions,
    },
    z: { kind: 'indicator', column: found.column },
  };
}

/**
 * ar1 steps from level to level of a factor, so its columns are named as a factor's are, `ftime3`; positions that are numbers
 * become the factor that users of R make of them, `f` and the name. Distances of car1 stay numbers.
 */
function columnNames(
  effect: RandomEffectNode,
  position: NonNullable<RandomEffectNode['position']>,
  isFactor: boolean,
  labels: readonly string[],
): readonly string[] {
  if (effect.covariance !== 'ar1') return labels;
  const text = expressionText(position);
  return labels.map((label) => `${isFactor ? '' : 'f'}${text}${label}`);
}
