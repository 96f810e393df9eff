import { codeNewRows } from './data/code-new-rows.js';
import type { NewRows } from './data/design.js';
import type { Table } from './data/table.js';
import type { Diagnostic } from './diagnostics/diagnostic.js';
import { diagnostic, Report } from './diagnostics/report.js';
import { type DataSource, tableOf } from './embedding/table-of.js';
import { componentsOf } from './prediction/components.js';
import type { FittedModel } from './prediction/fitted-model.js';
import { type PredictedQuantity, predictRows } from './prediction/predict-rows.js';
import { type PredictionType, predictionTypes } from './prediction/quantities.js';
import { type Unseen, unseenLevels } from './prediction/unseen-levels.js';
import { type Fitted, fittedModel } from './saved-fit.js';

export { type PredictedQuantity, type PredictionType, predictionTypes };

/** What is predicted, and with which uncertainty. */
export interface PredictOptions {
  /**
   * What is predicted. Default response.
   *   response    E y: of a binomial response the expected number of successes; of an ordered one the mean category
   *   link        the linear predictor of the location
   *   parameters  every parameter of the family, on its own scale
   *   categories  the probability of each category of an ordered or binary response
   *   classes     the probability of each class of a mixture
   */
  readonly type?: PredictionType;
  /** Random effects (and what a group's rows say of its class) count, or are left out: a unit with effects of zero. Default include. */
  readonly effects?: 'include' | 'exclude';
  /** Levels that the fit did not see: their effects are zero, an error, or drawn. Default population. */
  readonly levels?: 'population' | 'error' | 'draw';
  readonly se?: boolean;
  /** Of the quantity itself, or (type response) of a new observation. */
  readonly interval?: 'confidence' | 'prediction';
  readonly level?: number; // default 0.95
  /** Of what is drawn. Default 1. */
  readonly seed?: number;
}

/** Predicted values, row by row. */
export interface Prediction {
  readonly rows: number;
  readonly type: PredictionType;
  readonly level: number;
  readonly interval: 'confidence' | 'prediction' | null;
  /** The first quantity's columns, which is the only one of `response` and `link` without classes. */
  readonly fit: Float64Array;
  readonly se: Float64Array | null;
  readonly lower: Float64Array | null;
  readonly upper: Float64Array | null;
  /** Every quantity: of the whole model first, then of each class of a mixture. */
  readonly quantities: readonly PredictedQuantity[];
}

/** What `predict` gives. */
export interface PredictOutcome {
  /** Absent where the new rows are wrong. */
  readonly prediction?: Prediction;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Predicts for new rows, or, with null, for the rows of the fit.
 * @throws RangeError where nothing was fitted, or options are out of range; RangeError, TypeError for data that are no table
 */
export function predict(
  fitted: Fitted,
  newData: DataSource | null = null,
  options: PredictOptions = {},
): PredictOutcome {
  const model = fittedModel(fitted);
  const level = options.level ?? 0.95;
  if (!(level > 0 && level < 1)) throw new RangeError(`a level lies between 0 and 1, not ${level}`);
  const type = options.type ?? 'response';
  const interval = options.interval ?? null;
  const report = new Report();
  const rows = rowsFor(model, newData === null ? null : tableOf(newData), report);
  if (rows === undefined) return { diagnostics: report.sorted() };
  const levels = options.levels ?? 'population';
  if ((options.effects ?? 'include') === 'include') sayUnseen(unseenLevels(model, rows), levels, report);
  checkType(model, type, interval, report);
  if (type !== 'link' && type !== 'parameters' && type !== 'classes') checkArguments(model, rows, type, report);
  if (report.hasErrors) return { diagnostics: report.sorted() };
  const quantities = predictRows(model, rows, {
    type,
    effects: options.effects ?? 'include',
    levels: levels === 'draw' ? 'draw' : 'population',
    se: options.se ?? false,
    interval,
    level,
    seed: options.seed ?? 1,
  });
  const named =
    type === 'categories' ? quantities.map((q) => ({ ...q, name: categoryName(model, q.name) })) : quantities;
  sayMissing(named[0]?.fit, 'prediction', report);
  const [first] = named;
  if (first === undefined) return { diagnostics: report.sorted() };
  const { fit, se, lower, upper } = first;
  return {
    prediction: { rows: rows.rows, type, level, interval, fit, se, lower, upper, quantities: named },
    diagnostics: report.sorted(),
  };
}

/** New rows as the fit codes them; with null those of the fit. */
export function rowsFor(model: FittedModel, table: Table | null, report: Report): NewRows | undefined {
  if (table !== null) return codeNewRows(model.memory, table, report);
  if (model.frame === null) {
    report.addData('MM594', undefined, {}, {});
    return undefined;
  }
  return codeNewRows(model.memory, model.frame, report);
}

const mostNamed = 5;

function sayUnseen(unseen: readonly Unseen[], levels: 'population' | 'error' | 'draw', report: Report): void {
  for (const { group, levels: all } of unseen) {
    const named = { group, levels: all.slice(0, mostNamed), more: Math.max(0, all.length - mostNamed) };
    if (levels === 'error') report.push([diagnostic('MM581', {}, named)]);
    else report.push([diagnostic('MM582', {}, { ...named, how: levels })]);
  }
}

function checkType(model: FittedModel, type: PredictionType, interval: string | null, report: Report): void {
  const refuse = (reason: string) => report.push([diagnostic('MM584', {}, { type, reason })]);
  const { graph, estimates } = model;
  if (type === 'classes' && graph.mixture === null) refuse('the model has no classes');
  if (type === 'categories') {
    const binary = graph.likelihoods.every((l) => l.family.name === 'bernoulli');
    const ordered = estimates.cuts.every((c) => c !== null);
    if (!binary && !ordered) refuse('the response has no categories');
  }
  if (interval === 'prediction' && type !== 'response') refuse('prediction intervals are of the response');
}

/** Arguments of the family that are data and that the new rows lack. */
function checkArguments(model: FittedModel, rows: NewRows, type: PredictionType, report: Report): void {
  const missing = new Set(componentsOf(model.graph, rows, model.estimates).flatMap((c) => c.missing));
  const what = type === 'response' ? 'the response' : 'the probability of a category';
  for (const name of missing) report.push([diagnostic('MM583', {}, { name, what })]);
}

/** Rows that have no value, as one of their variables is missing. */
export function sayMissing(values: Float64Array | undefined, what: string, report: Report): void {
  const rows = values?.reduce((count, v) => count + (Number.isNaN(v) ? 1 : 0), 0) ?? 0;
  const first = values?.findIndex(Number.isNaN) ?? -1;
  if (rows > 0) report.push([diagnostic('MM585', {}, { rows, first: first + 1, what })]);
}

/** Categories by their labels, where the response is a factor. */
function categoryName({ categories }: FittedModel, name: string): string {
  return categories === null ? name : (categories[Number(name) - 1] ?? name);
}
