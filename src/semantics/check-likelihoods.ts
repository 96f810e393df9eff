import type { Report } from '../diagnostics/report.js';
import type { FamilyParameter } from '../families/family.js';
import { families } from '../families/index.js';
import type { Call, Expression, SampleStatement } from '../syntax/ast.js';
import {
  argumentsOfUse,
  checkFamily,
  describeResponse,
  type FamilyUse,
  parametersOfUse,
  usage,
} from './check-family.js';
import { isCbind, isShortForm, type SampleKind } from './classify-samples.js';
import { aType, checkColumnExpression } from './column-expression.js';
import type { ColumnScope } from './column-scope.js';
import { deparse } from './deparse.js';
import { isFamilyName, nearestFamily } from './family-names.js';
import { stripParens } from './walk-expression.js';

/** One likelihood statement, its family checked. `formula`: the right side of the short form. */
export interface LikelihoodUse {
  readonly statement: SampleStatement;
  readonly response: Expression;
  readonly family: FamilyUse | null;
  /** Parameters with a predictor of their own or an unknown constant; also where the call is partly wrong. */
  readonly parameters: readonly FamilyParameter[];
  readonly formula: Expression | null;
}

export function checkLikelihood(s: SampleStatement, scope: ColumnScope, report: Report): LikelihoodUse | null {
  const right = stripParens(s.right);
  if (isCbind(s.left)) {
    reportCbind(s.left, s.right, report);
    return null;
  }
  const type = checkColumnExpression(s.left, { scope, report, inTerm: false });
  if (isShortForm(right)) {
    const family = shortFormFamily(s.right);
    if (type !== 'wrong') checkResponse(s, 'normal', scope, report);
    return { statement: s, response: s.left, family, parameters: families.normal.parameters, formula: s.right };
  }
  if (right.kind !== 'call') {
    const name = right.kind === 'name' ? right.name : deparse(right);
    if (right.kind === 'name' && isFamilyName(name)) {
      report.add('MM320', right.span, { family: name, argument: families[name].order[0] ?? '', usage: usage(name) });
    } else report.add('MM205', right.span, { name, near: nearestFamily(name) });
    return null;
  }
  const family = checkFamily(right, { scope, report });
  if (family !== null && type !== 'wrong') checkResponse(s, responseFamily(family).name, scope, report);
  const parameters = family === null ? parametersOfCall(right) : parametersOfUse(family);
  return { statement: s, response: s.left, family, parameters, formula: null };
}

/** The parameters a family has whatever its arguments; so a wrong call does not make its predictors unknown names. */
function parametersOfCall(call: Call): FamilyParameter[] {
  if (!isFamilyName(call.callee.name)) return [];
  const inner = call.arguments.flatMap((a) => (a.value.kind === 'call' ? parametersOfCall(a.value) : []));
  return [...inner, ...families[call.callee.name].parameters];
}

function responseFamily(use: FamilyUse): FamilyUse {
  return families[use.name].response === 'inherit' && use.base !== null ? responseFamily(use.base) : use;
}

/**
 * `y ~ 1 + x` means `y ~ normal(mu, sigma); mu = 1 + x`. The names stand where the formula does; as nobody wrote them, they
 * are never the columns of the same name that the data may have.
 */
function shortFormFamily(formula: Expression): FamilyUse {
  const { span } = formula;
  const at = (name: string) => ({ kind: 'name' as const, name, quoted: false, span });
  const call: Call = {
    kind: 'call',
    callee: at('normal'),
    arguments: families.normal.order.map((name) => ({ name: null, value: at(name), span })),
    span,
  };
  return {
    name: 'normal',
    call,
    base: null,
    arguments: families.normal.parameters.map((parameter) => ({
      kind: 'parameter',
      parameter,
      at: at(parameter.name),
    })),
    weights: null,
    correlation: null,
  };
}

function reportCbind(left: Call, right: Expression, report: Report): void {
  const successes = left.arguments[0] === undefined ? 'y' : deparse(left.arguments[0].value);
  const failures = left.arguments[1]?.value;
  // cbind(y, n - y): the number of trials is n.
  const total =
    failures?.kind === 'binary' && failures.operator === '-' && deparse(failures.right) === successes
      ? deparse(failures.left)
      : `${successes} + ${failures === undefined ? 'failures' : deparse(failures)}`;
  const predictor = isShortForm(right) ? deparse(right) : '...';
  report.add('MM342', left.span, { successes, total, predictor });
}

/** What the schema shows to be impossible; values are looked at when data are bound. */
function checkResponse(s: SampleStatement, name: keyof typeof families, scope: ColumnScope, report: Report): void {
  const left = stripParens(s.left);
  const type = left.kind === 'name' ? scope.known(left.name)?.type : undefined;
  if (type === undefined || type === 'unknown' || left.kind !== 'name') return;
  const needs = families[name].response;
  const label = type === 'factor' || type === 'text' || type === 'ordered';
  const number = type === 'real' || type === 'int' || type === 'count' || type === 'bool';
  const levels = scope.known(left.name)?.levels;
  const bad =
    needs === 'ordered'
      ? type === 'real' || type === 'bool' || type === 'text' || type === 'factor'
      : needs === 'binary'
        ? label && levels !== null && levels !== undefined && levels.length !== 2
        : !number;
  if (!bad) return;
  const described =
    type === 'ordered' || !label ? aType(number ? 'number' : 'ordered') : type === 'text' ? 'text' : 'a factor';
  const withLevels = needs === 'binary' && levels ? `${described} of ${levels.length} levels` : described;
  report.add('MM219', left.span, {
    response: left.name,
    type: withLevels,
    family: name,
    needs: describeResponse(needs),
  });
}

/** The samples of one block that are likelihoods. */
export function likelihoodStatements(
  samples: readonly SampleStatement[],
  kinds: ReadonlyMap<SampleStatement, SampleKind>,
): SampleStatement[] {
  return samples.filter((s) => kinds.get(s) === 'likelihood');
}

export function heldParameters(use: LikelihoodUse): ReadonlySet<string> {
  const args = use.family === null ? [] : argumentsOfUse(use.family);
  return new Set(args.flatMap((a) => (a.kind === 'held' ? [a.parameter.name] : [])));
}

export function dataParameters(use: LikelihoodUse): ReadonlySet<string> {
  const args = use.family === null ? [] : argumentsOfUse(use.family);
  return new Set(args.flatMap((a) => (a.kind === 'data' && a.parameter !== null ? [a.parameter.name] : [])));
}
