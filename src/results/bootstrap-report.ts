import { type BootstrapKind, bootstrapIntervals, bootstrapSummary, type Replicates } from './bootstrap-intervals.js';
import { type ResultTable, tableFrom } from './result-table.js';
import { textOfTable } from './table-text.js';
import { formatNumber } from './text-table.js';

interface Run extends Replicates {
  readonly seed: number;
  readonly wanted: number;
  readonly done: number;
  readonly failed: number;
  readonly unconverged: number;
  readonly stopped: boolean;
}

export interface BootstrapReportOptions {
  readonly model: string;
  readonly level: number;
  readonly kind: BootstrapKind;
  readonly only?: readonly string[];
}

/** A line for each statistic: estimate, bias, standard error, limits. */
export function bootstrapTable(run: Run, { level, kind, only }: BootstrapReportOptions): ResultTable {
  const { intervals } = bootstrapIntervals(run, { level, kind });
  const summary = bootstrapSummary(run);
  const rows = summary.map((s, k) => ({
    name: s.name,
    estimate: s.estimate,
    bias: s.bias,
    se: s.se,
    lower: intervals[k].lower,
    upper: intervals[k].upper,
    replicates: s.replicates,
  }));
  return tableFrom(
    'bootstrap',
    rows.filter((row) => only === undefined || only.includes(row.name)),
  );
}

/** For the terminal; ends without a line break. */
export function bootstrapText(run: Run, options: BootstrapReportOptions): string {
  const { model, level, kind } = options;
  const how = kind === 'bc' ? 'bias-corrected' : kind;
  const percent = formatNumber(100 * level, 4);
  const head = `${model}: ${percent} % ${how} intervals of a parametric bootstrap`;
  const counts = [
    `${run.done} replicates, seed ${run.seed}`,
    ...(run.failed > 0 ? [`${run.failed} failed`] : []),
    ...(run.unconverged > 0 ? [`${run.unconverged} not converged`] : []),
    ...(run.stopped ? [`stopped before ${run.wanted}`] : []),
  ];
  const lines = textOfTable(bootstrapTable(run, options)).split('\n');
  return [head, '', ...lines.map((line) => `  ${line}`), '', counts.join('; ')].join('\n');
}

/** What `mm bootstrap --json` prints; a value that does not exist is null. */
export function bootstrapJson(
  run: Run,
  options: BootstrapReportOptions,
  warnings: readonly { readonly code: string; readonly message: string }[],
) {
  const finite = (v: unknown) => (typeof v === 'number' && !Number.isFinite(v) ? null : v);
  const table = bootstrapTable(run, options);
  const count = table.columns[0]?.values.length ?? 0;
  return {
    schema: 'mm.bootstrap/1',
    model: options.model,
    kind: options.kind,
    level: options.level,
    seed: run.seed,
    replicates: run.done,
    failed: run.failed,
    unconverged: run.unconverged,
    stopped: run.stopped,
    statistics: Array.from({ length: count }, (_, i) =>
      Object.fromEntries(table.columns.map((c) => [c.name, finite(c.values[i])])),
    ),
    warnings,
  };
}

/** A line for each replicate and a column for each statistic. */
export function replicateTable({ statistics, values }: Replicates): ResultTable {
  return {
    name: 'replicates',
    columns: statistics.map((s, k) => ({ name: s.name, values: values.map((v) => v[k]) })),
  };
}
