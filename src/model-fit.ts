import type { FitOutcome } from './fit.js';
import { coefficientKeys, effectKey } from './results/coefficient-keys.js';
import type { Fit, FixedEffect, MixtureResult, RandomEffects } from './results/fit.js';
import { type FitJson, type FitJsonOptions, fitToJson } from './results/fit-json.js';
import { type SummaryOptions, summaryText } from './results/summary-text.js';
import { withOwn } from './results/with-own.js';

/** The names of a model, as types; what `mm build` writes of a model file. */
export interface ModelTypes {
  /** One row of the data: the columns that the model uses. */
  readonly row: object;
  /** Keys of `fixef`: `Days`; of another predictor `zi[x]`, in a class `x@low`. */
  readonly coefficients: string;
  /** Keys of `ranef`: `Subject`; of a class's own effects `Subject@low`. */
  readonly effects: string;
  /** Grouping factors. */
  readonly groups: string;
  /** Classes of the mixture; `never` where there is none. */
  readonly classes: string;
}

/** A mixture's results, its classes by name. */
export interface ClassResult<Class extends string> extends Omit<MixtureResult, 'classes'> {
  readonly classes: readonly Class[];
  /** Share of the groups, or rows, that belong to each class. */
  readonly share: Readonly<Record<Class, number>>;
}

/**
 * A fit whose coefficients, random effects and classes are found by name: `fit.fixef.Days.estimate`. What is not renamed here is as in
 * `Fit`, which `result` holds as the engine gave it, for every function that takes a `Fit`.
 */
export interface ModelFit<T extends ModelTypes = ModelTypes>
  extends Omit<Fit, 'fixef' | 'ranef' | 'groups' | 'mixture'> {
  /** Fixed effects, in the order of the summary. */
  readonly fixef: Readonly<Record<T['coefficients'], FixedEffect>>;
  /** Random effects of each grouping factor; terms of several blocks stand side by side. */
  readonly ranef: Readonly<Record<T['effects'], RandomEffects>>;
  /** Number of levels of each grouping factor. */
  readonly groups: Readonly<Record<T['groups'], number>>;
  readonly mixture: ClassResult<T['classes']> | null;
  readonly result: Fit;
  /** The fit with its model and its rows: what `predict`, `simulate` and `saveFit` take. */
  readonly outcome: FitOutcome;
  /** What `mm fit` prints. */
  summary(options?: SummaryOptions): string;
  /** What `mm fit --json` prints; `JSON.stringify` of a fit calls it. */
  toJSON(options?: FitJsonOptions): FitJson;
}

/** Gives the parts of a fit their names. */
export function modelFit<T extends ModelTypes>(fit: Fit, outcome: FitOutcome): ModelFit<T> {
  const keys = coefficientKeys(fit.fixef);
  const { mixture } = fit;
  let effects: Readonly<Record<T['effects'], RandomEffects>> | undefined;
  return withOwn(fit, {
    fixef: named<T['coefficients'], FixedEffect>(fit.fixef.map((f, i) => [keys[i] ?? f.name, f])),
    get ranef() {
      effects ??= named<T['effects'], RandomEffects>(joined(fit.ranef));
      return effects;
    },
    groups: named<T['groups'], number>(Object.entries(fit.groups)),
    mixture: mixture === null ? null : classResult<T['classes']>(mixture),
    result: fit,
    outcome,
    summary: (options?: SummaryOptions) => summaryText(fit, options),
    // JSON.stringify passes a key
    toJSON: (options?: FitJsonOptions) => fitToJson(fit, typeof options === 'object' ? options : {}),
  });
}

function classResult<Class extends string>(mixture: MixtureResult): ClassResult<Class> {
  const { classes, weights } = mixture;
  return {
    ...mixture,
    classes: classes as readonly Class[],
    share: named<Class, number>(classes.map((name, k) => [name, weights[k] ?? Number.NaN])),
  };
}

/** One entry for each grouping factor, as `mm fit --ranef --json` has them. */
function joined(effects: readonly RandomEffects[]): [string, RandomEffects][] {
  const found = new Map<string, RandomEffects>();
  for (const r of effects) {
    const key = effectKey(r.group, r.class);
    const before = found.get(key);
    found.set(
      key,
      before === undefined
        ? r
        : {
            ...before,
            terms: [...before.terms, ...r.terms],
            mode: before.mode.map((row, l) => [...row, ...(r.mode[l] ?? [])]),
            sd: before.sd.map((row, l) => [...row, ...(r.sd[l] ?? [])]),
          },
    );
  }
  return [...found];
}

/** A record that has no other keys than these: a coefficient may be called `constructor`. */
function named<Key extends string, Value>(
  entries: readonly (readonly [string, Value])[],
): Readonly<Record<Key, Value>> {
  const record: Record<string, Value> = Object.create(null);
  for (const [key, value] of entries) record[key] = value;
  return Object.freeze(record);
}
