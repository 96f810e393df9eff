import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A reference fit as the JSON files beside this one hold it; the fields that the comparison reads. */
export interface ReferenceCase {
  readonly id: string;
  readonly kind: string;
  readonly data: { readonly file: string };
  readonly package?: string;
  readonly family?: string;
  readonly call?: string;
  readonly factors?: Readonly<Record<string, unknown>>;
  readonly n?: number;
  readonly fixef?: { readonly names: readonly string[]; readonly estimate: Vector; readonly se: Vector };
  readonly satterthwaite?: DegreesOfFreedom;
  readonly kenward_roger?: DegreesOfFreedom & { readonly se: Vector };
  readonly varcorr?: readonly {
    readonly group: string;
    readonly names: readonly string[];
    readonly sd: Vector;
    readonly corr?: readonly Vector[];
  }[];
  readonly sigma?: number;
  readonly logLik: number;
  readonly logLik_full?: number;
  readonly penalised_deviance?: number;
  readonly prior?: { readonly resolved?: { readonly fixef?: { readonly dist: string } | null } };
  readonly nAGQ?: number;
  readonly AIC?: number;
  readonly BIC?: number;
  readonly df?: number;
  readonly ranef?: readonly {
    readonly group: string;
    readonly columns: readonly string[];
    readonly levels: readonly string[];
    readonly values?: readonly Vector[];
    readonly cond_sd?: readonly Vector[];
  }[];
  readonly fitted_head?: Vector;
  readonly dropped_columns?: readonly string[];
  /** Of a likelihood ratio test: from the smallest model to the largest. */
  readonly models?: readonly { readonly logLik: number }[];
  readonly tolerance: {
    readonly logLik_abs?: number;
    readonly penalised_deviance_abs?: number;
    readonly fixef_in_se?: number;
    readonly se_rel?: number;
    readonly sd_rel?: number;
    readonly sd_zero_abs?: number;
    readonly ranef_in_sd?: number;
  };
}

/** What a case of kind `mixture` has besides. */
export interface MixtureReference {
  readonly pi: { readonly estimate: readonly number[]; readonly se?: readonly number[] };
  readonly beta: {
    readonly names: readonly string[];
    readonly estimate_per_class: readonly (readonly number[])[];
    readonly se_per_class: readonly (readonly number[])[];
  };
  readonly posterior: {
    readonly groups: readonly (string | number)[] | null;
    readonly prob: readonly (readonly number[])[];
  };
}

export function isMixture(reference: ReferenceCase): reference is ReferenceCase & MixtureReference {
  return reference.kind === 'mixture';
}

export type Vector = readonly (number | null)[];

interface DegreesOfFreedom {
  readonly names: readonly string[];
  readonly df: Vector;
  readonly t: Vector;
  readonly p: Vector;
}

/** The case with the name of a model file; `lrt-cake-1` is the second model of `lrt-cake`. */
export function readReferenceCase(name: string): ReferenceCase {
  const read = (id: string): ReferenceCase =>
    JSON.parse(readFileSync(join(import.meta.dirname, `${id}.json`), 'utf8')) as ReferenceCase;
  const oneOfSeveral = /^(lrt-.*)-(\d)$/.exec(name);
  if (oneOfSeveral === null) return read(name);
  const all = read(oneOfSeveral[1]);
  const logLik = all.models?.[Number(oneOfSeveral[2])]?.logLik;
  if (logLik === undefined) throw new Error(`${oneOfSeveral[1]}.json has no model ${oneOfSeveral[2]}`);
  return { id: name, kind: all.kind, data: all.data, logLik, tolerance: all.tolerance };
}
