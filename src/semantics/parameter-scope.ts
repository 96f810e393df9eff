import type { CheckedEffect, CheckedLikelihood, CheckedPart, CheckedPredictor } from './checked-model.js';
import type { ColumnScope } from './column-scope.js';
import type { Formula, Term } from './formula.js';

/** What the left side of a prior, a fix, a penalty or an order can name, seen from one class or from outside them. */
export interface ParameterScope {
  /** The class the statement stands in, or stands for; null: all of them. */
  readonly class: string | null;
  /** The statement stands inside the class. */
  readonly inside: boolean;
  readonly predictors: readonly CheckedPredictor[];
  readonly parts: readonly CheckedPart[];
  readonly effects: readonly CheckedEffect[];
  readonly likelihoods: readonly CheckedLikelihood[];
  /** `gated`: class probabilities have predictors. */
  readonly mixture: { readonly name: string; readonly classes: readonly string[]; readonly gated: boolean } | null;
  readonly columns: ColumnScope;
}

/** The part of a scope that one class sees: what is its own, and what it shares. */
export function narrowScope(all: ParameterScope, className: string | null): ParameterScope {
  if (className === null) return all;
  const mine = (n: { readonly class: string | null }) => n.class === null || n.class === className;
  const likelihoods = all.likelihoods.filter(mine);
  const named = new Set(likelihoods.flatMap((l) => predictorIds(l.family)));
  const predictors = all.predictors.filter((p) => named.has(p.id) || (p.parameter === 'prob' && p.class === className));
  return { ...all, class: className, likelihoods, predictors, effects: all.effects.filter(mine) };
}

function predictorIds(family: CheckedLikelihood['family']): string[] {
  const own = family.arguments.flatMap((a) => (a.kind === 'predictor' ? [a.predictor] : []));
  return family.base === null ? own : [...own, ...predictorIds(family.base)];
}

/** The fixed part of a predictor: its own formula, then those of the named parts it uses. */
export function formulasOf(p: CheckedPredictor, scope: ParameterScope): Formula[] {
  const parts = scope.parts.filter((part) => p.parts.includes(part.id)).map((part) => part.formula);
  return p.formula === null ? parts : [p.formula, ...parts];
}

export function termsOf(p: CheckedPredictor, scope: ParameterScope): Term[] {
  return formulasOf(p, scope).flatMap((f) => [...f.terms]);
}

export function hasIntercept(p: CheckedPredictor): boolean {
  if (p.value !== null || p.interceptAbsorbed) return false;
  return p.constant || p.formula?.intercept === true;
}

/** True where the parameter is one number: nobody wrote a predictor, or only an intercept. */
export function isScalar(p: CheckedPredictor): boolean {
  if (p.value !== null) return false;
  if (p.constant) return true;
  const f = p.formula;
  return (
    f?.intercept === true &&
    f.terms.length === 0 &&
    f.offsets.length === 0 &&
    p.parts.length === 0 &&
    p.effects.length === 0
  );
}
