import type { ComparedModel } from './comparison.js';
import type { ConfidenceIntervals } from './profile.js';
import { type ResultTable, tableFrom } from './result-table.js';

/** A line for each parameter. */
export function intervalsTable({ intervals, method, level }: ConfidenceIntervals): ResultTable {
  return tableFrom(
    'intervals',
    intervals.map((i) => ({
      name: i.name,
      kind: i.kind,
      group: i.group,
      predictor: i.predictor,
      class: i.class,
      estimate: i.estimate,
      lower: i.lower,
      upper: i.upper,
      lowerStatus: i.lowerStatus,
      upperStatus: i.upperStatus,
      method,
      level,
    })),
  );
}

/** A line for each model. */
export function comparisonTable(models: readonly ComparedModel[]): ResultTable {
  return tableFrom(
    'comparison',
    models.map(({ test, ...m }) => ({
      model: m.model,
      file: m.file,
      engine: m.engine,
      method: m.method,
      family: m.family,
      rows: m.rows,
      parameters: m.parameters,
      logLik: m.logLik,
      deviance: m.deviance,
      aic: m.aic,
      bic: m.bic,
      icl: m.icl,
      deltaAic: m.deltaAic,
      weight: m.weight,
      against: test?.against ?? null,
      chisq: test?.chisq ?? null,
      df: test?.df ?? null,
      p: test?.p ?? null,
      pBoundary: test?.pBoundary ?? null,
      converged: m.converged,
      singular: m.singular,
    })),
  );
}
