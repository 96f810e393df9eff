import type { ComparedModel, RatioTest } from './comparison.js';

type Nullable<T> = { readonly [K in keyof T]: T[K] extends number ? number | null : T[K] };

/** One row of what `mm compare --json` prints: an array of these, ascending in their parameters. */
export type ComparedJson = { readonly schema: 'mm.compare/1' } & Nullable<Omit<ComparedModel, 'test'>> & {
    readonly test: Nullable<RatioTest> | null;
  };

/** The JSON of a comparison, as `mm compare --json` prints it. */
export function comparisonToJson(models: readonly ComparedModel[]): ComparedJson[] {
  return models.map((m) => ({
    schema: 'mm.compare/1',
    ...m,
    logLik: finite(m.logLik),
    deviance: finite(m.deviance),
    aic: finite(m.aic),
    bic: finite(m.bic),
    icl: m.icl === null ? null : finite(m.icl),
    deltaAic: finite(m.deltaAic),
    weight: finite(m.weight),
    test: m.test,
  }));
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
