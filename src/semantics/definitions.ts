import type { Report } from '../diagnostics/report.js';
import { type LinkName, linkNames } from '../links/link.js';
import type { AssignStatement, Expression, Name, Statement } from '../syntax/ast.js';
import { likelihoodFor } from '../syntax/check-shape.js';
import { isMissing } from '../syntax/missing.js';
import { isLinkName } from './check-family.js';
import { isMethodName } from './check-method.js';
import type { ColumnScope } from './column-scope.js';
import { deparse } from './deparse.js';
import type { RandomTerm } from './formula.js';
import { nearest } from './spelling.js';
import { isStructureName } from './structures.js';
import { someExpression, stripParens } from './walk-expression.js';

/** What a `TARGET = RIGHT` is. */
export type Definition =
  | {
      readonly kind: 'predictor';
      readonly parameter: Name;
      readonly link: { readonly name: LinkName; readonly at: Name } | null;
      readonly statement: AssignStatement;
    }
  | {
      readonly kind: 'effect';
      readonly name: Name;
      readonly term: RandomTerm;
      readonly statement: AssignStatement;
    }
  | { readonly kind: 'part'; readonly name: Name; readonly statement: AssignStatement }
  /** `prob(z) = softmax(...)`, or with a link `logit(prob(responder)) = ...`. */
  | {
      readonly kind: 'gate';
      readonly link: Name | null;
      readonly of: Name;
      readonly statement: AssignStatement;
    };

/** `parameters` null: the likelihood is too wrong to know them, so any name may be one. */
export function classifyDefinitions(
  statements: readonly Statement[],
  parameters: ReadonlySet<string> | null,
  scope: ColumnScope,
  report: Report,
): Definition[] {
  const definitions: Definition[] = [];
  for (const s of statements) {
    if (s.kind !== 'assign') continue;
    const d = classify(s, parameters, report);
    if (d === null) {
      if (s.target.kind === 'name') scope.assume(s.target.name);
      continue;
    }
    const same = definitions.find((other) => keyOf(other) === keyOf(d));
    if (same !== undefined) report.add('MM203', s.target.span, { what: whatIs(d), name: nameOf(d).name });
    else definitions.push(d);
  }
  return definitions;
}

export function nameOf(d: Definition): Name {
  return d.kind === 'predictor' ? d.parameter : d.kind === 'gate' ? d.of : d.name;
}

export function whatIs(d: Definition): string {
  switch (d.kind) {
    case 'predictor':
      return 'the predictor of';
    case 'effect':
      return 'the random effect';
    case 'part':
      return 'the named part';
    case 'gate':
      return 'the probability of';
  }
}

function keyOf(d: Definition): string {
  return d.kind === 'gate' ? 'gate' : nameOf(d).name;
}

function classify(s: AssignStatement, parameters: ReadonlySet<string> | null, report: Report): Definition | null {
  const target = stripParens(s.target);
  if (target.kind === 'name') {
    if (parameters?.has(target.name) === true)
      return { kind: 'predictor', parameter: target, link: null, statement: s };
    if (isMissing(target) || isReportedSetting(s, target)) return null;
    if (['family', 'link', 'formula', 'random', 'REML'].includes(target.name)) {
      report.add('MM335', s.span, { name: target.name });
      return null;
    }
    return classifyNamed(s, target, parameters, report);
  }
  if (target.kind === 'call') {
    const only = target.arguments.length === 1 ? stripParens(target.arguments[0]?.value ?? target) : undefined;
    if (target.callee.name === 'prob' && only?.kind === 'name')
      return { kind: 'gate', link: null, of: only, statement: s };
    if (only?.kind === 'call' && only.callee.name === 'prob') {
      const of = only.arguments[0]?.value;
      if (of?.kind === 'name') return { kind: 'gate', link: target.callee, of, statement: s };
    }
    if (only?.kind === 'name') {
      if (!isLinkName(target.callee.name)) {
        const { name } = target.callee;
        report.add('MM206', target.callee.span, { name, near: nearest(name, linkNames), known: linkNames.join(', ') });
        return null;
      }
      if (parameters !== null && !parameters.has(only.name)) {
        const near = nearest(only.name, parameters);
        report.add('MM211', only.span, { name: only.name, near, parameters: [...parameters].join(', ') });
        return null;
      }
      const link = { name: target.callee.name, at: target.callee };
      return { kind: 'predictor', parameter: only, link, statement: s };
    }
  }
  report.add('MM336', target.span, { text: deparse(target) });
  return null;
}

/** Settings of other programs that the reader of the text has already spoken about. */
function isReportedSetting(s: AssignStatement, target: Name): boolean {
  const { value } = s;
  const name = value.kind === 'call' ? value.callee.name : value.kind === 'name' ? value.name : '';
  if (target.name === 'family') return likelihoodFor(name) !== undefined;
  if (target.name === 'data') return value.kind === 'string';
  return target.name === 'fit' && isMethodName(name);
}

function classifyNamed(
  s: AssignStatement,
  name: Name,
  parameters: ReadonlySet<string> | null,
  report: Report,
): Definition | null {
  const term = soleRandomTerm(s.value);
  if (term !== null) return { kind: 'effect', name, term, statement: s };
  const near = parameters === null ? undefined : nearest(name.name, parameters);
  // A part holds neither random effects nor an intercept alone, so such a statement was meant for a parameter.
  const likePredictor = someExpression(s.value, (e) => e.kind === 'bar') || stripParens(s.value).kind === 'number';
  if (likePredictor) {
    if (parameters === null) return { kind: 'predictor', parameter: name, link: null, statement: s };
    const asPart = near === undefined && startsWithZero(s.value);
    if (asPart) report.add('MM386', s.span, { name: name.name });
    else report.add('MM211', name.span, { name: name.name, near, parameters: [...parameters].join(', ') });
    return null;
  }
  return { kind: 'part', name, statement: s };
}

function startsWithZero(value: Expression): boolean {
  const e = stripParens(value);
  if (e.kind === 'binary') return (e.operator === '+' || e.operator === '-') && startsWithZero(e.left);
  return e.kind === 'number' && e.value === 0;
}

/** The random effect a value consists of, if it is one and nothing else. */
export function soleRandomTerm(value: Expression): RandomTerm | null {
  const e = stripParens(value);
  if (e.kind === 'bar') return { bar: e, structure: null, span: value.span };
  const first = e.kind === 'call' ? e.arguments[0]?.value : undefined;
  if (e.kind === 'call' && isStructureName(e.callee.name) && first?.kind === 'bar') {
    return { bar: first, structure: e, span: e.span };
  }
  return null;
}
