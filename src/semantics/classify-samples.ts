import type { Report } from '../diagnostics/report.js';
import { families } from '../families/index.js';
import { isPriorName } from '../priors/index.js';
import type { Call, Expression, SampleStatement, Statement } from '../syntax/ast.js';
import { columnFunctions } from './column-functions.js';
import type { ColumnScope } from './column-scope.js';
import { isFamilyName } from './family-names.js';
import { nearest } from './spelling.js';
import { namesIn, someExpression, stripParens } from './walk-expression.js';

/** What a `~` is: the likelihood, a prior, or neither (then it was reported). */
export type SampleKind = 'likelihood' | 'prior' | 'wrong';

const parameterCalls: ReadonlySet<string> = new Set(['sd', 'cov', 'cor', 'prob']);
const parameterWords: ReadonlySet<string> = new Set(['beta', 'intercept', 'threshold']);

/**
 * Tells likelihoods from priors by their left sides. A left side made of columns is a likelihood, one made of
 * parameters a prior. Which names are parameters depends on the families of the likelihoods, so the sure cases come
 * first; without a schema a name that no family has as its parameter is taken for a column.
 */
export function classifySamples(
  statements: readonly Statement[],
  scope: ColumnScope,
  report: Report,
): Map<SampleStatement, SampleKind> {
  const kinds = new Map<SampleStatement, SampleKind>();
  const open: SampleStatement[] = [];
  for (const s of statements) {
    if (s.kind !== 'sample') continue;
    if (isParameterShape(s.left, scope)) kinds.set(s, 'prior');
    else if (namesIn(s.left).some((n) => scope.known(n.name) !== undefined) || isCbind(s.left))
      kinds.set(s, 'likelihood');
    else open.push(s);
  }
  const sure = [...kinds].filter(([, kind]) => kind === 'likelihood').map(([s]) => s);
  for (const s of open) kinds.set(s, classifyOpen(s, [...sure, ...open.filter((o) => o !== s)], scope, report));
  return kinds;
}

function classifyOpen(
  s: SampleStatement,
  others: readonly SampleStatement[],
  scope: ColumnScope,
  report: Report,
): SampleKind {
  const names = namesIn(s.left);
  const parameters = new Set(others.flatMap((o) => parametersOf(o.right)));
  if (names.length > 0 && names.every((n) => parameters.has(n.name))) return 'prior';
  const unknown = names.find((n) => !parameters.has(n.name));
  if (unknown === undefined) {
    report.add('MM317', s.left.span, {});
    return 'wrong';
  }
  // A short form brings its own sigma.
  if (unknown.name === 'sigma' && others.some((o) => isShortForm(o.right))) return 'prior';
  // A family with a misspelt name may have any parameters; that it is misspelt is said elsewhere.
  const right = stripParens(s.right);
  if (others.some((o) => isUnknownCall(o.right)) && right.kind === 'call' && isPriorName(right.callee.name))
    return 'prior';
  if (!scope.complete) return 'likelihood';
  const near = nearest(unknown.name, [...scope.names, ...parameters, ...parameterWords]);
  report.add('MM201', unknown.span, { name: unknown.name, near });
  return 'wrong';
}

function isParameterShape(left: Expression, scope: ColumnScope): boolean {
  return someExpression(left, (e) => {
    if (e.kind === 'list' || e.kind === 'index') return true;
    if (e.kind === 'call') return parameterCalls.has(e.callee.name);
    return e.kind === 'name' && !e.quoted && parameterWords.has(e.name) && scope.known(e.name) === undefined;
  });
}

export function isCbind(left: Expression): left is Call {
  return left.kind === 'call' && left.callee.name === 'cbind';
}

function isUnknownCall(right: Expression): boolean {
  const e = stripParens(right);
  return e.kind === 'call' && !isShortForm(e) && !isFamilyName(e.callee.name) && !isPriorName(e.callee.name);
}

/** Names that a family call holds in the places of its arguments, those of an inner family included. */
function parametersOf(right: Expression): string[] {
  if (isShortForm(right)) return ['mu', 'sigma'];
  const call = stripParens(right);
  if (call.kind !== 'call' || !isFamilyName(call.callee.name)) return [];
  const own = families[call.callee.name].parameters.map((p) => p.name);
  return [...own, ...call.arguments.flatMap((a) => (a.value.kind === 'call' ? parametersOf(a.value) : []))];
}

/** `y ~ 1 + x + (1 | g)`: anything that is no call of a distribution. */
export function isShortForm(right: Expression): boolean {
  const e = stripParens(right);
  if (e.kind === 'number' || e.kind === 'binary' || e.kind === 'unary' || e.kind === 'bar') return true;
  if (e.kind === 'name') return !isFamilyName(e.name) && !isPriorName(e.name);
  if (e.kind !== 'call') return false;
  if (isFamilyName(e.callee.name) || isPriorName(e.callee.name)) return false;
  return Object.hasOwn(columnFunctions, e.callee.name) || e.arguments.some((a) => a.value.kind === 'bar');
}
