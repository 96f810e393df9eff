import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { ErrorsResult, Fit, FixedEffect, MixtureResult } from './fit.js';

/** What `mm fit --json` prints of one fit. Field names are fixed; a value that does not exist is null. */
export interface FitJson {
  readonly schema: 'mm.fit/1';
  readonly model: string;
  readonly engine: string;
  readonly method: string;
  readonly family: string;
  readonly link: string;
  readonly rows: number;
  readonly dropped: number;
  readonly groups: Readonly<Record<string, number>>;
  readonly converged: boolean;
  readonly singular: boolean;
  readonly certificate: { readonly gradient: number | null; readonly decrement: number | null };
  readonly warnings: readonly { readonly code: string; readonly message: string; readonly hint?: string }[];
  readonly logLik: number | null;
  readonly deviance: number | null;
  readonly objective: number | null;
  /** Left out where the model has neither priors nor penalties. */
  readonly priors?: readonly {
    readonly text: string;
    readonly computation: string;
    readonly minus2logDensity: number | null;
  }[];
  readonly aic: number | null;
  readonly bic: number | null;
  readonly parameters: number;
  readonly fixef: readonly FixedEffect[];
  readonly varcorr: readonly {
    readonly group: string;
    readonly name: string | null;
    readonly class: string | null;
    readonly terms: readonly string[];
    readonly sd: readonly (number | null)[];
    readonly cor: readonly (readonly (number | null)[])[];
    /** ar1, car1: the structure, and the correlation over one step or one unit of distance. */
    readonly structure?: string;
    readonly correlation?: number | null;
  }[];
  readonly sigma: number | null;
  readonly theta: readonly (number | null)[];
  readonly family_parameters: Readonly<Record<string, number | null>>;
  readonly errors?: ErrorsJson;
  readonly mixture: MixtureResult | null;
  /** Sum of squared Pearson residuals over the residual degrees of freedom; null for a linear mixed model. */
  readonly overdispersion: number | null;
  readonly ranef?: Readonly<Record<string, RanefJson>>;
  readonly fitted?: readonly (number | null)[];
  readonly seconds: { readonly read: number; readonly fit: number } | null;
  readonly evaluations: number;
  readonly seed: number | null;
}

export type ErrorsJson = Omit<ErrorsResult, 'correlation'> & { readonly correlation: number | null };

/** One grouping factor's effects; blocks of the same factor stand side by side. */
export interface RanefJson {
  readonly levels: readonly string[];
  readonly terms: readonly string[];
  readonly mode: readonly (readonly (number | null)[])[]; // levels x terms
  readonly sd: readonly (readonly (number | null)[])[];
}

/** What the JSON of a fit is to hold besides. */
export interface FitJsonOptions {
  readonly ranef?: boolean;
  readonly fitted?: boolean;
  /** Measured by the host: the engine has no clock. */
  readonly seconds?: { readonly read: number; readonly fit: number };
}

/** The JSON object of a fit, ready for `JSON.stringify`: no typed array, no NaN, no infinity. */
export function fitToJson(fit: Fit, options: FitJsonOptions = {}): FitJson {
  return {
    schema: 'mm.fit/1',
    model: fit.model,
    engine: fit.engine,
    method: fit.method,
    family: fit.family,
    link: fit.link,
    rows: fit.rows,
    dropped: fit.dropped,
    groups: fit.groups,
    converged: fit.converged,
    singular: fit.singular,
    certificate: { gradient: finite(fit.certificate.gradient), decrement: finite(fit.certificate.decrement) },
    warnings: fit.warnings.map(warningJson),
    logLik: finite(fit.logLik),
    deviance: finite(fit.deviance),
    objective: finite(fit.objective),
    ...(fit.priors === undefined || fit.priors.length === 0
      ? {}
      : { priors: fit.priors.map((p) => ({ ...p, minus2logDensity: finite(p.minus2logDensity) })) }),
    aic: finite(fit.aic),
    bic: finite(fit.bic),
    parameters: fit.parameters,
    fixef: fit.fixef.map((f) => ({
      ...f,
      estimate: finite(f.estimate),
      se: finite(f.se),
      statistic: finite(f.statistic),
      df: finite(f.df),
      p: finite(f.p),
    })),
    varcorr: fit.varcorr.map((v) => ({
      group: v.group,
      name: v.name,
      class: v.class,
      terms: v.terms,
      sd: v.sd.map(finite),
      cor: v.cor.map((row) => row.map(finite)),
      ...(v.serial === undefined ? {} : { structure: v.serial.structure, correlation: finite(v.serial.correlation) }),
    })),
    sigma: finite(fit.sigma),
    theta: Array.from(fit.theta, finite),
    family_parameters: Object.fromEntries(Object.entries(fit.familyParameters).map(([k, v]) => [k, finite(v)])),
    ...(fit.errors === undefined ? {} : { errors: { ...fit.errors, correlation: finite(fit.errors.correlation) } }),
    mixture: fit.mixture === null ? null : mixtureJson(fit.mixture),
    overdispersion: finite(fit.overdispersion),
    ...(options.ranef ? { ranef: ranefJson(fit) } : {}),
    ...(options.fitted ? { fitted: Array.from(fit.fitted, finite) } : {}),
    seconds: options.seconds ?? null,
    evaluations: fit.evaluations,
    seed: fit.seed,
  };
}

function finite(value: number | null | undefined): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

function warningJson(d: Diagnostic): FitJson['warnings'][number] {
  return { code: d.code, message: d.message, ...(d.hint === undefined ? {} : { hint: d.hint }) };
}

/** A class's own effects of a factor that other classes have too are told apart by the class. */
function ranefJson(fit: Fit): Record<string, RanefJson> {
  const result: Record<string, RanefJson> = {};
  for (const r of fit.ranef) {
    const key = r.class === null ? r.group : `${r.group}@${r.class}`;
    const before = result[key];
    const own = { mode: r.mode.map((row) => row.map(finite)), sd: r.sd.map((row) => row.map(finite)) };
    result[key] =
      before === undefined
        ? { levels: r.levels, terms: r.terms, ...own }
        : {
            levels: before.levels,
            terms: [...before.terms, ...r.terms],
            mode: before.mode.map((row, l) => [...row, ...(own.mode[l] ?? [])]),
            sd: before.sd.map((row, l) => [...row, ...(own.sd[l] ?? [])]),
          };
  }
  return result;
}

function mixtureJson(m: MixtureResult): MixtureResult {
  const { levels, probabilities, mcse } = m.posterior;
  return {
    ...m,
    weights: Array.from(m.weights),
    posterior: {
      levels,
      probabilities: probabilities.map((row) => Array.from(row)),
      ...(mcse === undefined ? {} : { mcse: mcse.map((row) => Array.from(row)) }),
    },
  };
}
