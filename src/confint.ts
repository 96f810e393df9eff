import type { CompiledModel } from './compile.js';
import type { Table } from './data/table.js';
import type { Diagnostic } from './diagnostics/diagnostic.js';
import { diagnostic } from './diagnostics/report.js';
import { type EngineOptions, profileIntervals, profileSetOf } from './engines/index.js';
import { fit } from './fit.js';
import type { Fit } from './results/fit.js';
import type { ConfidenceInterval, ConfidenceIntervals, IntervalMethod } from './results/profile.js';
import { waldIntervals } from './results/wald-intervals.js';

export interface ConfintOptions extends EngineOptions {
  /** Default profile; bootstrap intervals are `bootstrap`'s. */
  readonly method?: Exclude<IntervalMethod, 'bootstrap'>;
  readonly level?: number; // default 0.95
  /** Only the parameters of these names. */
  readonly only?: readonly string[];
  /** Points of each profile between the estimate and a limit that a plot should have at least. Default 0. */
  readonly between?: number;
}

/** What `confint` gives. */
export interface ConfintOutcome {
  /** Absent where the model or the data are wrong. */
  readonly fit?: Fit;
  readonly intervals?: ConfidenceIntervals;
  /** Of the binding and of the intervals; those of the fit are its `warnings`. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Fits a model and gives confidence intervals of its parameters. */
export function confint(model: CompiledModel, table: Table, options: ConfintOptions = {}): ConfintOutcome {
  const outcome = fit(model, table, { ...options, degreesOfFreedom: 'none' });
  const { fit: found, design } = outcome;
  const { graph } = model;
  if (found === undefined || design === undefined || graph === undefined) return { diagnostics: outcome.diagnostics };
  const diagnostics = [...outcome.diagnostics];
  const whole = { span: graph.origin };
  const choose = (all: readonly string[]): boolean => {
    const unknown = (options.only ?? []).filter((name) => !all.includes(name));
    for (const name of unknown) diagnostics.push(diagnostic('MM536', whole, { name, known: all.join(', ') }));
    return unknown.length === 0;
  };
  if (options.method === 'wald') {
    const intervals = waldIntervals(found, options.level);
    if (!choose(intervals.intervals.map((i) => i.name))) return { fit: found, diagnostics };
    const { only } = options;
    const kept = intervals.intervals.filter((i) => only === undefined || only.includes(i.name));
    return { fit: found, intervals: { ...intervals, intervals: kept }, diagnostics };
  }
  const set = profileSetOf(graph, design, found.engine, options);
  if ('reason' in set) {
    diagnostics.push(diagnostic('MM532', whole, set));
    return { fit: found, diagnostics };
  }
  if (!choose(set.parameters.map((p) => p.parameter.name))) return { fit: found, diagnostics };
  const intervals = profileIntervals(set, options);
  if (found.method === 'reml') diagnostics.push(diagnostic('MM531', whole, {}));
  diagnostics.push(...remarks(intervals).map((make) => make(whole)));
  return { fit: found, intervals, diagnostics };
}

/** Deviance that rounding and what the searches leave may make of a constrained fit. */
const negligible = 1e-5;

type Remark = (place: Parameters<typeof diagnostic>[1]) => Diagnostic;

function remarks({ intervals, shortfall }: ConfidenceIntervals): Remark[] {
  const named = (status: ConfidenceInterval['lowerStatus']) =>
    intervals.filter((i) => i.lowerStatus === status || i.upperStatus === status).map((i) => i.name);
  const found: Remark[] = [];
  const open = named('open');
  const failed = named('failed');
  if (open.length > 0) found.push((place) => diagnostic('MM533', place, { names: open }));
  if (failed.length > 0) found.push((place) => diagnostic('MM535', place, { names: failed }));
  if (shortfall > negligible) found.push((place) => diagnostic('MM534', place, { shortfall }));
  return found;
}
