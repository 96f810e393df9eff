import { InternalError } from '../diagnostics/internal-error.js';
import type { ColumnsPlan, TermPlan, VariablePlan } from './design-plan.js';
import { mean } from './row-functions.js';

/** A variable of the model for the rows at hand. */
export type VariableRows =
  | { readonly kind: 'number'; readonly values: Float64Array }
  | { readonly kind: 'matrix'; readonly columns: readonly Float64Array[] }
  | { readonly kind: 'factor'; readonly codes: Int32Array }; // into the plan's levels, -1: missing or unknown

export interface ModelColumn {
  readonly name: string; // as R names it
  readonly term: string;
  readonly afterConstant: boolean;
  readonly values: Float64Array; // rows; NaN where a variable is missing. May be the variable's own array
}

/**
 * The columns of a model matrix: an intercept, then term by term; within a term the first factor's columns vary fastest,
 * as in R.
 * @param centred  take the means out of the numbers whose plan allows it: same span, better numerical rank
 */
export function modelColumns(
  plan: ColumnsPlan,
  variables: readonly VariablePlan[],
  rowsOf: (variable: number) => VariableRows,
  rows: number,
  centred = false,
): ModelColumn[] {
  const columns: ModelColumn[] = [];
  if (plan.intercept) {
    columns.push({
      name: '(Intercept)',
      term: '(Intercept)',
      afterConstant: false,
      values: new Float64Array(rows).fill(1),
    });
  }
  for (const term of plan.terms) columns.push(...termColumns(term, variables, rowsOf, centred));
  return columns;
}

interface NamedColumn {
  readonly name: string;
  readonly values: Float64Array;
}

function termColumns(
  term: TermPlan,
  variables: readonly VariablePlan[],
  rowsOf: (variable: number) => VariableRows,
  centred: boolean,
): ModelColumn[] {
  let product: readonly NamedColumn[] | undefined;
  for (const factor of term.factors) {
    const own = variableColumns(variables[factor.variable], rowsOf(factor.variable), factor.coding === 'indicator').map(
      (column) => (centred && factor.centred ? { ...column, values: withoutMean(column.values) } : column),
    );
    const before: readonly NamedColumn[] | undefined = product;
    product =
      before === undefined
        ? own
        : own.flatMap((b) => before.map((a) => ({ name: `${a.name}:${b.name}`, values: times(a.values, b.values) })));
  }
  return (product ?? []).map((column) => ({ ...column, term: term.label, afterConstant: term.afterConstant }));
}

function variableColumns(plan: VariablePlan, rows: VariableRows, indicator: boolean): NamedColumn[] {
  if (plan.kind === 'number' && rows.kind === 'number') return [{ name: plan.label, values: rows.values }];
  if (plan.kind === 'matrix' && rows.kind === 'matrix') {
    return rows.columns.map((values, k) => ({
      name: plan.columns === 1 ? plan.label : `${plan.label}${k + 1}`,
      values,
    }));
  }
  if (plan.kind === 'factor' && rows.kind === 'factor') {
    const { codes } = rows;
    if (indicator) {
      return plan.levels.map((level, j) => ({
        name: plan.label + level,
        values: coded(
          codes,
          Float64Array.from(plan.levels, (_, i) => (i === j ? 1 : 0)),
        ),
      }));
    }
    return plan.contrast.names.map((name, j) => ({
      name: plan.label + name,
      values: coded(
        codes,
        Float64Array.from(plan.contrast.matrix, (row) => row[j]),
      ),
    }));
  }
  throw new InternalError('model columns: a variable is not of the kind its plan says', plan);
}

/** The value of each row's level. */
function coded(codes: Int32Array, ofLevel: Float64Array): Float64Array {
  const out = new Float64Array(codes.length);
  for (let i = 0; i < codes.length; i++) out[i] = codes[i] < 0 ? Number.NaN : ofLevel[codes[i]];
  return out;
}

function times(a: Float64Array, b: Float64Array): Float64Array {
  const out = new Float64Array(a.length);
  for (let i = 0; i < out.length; i++) out[i] = a[i] * b[i];
  return out;
}

function withoutMean(x: Float64Array): Float64Array {
  const m = mean(x);
  const out = new Float64Array(x.length);
  for (let i = 0; i < out.length; i++) out[i] = x[i] - m;
  return out;
}
