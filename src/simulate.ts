import type { Diagnostic } from './diagnostics/diagnostic.js';
import { diagnostic, Report } from './diagnostics/report.js';
import { type DataSource, tableOf } from './embedding/table-of.js';
import { rowsFor, sayMissing } from './predict.js';
import { Simulator } from './prediction/simulator.js';
import { type Fitted, fittedModel } from './saved-fit.js';

/** What is drawn anew, and how often. */
export interface SimulateOptions {
  /** How many responses. Default 1. */
  readonly n?: number;
  /** Random effects and classes are drawn anew, or stay as they were estimated where their levels were seen. Default new. */
  readonly effects?: 'new' | 'kept';
  readonly seed?: number; // default 1
}

/** What `simulate` gives. */
export interface SimulateOutcome {
  /** n responses of a number per row, coded as the model has them (an ordered one 1, 2, ...); absent after an error. */
  readonly responses?: readonly Float64Array[];
  /** As `responses`: the class of each row; without classes absent. */
  readonly classes?: readonly Int32Array[];
  /** Labels of an ordered response's categories. */
  readonly categories?: readonly string[] | null;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Draws new responses of a fitted model for its own rows (newData null) or for new ones. Response r comes from the stream `seed/r`: it
 * is the same however many there are.
 * @throws RangeError where nothing was fitted or options are out of range
 */
export function simulate(
  fitted: Fitted,
  newData: DataSource | null = null,
  options: SimulateOptions = {},
): SimulateOutcome {
  const model = fittedModel(fitted);
  const n = options.n ?? 1;
  if (!(Number.isInteger(n) && n >= 0)) throw new RangeError(`n is a whole number, not ${n}`);
  const report = new Report();
  const rows = rowsFor(model, newData === null ? null : tableOf(newData), report);
  if (rows === undefined) return { diagnostics: report.sorted() };
  const simulator = new Simulator({ ...model, errors: model.fit.errors }, rows, options.effects === 'kept');
  const [missing] = simulator.missing;
  if (missing !== undefined) {
    report.push([diagnostic('MM583', {}, { name: missing, what: 'a response' })]);
    return { diagnostics: report.sorted() };
  }
  if (model.graph.likelihoods.some((l, k) => l.correlation !== null && (rows.errors?.[k] ?? null) === null)) {
    const reason = 'its errors are correlated, and the rows do not say where they stand';
    return { diagnostics: [...report.sorted(), diagnostic('MM589', {}, { reason })] };
  }
  const drawn = Array.from({ length: n }, (_, r) => simulator.replicate(options.seed ?? 1, r + 1));
  sayMissing(drawn[0]?.y, 'response', report);
  const classes = drawn.flatMap((d) => (d.classes === null ? [] : [d.classes]));
  return {
    responses: drawn.map((d) => d.y),
    ...(classes.length > 0 ? { classes } : {}),
    categories: model.categories,
    diagnostics: report.sorted(),
  };
}
