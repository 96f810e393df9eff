import type { Report } from '../diagnostics/report.js';
import type { CoefficientSelection, ParameterRef } from '../graph/model-graph.js';
import type { Call, Expression, Index, Name } from '../syntax/ast.js';
import { isMissing } from '../syntax/missing.js';
import type { CheckedEffect, CheckedPredictor } from './checked-model.js';
import { termHasCoefficient } from './coefficient-names.js';
import { deparse } from './deparse.js';
import { hasIntercept, isScalar, type ParameterScope, termsOf } from './parameter-scope.js';
import { nearest } from './spelling.js';
import { childrenOf, isReserved, stripParens } from './walk-expression.js';

/** Resolves the parameters that an expression names; false where something was reported. */
export function resolveParameters(
  expression: Expression,
  scope: ParameterScope,
  refs: Map<Expression, ParameterRef>,
  report: Report,
): boolean {
  return new Resolver(scope, refs, report).visit(expression);
}

const functions: ReadonlySet<string> = new Set([
  'log',
  'exp',
  'sqrt',
  'abs',
  'diag',
  'log1p',
  'expm1',
  'logit',
  'inv_logit',
  'max',
  'min',
  'sum',
  'mean',
]);

class Resolver {
  constructor(
    private readonly scope: ParameterScope,
    private readonly refs: Map<Expression, ParameterRef>,
    private readonly report: Report,
  ) {}

  visit(e: Expression): boolean {
    switch (e.kind) {
      case 'number':
        return true;
      case 'name':
        return this.name(e);
      case 'index':
        return this.index(e);
      case 'call':
        return this.call(e);
      case 'paren':
      case 'unary':
      case 'list':
        return childrenOf(e)
          .map((child) => this.visit(child))
          .every(Boolean);
      case 'binary':
        if (e.operator === ':') return this.refuse(e);
        return [this.visit(e.left), this.visit(e.right)].every(Boolean);
      case 'string':
      case 'bar':
        return this.refuse(e);
    }
  }

  private refuse(e: Expression): false {
    this.report.add('MM227', e.span, { text: deparse(e), where: 'an expression of parameters' });
    return false;
  }

  private name(e: Name): boolean {
    if (isReserved(e)) return true;
    if (isMissing(e)) return false;
    if (e.name === 'beta') return this.coefficients(e, locations(this.scope), { kind: 'slopes' }, null);
    if (e.name === 'intercept') return this.coefficients(e, locations(this.scope), { kind: 'intercept' }, null);
    if (e.name === 'threshold') return this.thresholds(e);
    const predictors = this.scope.predictors.filter((p) => p.parameter === e.name && p.value === null);
    if (predictors.length > 0) return this.scalar(e, predictors);
    const { columns } = this.scope;
    if (columns.known(e.name) !== undefined) this.report.add('MM220', e.span, { name: e.name });
    else {
      const known = this.parameterNames();
      const all = [...known, 'beta', 'intercept'];
      this.report.add('MM211', e.span, { name: e.name, near: nearest(e.name, all), parameters: known.join(', ') });
    }
    return false;
  }

  private parameterNames(): string[] {
    return [...new Set(this.scope.predictors.filter((p) => p.parameter !== 'prob').map((p) => p.parameter))];
  }

  private thresholds(e: Name): boolean {
    const likelihood = this.scope.likelihoods.find((l) => l.family.name === 'cumulative');
    if (likelihood === undefined) {
      this.report.add('MM211', e.span, { name: e.name, near: undefined, parameters: this.parameterNames().join(', ') });
      return false;
    }
    this.refs.set(e, { kind: 'thresholds', likelihood: likelihood.id });
    return true;
  }

  private scalar(e: Name, predictors: readonly CheckedPredictor[]): boolean {
    const varying = predictors.find((p) => !isScalar(p));
    if (varying !== undefined) {
      this.report.add('MM353', e.span, { name: e.name, location: varying.location });
      return false;
    }
    this.refs.set(e, { kind: 'scalar', name: e.name, predictors: predictors.map((p) => p.id) });
    return true;
  }

  private index(e: Index): boolean {
    const base = stripParens(e.base);
    if (base.kind === 'call' && base.callee.name === 'sd') return this.sd(e, base, e.index);
    if (base.kind !== 'name') return this.refuse(e);
    const label = labelOf(e.index);
    if (label === null) return this.refuse(e.index);
    const ofLocation = base.name === 'beta';
    const predictors = ofLocation
      ? locations(this.scope)
      : this.scope.predictors.filter((p) => p.parameter === base.name && p.value === null);
    if (predictors.length === 0) {
      const known = this.parameterNames();
      this.report.add('MM211', base.span, {
        name: base.name,
        near: nearest(base.name, [...known, 'beta']),
        parameters: known.join(', '),
      });
      return false;
    }
    if (label === 'intercept' || label === '(Intercept)')
      return this.coefficients(e, predictors, { kind: 'intercept' }, e.index);
    return this.coefficients(e, predictors, { kind: 'named', name: label }, e.index);
  }

  private coefficients(
    e: Expression,
    all: readonly CheckedPredictor[],
    select: CoefficientSelection,
    at: Expression | null,
  ): boolean {
    const { scope } = this;
    const predictors = all.filter((p) => hasCoefficients(p, select, scope));
    if (predictors.length > 0) {
      // `b:a` is kept as R labels it, so that the engines need to know one spelling.
      const labels = predictors.flatMap((p) => termsOf(p, scope).map((t) => t.label));
      const label = select.kind === 'named' ? labels.find((l) => sameTerm(l, select.name)) : undefined;
      const selected = label === undefined ? select : { ...select, name: label };
      this.refs.set(e, { kind: 'coefficients', predictors: predictors.map((p) => p.id), select: selected });
      return true;
    }
    const terms = [...new Set(all.flatMap((p) => termsOf(p, scope).map((t) => t.label)))];
    const parameter = all[0]?.parameter ?? 'the mean';
    const span = (at ?? e).span;
    if (select.kind === 'named') {
      const near = nearest(select.name, terms);
      this.report.add('MM213', span, { name: select.name, parameter, near, known: terms.join(', ') });
    } else {
      this.report.add('MM354', span, { what: select.kind === 'slopes' ? 'coefficients' : 'an intercept', parameter });
    }
    return false;
  }

  private call(e: Call): boolean {
    const { name } = e.callee;
    const only = e.arguments.length === 1 ? e.arguments[0]?.value : undefined;
    switch (name) {
      case 'sd':
        return this.sd(e, e, null);
      case 'cov':
      case 'cor': {
        const effect = this.effect(e, only, null);
        if (effect === null) return false;
        if (name === 'cor' && effect.covariance === 'diag') {
          this.report.add('MM355', e.span, { name: deparse(only ?? e) });
          return false;
        }
        if (name === 'cov' && effect.formula === null) {
          this.report.add('MM391', e.span, { name: deparse(only ?? e) });
          return false;
        }
        this.refs.set(e, { kind: name, effect: effect.id });
        return true;
      }
      case 'prob':
        return this.probability(e, only);
      default:
        if (functions.has(name)) return e.arguments.map((a) => this.visit(a.value)).every(Boolean);
        this.report.add('MM207', e.callee.span, {
          name,
          near: nearest(name, [...functions, 'sd', 'cov', 'cor', 'prob']),
        });
        return false;
    }
  }

  private probability(e: Call, of: Expression | undefined): boolean {
    const { mixture } = this.scope;
    if (of?.kind !== 'name') return this.refuse(e);
    if (mixture?.gated === true && (of.name === mixture.name || mixture.classes.includes(of.name))) {
      this.report.add('MM353', e.span, { name: deparse(e), location: true });
      return false;
    }
    if (mixture !== null && of.name === mixture.name) {
      this.refs.set(e, { kind: 'prob', class: null });
      return true;
    }
    if (mixture?.classes.includes(of.name) === true) {
      this.refs.set(e, { kind: 'prob', class: of.name });
      return true;
    }
    const known = mixture === null ? [] : [mixture.name, ...mixture.classes];
    this.report.add('MM214', of.span, {
      name: of.name,
      what: 'mixture or class',
      near: nearest(of.name, known),
      known: known.join(', '),
    });
    return false;
  }

  private sd(e: Expression, call: Call, index: Expression | null): boolean {
    const only = call.arguments.length === 1 ? call.arguments[0]?.value : undefined;
    const label = index === null ? null : labelOf(index);
    if (index !== null && label === null) return this.refuse(index);
    const column = label === 'intercept' ? '(Intercept)' : label;
    const effect = this.effect(call, only, column);
    if (effect === null) return false;
    if (column !== null && index !== null && !effectHasColumn(effect, column, this.scope)) {
      const known = effectColumns(effect);
      const near = nearest(column, known);
      this.report.add('MM213', index.span, {
        name: label ?? '',
        parameter: effectLabel(effect),
        near,
        known: known.join(', '),
      });
      return false;
    }
    const term = column === null ? undefined : effect.formula?.terms.find((t) => sameTerm(t.label, column));
    this.refs.set(e, { kind: 'sd', effect: effect.id, column: term?.label ?? column });
    return true;
  }

  /** The random effect that `sd(x)` names: by its own name, or by the label of its group. */
  private effect(call: Call, of: Expression | undefined, column: string | null): CheckedEffect | null {
    const label = of === undefined ? null : labelOf(of);
    if (of === undefined || label === null) {
      this.refuse(call);
      return null;
    }
    let found = this.scope.effects.filter((e) => e.name === label);
    if (found.length === 0) found = this.scope.effects.filter((e) => sameTerm(e.group.label, label));
    if (found.length > 1 && column !== null) {
      const having = found.filter((e) => effectHasColumn(e, column, this.scope));
      if (having.length > 0) found = having;
    }
    const [first, second] = found;
    if (first === undefined) {
      const known = [...new Set(this.scope.effects.map((e) => e.name ?? e.group.label))];
      this.report.add('MM212', of.span, { name: label, near: nearest(label, known), known: known.join(', ') });
      return null;
    }
    if (second !== undefined) {
      this.report.add('MM356', of.span, { name: label, count: found.length });
      return null;
    }
    return first;
  }
}

/** Predictors whose coefficients `beta` and `intercept` mean. */
export function locations(scope: ParameterScope): CheckedPredictor[] {
  return scope.predictors.filter((p) => p.location && p.value === null);
}

function hasCoefficients(p: CheckedPredictor, select: CoefficientSelection, scope: ParameterScope): boolean {
  switch (select.kind) {
    case 'intercept':
      return hasIntercept(p);
    case 'slopes':
      return termsOf(p, scope).length > 0;
    case 'named':
      return termsOf(p, scope).some(
        (t) => sameTerm(t.label, select.name) || termHasCoefficient(t, select.name, scope.columns),
      );
  }
}

/** `b:a` names the term that R labels `a:b`. */
export function sameTerm(label: string, name: string): boolean {
  if (label === name) return true;
  return label.includes(':') && label.split(':').sort().join(':') === name.split(':').sort().join(':');
}

/** Text in brackets as a coefficient's name: a name, an interaction, `I(x^2)`. */
function labelOf(index: Expression): string | null {
  const e = stripParens(index);
  if (e.kind === 'name') return isMissing(e) ? null : e.name;
  if (e.kind === 'string') return e.value;
  if (e.kind === 'call') return deparse(e);
  if (e.kind === 'binary' && e.operator === ':') {
    const [left, right] = [labelOf(e.left), labelOf(e.right)];
    return left === null || right === null ? null : `${left}:${right}`;
  }
  return null;
}

export function effectColumns(e: CheckedEffect): string[] {
  if (e.formula === null) return [];
  return [...(e.formula.intercept ? ['intercept'] : []), ...e.formula.terms.map((t) => t.label)];
}

function effectHasColumn(e: CheckedEffect, column: string, scope: ParameterScope): boolean {
  if (e.formula === null) return false;
  if (column === '(Intercept)') return e.formula.intercept;
  return e.formula.terms.some((t) => sameTerm(t.label, column) || termHasCoefficient(t, column, scope.columns));
}

export function effectLabel(e: CheckedEffect): string {
  return e.name ?? e.group.label;
}
