import { InternalError } from '../diagnostics/internal-error.js';
import { type ColumnSource, columnValues, type IndicatorSet } from '../kernels/column-source.js';
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
  readonly source: ColumnSource; // NaN where a variable is missing; may be the variable's own array
}

/**
 * The columns of a model matrix: an intercept, then term by term; within a term the first factor's columns vary fastest,
 * as in R.
 * @param complete  no variable is missing in any row; factors are then not written out
 * @param centred   take the means out of the numbers whose plan allows it: same span, better numerical rank
 */
export function modelColumns(
  plan: ColumnsPlan,
  variables: readonly VariablePlan[],
  rowsOf: (variable: number) => VariableRows,
  rows: number,
  complete = false,
  centred = false,
): ModelColumn[] {
  const columns: ModelColumn[] = [];
  if (plan.intercept) {
    const name = '(Intercept)';
    columns.push({ name, term: name, afterConstant: false, source: { kind: 'constant' } });
  }
  for (const { label, afterConstant, factors } of plan.terms) {
    const { names, values } = termColumns(factors, variables, rowsOf, rows, complete, centred);
    const sources = sourcesOfProduct(values);
    columns.push(...names.map((name, k) => ({ name, term: label, afterConstant, source: sources[k] })));
  }
  return columns;
}

/** Columns of one term: written out, or as the one that is not zero in each row. */
type ProductColumns =
  | { readonly kind: 'dense'; readonly columns: readonly Float64Array[] }
  | { readonly kind: 'set'; readonly set: IndicatorSet };

interface NamedColumns {
  readonly names: readonly string[];
  readonly values: ProductColumns;
}

function sourcesOfProduct(product: ProductColumns): ColumnSource[] {
  if (product.kind === 'dense') return product.columns.map((values) => ({ kind: 'dense', values }));
  const { set } = product;
  return Array.from({ length: set.columns }, (_, column) => ({ kind: 'indicator', set, column }));
}

function termColumns(
  factors: TermPlan['factors'],
  variables: readonly VariablePlan[],
  rowsOf: (variable: number) => VariableRows,
  rows: number,
  complete: boolean,
  centred: boolean,
): NamedColumns {
  let product: NamedColumns | undefined;
  for (const factor of factors) {
    const indicator = factor.coding === 'indicator';
    const plain = variableColumns(variables[factor.variable], rowsOf(factor.variable), indicator, complete);
    const own =
      centred && factor.centred && plain.values.kind === 'dense'
        ? { ...plain, values: { kind: 'dense' as const, columns: plain.values.columns.map(withoutMean) } }
        : plain;
    product = product === undefined ? own : productOf(product, own, rows);
  }
  return product ?? { names: [], values: { kind: 'dense', columns: [] } };
}

/** The columns of `a` vary fastest. */
function productOf(a: NamedColumns, b: NamedColumns, rows: number): NamedColumns {
  const names = b.names.flatMap((second) => a.names.map((first) => `${first}:${second}`));
  if (a.values.kind === 'set' && b.values.kind === 'set')
    return { names, values: { kind: 'set', set: crossSets(a.values.set, b.values.set) } };
  if (a.values.kind === 'set' && b.names.length === 1)
    return { names, values: { kind: 'set', set: timesNumber(a.values.set, writtenColumns(b, rows)[0]) } };
  if (b.values.kind === 'set' && a.names.length === 1)
    return { names, values: { kind: 'set', set: timesNumber(b.values.set, writtenColumns(a, rows)[0]) } };
  const left = writtenColumns(a, rows);
  const columns = writtenColumns(b, rows).flatMap((second) => left.map((first) => times(first, second)));
  return { names, values: { kind: 'dense', columns } };
}

function writtenColumns({ values }: NamedColumns, rows: number): readonly Float64Array[] {
  return values.kind === 'dense'
    ? values.columns
    : sourcesOfProduct(values).map((source) => columnValues(source, rows));
}

function crossSets(a: IndicatorSet, b: IndicatorSet): IndicatorSet {
  const width = a.place.length;
  const place = new Int32Array(width * b.place.length).fill(-1);
  b.place.forEach((second, k) => {
    if (second < 0) return;
    for (let j = 0; j < width; j++) if (a.place[j] >= 0) place[j + k * width] = a.place[j] + second * a.columns;
  });
  const codes = new Int32Array(a.codes.length);
  for (let i = 0; i < codes.length; i++) codes[i] = a.codes[i] + width * b.codes[i];
  const values = a.values === null ? b.values : b.values === null ? a.values : times(a.values, b.values);
  return { columns: a.columns * b.columns, codes, place, values };
}

function timesNumber(set: IndicatorSet, x: Float64Array): IndicatorSet {
  return { ...set, values: set.values === null ? x : times(set.values, x) };
}

function variableColumns(plan: VariablePlan, rows: VariableRows, indicator: boolean, complete: boolean): NamedColumns {
  if (plan.kind === 'number' && rows.kind === 'number')
    return { names: [plan.label], values: { kind: 'dense', columns: [rows.values] } };
  if (plan.kind === 'matrix' && rows.kind === 'matrix') {
    const names = rows.columns.map((_, k) => (plan.columns === 1 ? plan.label : `${plan.label}${k + 1}`));
    return { names, values: { kind: 'dense', columns: rows.columns } };
  }
  if (plan.kind === 'factor' && rows.kind === 'factor') {
    const { codes } = rows;
    const { levels, contrast } = plan;
    const names = (indicator ? levels : contrast.names).map((name) => plan.label + name);
    const place = indicator ? Int32Array.from(levels.keys()) : indicatorPlaces(contrast.matrix, names.length);
    if (complete && place !== null)
      return { names, values: { kind: 'set', set: { columns: names.length, codes, place, values: null } } };
    const ofLevel = (j: number): Float64Array =>
      Float64Array.from(levels, (_, i) => (indicator ? (i === j ? 1 : 0) : contrast.matrix[i][j]));
    const columns = names.map((_, j) => coded(codes, ofLevel(j)));
    return { names, values: { kind: 'dense', columns } };
  }
  throw new InternalError('model columns: a variable is not of the kind its plan says', plan);
}

/** Of a coding by ones and zeros: the column in which each level has its one, -1 for a level without; null for others. */
function indicatorPlaces(matrix: readonly (readonly number[])[], columns: number): Int32Array | null {
  const place = new Int32Array(matrix.length).fill(-1);
  for (let l = 0; l < matrix.length; l++)
    for (let j = 0; j < columns; j++) {
      const v = matrix[l][j];
      if (v === 0) continue;
      if (v !== 1 || place[l] >= 0) return null;
      place[l] = j;
    }
  return place;
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
