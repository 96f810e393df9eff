import type { CompiledModel } from './compile.js';
import { buildDesign } from './data/build-design.js';
import type { Design } from './data/design.js';
import type { Table } from './data/table.js';
import type { Diagnostic } from './diagnostics/diagnostic.js';
import { Report } from './diagnostics/report.js';
import type { EngineOptions, Solved } from './engines/index.js';
import { priorShapeProblems } from './engines/prior-shapes.js';
import { engines } from './fit-task.js';
import type { ModelGraph } from './graph/model-graph.js';
import type { EngineName } from './plan/engine-plan.js';
import type { Estimates } from './results/estimates.js';
import type { Fit } from './results/fit.js';

/** What `fit` gives: the fit, what it was made from, and what was found on the way. */
export interface FitOutcome {
  /** Absent where the model or the data are wrong. */
  readonly fit?: Fit;
  /** The rows as they were bound to the model; with `fit`. */
  readonly design?: Design;
  /** What was fitted, and to which rows; with `fit`. */
  readonly graph?: ModelGraph;
  readonly table?: Table;
  /** What `predict`, `simulate` and `saveFit` need besides; computed when it is asked for. */
  readonly estimates?: () => Estimates;
  /** What was found when the data were bound; those of the fit itself are its `warnings`. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Graph + table -> design -> engine -> Fit. A model that did not compile gives its own diagnostics back. */
export function fit(model: CompiledModel, table: Table, options: EngineOptions = {}): FitOutcome {
  const { graph, plan } = model;
  if (graph === undefined || plan === undefined || plan.engine === 'refused') return { diagnostics: model.diagnostics };
  const { design, diagnostics } = bindData(graph, plan.engine, table);
  if (design === undefined) return { diagnostics };
  try {
    return outcome(engines[plan.engine].solve(graph, design, options), { graph, design, table }, diagnostics);
  } finally {
    options.parallel?.team?.rest();
  }
}

/** As `fit`; with `options.parallel`, what an engine can do side by side is done so. */
export async function fitAsync(model: CompiledModel, table: Table, options: EngineOptions = {}): Promise<FitOutcome> {
  const { graph, plan } = model;
  if (graph === undefined || plan === undefined || plan.engine === 'refused') return { diagnostics: model.diagnostics };
  const engine = engines[plan.engine];
  if (engine.solveAsync === undefined || options.parallel === undefined) return fit(model, table, options);
  const { design, diagnostics } = bindData(graph, plan.engine, table);
  if (design === undefined) return { diagnostics };
  return outcome(await engine.solveAsync(graph, design, options), { graph, design, table }, diagnostics);
}

function outcome(
  { fit: result, estimates }: Solved,
  bound: Pick<FitOutcome, 'graph' | 'design' | 'table'>,
  diagnostics: readonly Diagnostic[],
): FitOutcome {
  const said = new Set(result.warnings.map((w) => w.code));
  const kept = diagnostics.filter((d) => !said.has(saidAgain.get(d.code) ?? ''));
  let known: Estimates | undefined;
  const once = (): Estimates => {
    known ??= estimates();
    return known;
  };
  return { fit: result, ...bound, estimates: once, diagnostics: kept };
}

/**
 * All that an outcome with a fit holds.
 * @throws RangeError where nothing was fitted, as after an error
 */
export function fittedParts({ fit: found, graph, design, table, estimates, diagnostics }: FitOutcome) {
  if (found === undefined || graph === undefined || design === undefined || estimates === undefined)
    throw new RangeError('there is no fit: see the diagnostics of its outcome');
  return { fit: found, graph, design, table, estimates, diagnostics };
}

/** Graph + table -> design, and whether the engine can do with it; no design where something is wrong. */
export function bindData(
  graph: ModelGraph,
  engine: EngineName,
  table: Table,
): { readonly design?: Design; readonly diagnostics: readonly Diagnostic[] } {
  const report = new Report();
  const design = buildDesign(graph, table, report);
  if (design === undefined) return { diagnostics: report.sorted() };
  engines[engine].check?.(graph, design, report);
  if (!report.hasErrors) report.push(priorShapeProblems(graph, design));
  const diagnostics = report.sorted();
  return report.hasErrors ? { diagnostics } : { design, diagnostics };
}

/** What the data tell, and the warning by which a result says it too. */
const saidAgain: ReadonlyMap<string, string> = new Map([
  ['MM451', 'MM505'],
  ['MM454', 'MM503'],
]);
