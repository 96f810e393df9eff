import type { CompiledModel } from './compile.js';
import type { Design } from './data/design.js';
import type { Table } from './data/table.js';
import type { Diagnostic } from './diagnostics/diagnostic.js';
import { diagnostic } from './diagnostics/report.js';
import { type BoundModel, type EngineOptions, type Nesting, nestedIn, ratioTest, sameData } from './engines/index.js';
import { fit } from './fit.js';
import type { ModelGraph } from './graph/model-graph.js';
import type { ComparedModel } from './results/comparison.js';
import type { Fit } from './results/fit.js';

/** A model to be compared: compiled, with its rows. */
export interface Contender {
  readonly name: string; // told apart from the others
  readonly file: string;
  readonly model: CompiledModel;
  readonly table: Table;
}

export interface CompareOptions extends EngineOptions {
  /** Called before each fit. */
  readonly onFit?: (name: string) => void;
}

/** What `compareModels` gives. */
export interface Comparison {
  /** Ascending in their parameters; empty where the models cannot be compared. */
  readonly models: readonly ComparedModel[];
  readonly diagnostics: readonly (Diagnostic & { readonly of?: string })[];
}

interface Fitted extends Contender, BoundModel {
  readonly graph: ModelGraph;
  readonly design: Design;
  readonly fit: Fit;
}

/** A larger model's likelihood may lie below a smaller one's by as much as fits leave. */
const negligible = 1e-5;

/**
 * Fits models to the same rows and compares them: information criteria for all, a likelihood-ratio test of each against the largest
 * of those before it that is nested in it [COMPARE-1]. REML fits whose fixed effects differ are fitted again by ML.
 */
export function compareModels(contenders: readonly Contender[], options: CompareOptions = {}): Comparison {
  const diagnostics: (Diagnostic & { readonly of?: string })[] = [];
  const all: Fitted[] = [];
  for (const contender of contenders) {
    const found = fitOne(contender, contender.model, options, diagnostics);
    if (found !== null) all.push(found);
  }
  if (all.length < contenders.length) return { models: [], diagnostics };
  const [first, ...others] = all;
  if (first === undefined || others.length === 0) {
    diagnostics.push(diagnostic('MM543', {}, { model: first?.name ?? 'no model' }));
    return { models: [], diagnostics };
  }
  const strangers = others.filter((other) => !sameData(first.design, other.design));
  if (strangers.length > 0) {
    diagnostics.push(diagnostic('MM541', {}, { models: [first.name, ...strangers.map((s) => s.name)] }));
    return { models: [], diagnostics };
  }
  const comparable = onOneScale(all, options, diagnostics);
  return { models: rowsOf(comparable, diagnostics), diagnostics };
}

function fitOne(
  contender: Contender,
  model: CompiledModel,
  options: CompareOptions,
  diagnostics: (Diagnostic & { readonly of?: string })[],
): Fitted | null {
  options.onFit?.(contender.name);
  const outcome = fit(model, contender.table, { ...options, degreesOfFreedom: 'none' });
  const told = [...outcome.diagnostics, ...(outcome.fit?.warnings ?? [])];
  diagnostics.push(...told.map((d) => ({ ...d, of: contender.name })));
  const { graph } = model;
  if (outcome.fit === undefined || outcome.design === undefined || graph === undefined) return null;
  // reasons name the models as the table does
  return { ...contender, graph: { ...graph, name: contender.name }, design: outcome.design, fit: outcome.fit };
}

/** Restricted likelihoods are comparable with each other where X is the same, and never with likelihoods. */
function onOneScale(
  all: readonly Fitted[],
  options: CompareOptions,
  diagnostics: (Diagnostic & { readonly of?: string })[],
): Fitted[] {
  const restricted = all.filter((m) => m.fit.method === 'reml');
  const same = restricted.length === all.length && all.every((m) => sameFixedColumns(all[0], m));
  if (restricted.length === 0 || same) return [...all];
  diagnostics.push(diagnostic('MM542', {}, { models: restricted.map((m) => m.name) }));
  const again: Diagnostic[] = []; // what is told of the first fit holds for the second
  return all.map((m) => {
    const { graph } = m.model;
    if (m.fit.method !== 'reml' || graph === undefined) return m;
    const model: CompiledModel = { ...m.model, graph: { ...graph, method: { name: 'ml', options: {}, origin: null } } };
    return fitOne(m, model, options, again) ?? m;
  });
}

function sameFixedColumns(a: Fitted | undefined, b: Fitted): boolean {
  const columns = (m: Fitted) => m.design.predictors.filter((p) => !p.constant);
  if (a === undefined) return false;
  const mine = columns(a);
  const theirs = columns(b);
  return (
    mine.length === theirs.length &&
    mine.every((p, k) => {
      const q = theirs[k];
      return q !== undefined && p.X.length === q.X.length && p.X.every((v, i) => v === q.X[i]);
    })
  );
}

function rowsOf(all: readonly Fitted[], diagnostics: (Diagnostic & { readonly of?: string })[]): ComparedModel[] {
  const ordered = all.toSorted((a, b) => a.fit.parameters - b.fit.parameters);
  const aic = (f: Fit): number => (isDegenerate(f) ? Number.NaN : f.aic);
  const least = Math.min(...ordered.map((m) => aic(m.fit)).filter(Number.isFinite));
  const relative = ordered.map((m) => Math.exp((least - aic(m.fit)) / 2));
  const total = relative.filter(Number.isFinite).reduce((sum, w) => sum + w, 0);
  const units = classUnits(ordered);
  const classes = ordered.some((m) => m.fit.mixture !== null);
  return ordered.map((m, k) => {
    const { fit: f } = m;
    const degenerate = isDegenerate(f);
    const plain = units === null ? f.bic : f.deviance + f.parameters * Math.log(units.count);
    const bic = degenerate ? Number.NaN : plain;
    return {
      model: m.name,
      file: m.file,
      engine: f.engine,
      method: f.method,
      family: f.family,
      rows: f.rows,
      parameters: f.parameters,
      logLik: f.logLik,
      deviance: f.deviance,
      aic: aic(f),
      bic,
      ...(units === null ? {} : { bicPer: units.per }),
      icl: classes ? bic + 2 * entropyOf(f) : null,
      deltaAic: aic(f) - least,
      weight: (relative[k] ?? Number.NaN) / total,
      converged: f.converged,
      degenerate,
      singular: f.singular,
      ...tested(m, ordered.slice(0, k), diagnostics),
    };
  });
}

/** The likelihood has no maximum, and where the search stopped says nothing: no criterion can be made of it. */
function isDegenerate({ warnings }: Fit): boolean {
  return warnings.some((w) => w.code === 'MM563');
}

/** A class is drawn once per group: BIC then counts groups, in models without classes too, else they could not be compared. */
function classUnits(all: readonly Fitted[]): { readonly per: string; readonly count: number } | null {
  const found = all.flatMap(({ fit: { mixture } }) =>
    mixture === null ? [] : [{ per: mixture.per ?? null, count: mixture.posterior.levels.length }],
  );
  const [first] = found;
  const { per, count } = first ?? { per: null, count: 0 };
  return per !== null && found.every((u) => u.per === per && u.count === count) ? { per, count } : null;
}

/** - sum p log p of the posterior class probabilities; 0 without classes. */
function entropyOf({ mixture }: Fit): number {
  const p = mixture?.posterior.probabilities.flat().filter((v) => v > 0) ?? [];
  return -p.reduce((sum, v) => sum + v * Math.log(v), 0);
}

/** Against the largest of the smaller models that is a case of this one. */
function tested(
  larger: Fitted,
  smaller: readonly Fitted[],
  diagnostics: (Diagnostic & { readonly of?: string })[],
): Pick<ComparedModel, 'test' | 'notTested'> {
  let reason: string | null = null;
  const all = smaller.toReversed().map((candidate) => ({ candidate, found: nestedIn(candidate, larger) }));
  // of two as large, the one of the same family: its test asks of one thing only
  const limit = (of: Nesting): number => (of.nested && of.limit === true ? 1 : 0);
  const byInterest = all.toSorted(
    (a, b) => b.candidate.fit.parameters - a.candidate.fit.parameters || limit(a.found) - limit(b.found),
  );
  for (const { candidate, found } of byInterest) {
    const df = larger.fit.parameters - candidate.fit.parameters;
    if (!found.nested) {
      reason ??= found.reason;
      continue;
    }
    if (df === 0) {
      reason ??= `it is the same model as ${candidate.name}`;
      continue;
    }
    const chisq = candidate.fit.deviance - larger.fit.deviance;
    if (!Number.isFinite(chisq)) {
      reason ??= 'a likelihood is not finite';
      continue;
    }
    if (chisq < -negligible)
      diagnostics.push(diagnostic('MM544', {}, { larger: larger.name, smaller: candidate.name, short: -chisq / 2 }));
    return { test: ratioTest(candidate.name, chisq, df, found.sds + limit(found)), notTested: null };
  }
  return { test: null, notTested: smaller.length === 0 ? null : reason };
}
