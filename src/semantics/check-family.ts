import type { Report } from '../diagnostics/report.js';
import type { FamilyDataArgument, FamilyName, FamilyParameter } from '../families/family.js';
import { families } from '../families/index.js';
import { type LinkName, linkNames } from '../links/link.js';
import type { Argument, Call, Expression, Name } from '../syntax/ast.js';
import { isMissing } from '../syntax/missing.js';
import { checkGroups } from './check-group.js';
import type { CheckedCorrelation } from './checked-model.js';
import { checkColumnExpression } from './column-expression.js';
import type { ColumnScope } from './column-scope.js';
import { constantValue } from './constant.js';
import { deparse } from './deparse.js';
import { argumentAdvice, foreignArguments, isFamilyName, nearestFamily } from './family-names.js';
import { nearest } from './spelling.js';
import { isErrorStructureName } from './structures.js';
import { namesIn, stripParens } from './walk-expression.js';

/** A family as a likelihood names it, before its parameters have predictors. */
export interface FamilyUse {
  readonly name: FamilyName;
  readonly call: Call;
  readonly base: FamilyUse | null;
  readonly arguments: readonly ArgumentUse[];
  /** `sigma / sqrt(w)`: the w. */
  readonly weights: Expression | null;
  readonly correlation: CheckedCorrelation | null;
}

export type ArgumentUse =
  | { readonly kind: 'parameter'; readonly parameter: FamilyParameter; readonly at: Expression }
  /** A number in the place of a parameter. */
  | { readonly kind: 'held'; readonly parameter: FamilyParameter; readonly value: number; readonly at: Expression }
  | {
      readonly kind: 'data';
      readonly name: string;
      readonly value: Expression;
      readonly parameter: FamilyParameter | null;
    }
  | { readonly kind: 'number'; readonly name: string; readonly value: number }
  | { readonly kind: 'link'; readonly name: string; readonly link: LinkName };

interface FamilyContext {
  readonly scope: ColumnScope;
  readonly report: Report;
}

/** Every parameter that the family and those inside it leave to be estimated. */
export function parametersOfUse(use: FamilyUse): FamilyParameter[] {
  const own = use.arguments.flatMap((a) => (a.kind === 'parameter' || a.kind === 'held' ? [a.parameter] : []));
  return use.base === null ? own : [...parametersOfUse(use.base), ...own];
}

export function argumentsOfUse(use: FamilyUse): ArgumentUse[] {
  return use.base === null ? [...use.arguments] : [...argumentsOfUse(use.base), ...use.arguments];
}

/** The arguments as the call would be written: `binomial(size, p)`. */
export function usage(name: FamilyName): string {
  return `${name}(${families[name].order.join(', ')})`;
}

/** Checks the right side of a likelihood; null where it is too wrong to go on with. */
export function checkFamily(call: Call, context: FamilyContext): FamilyUse | null {
  const { report } = context;
  const name = call.callee.name;
  if (!isFamilyName(name)) {
    report.add('MM205', call.callee.span, { name, near: nearestFamily(name) });
    return null;
  }
  const signature = families[name];
  const uses: ArgumentUse[] = [];
  let base: FamilyUse | null = null;
  let weights: Expression | null = null;
  let correlation: CheckedCorrelation | null = null;
  let wrong = false;
  // Arguments by another program's names come together: one message for all of them.
  const strangers = new Strangers(name, report);

  const { given, extra } = matchArguments(name, call, strangers, report);
  for (const a of extra) {
    if (a.name?.name === 'cor') {
      if (name === 'normal') correlation = checkCorrelation(a.value, context);
      else report.add('MM319', a.span, { family: name });
      if (name !== 'normal' || correlation === null) wrong = true;
    } else wrong = true; // reported by matchArguments
  }

  for (const argumentName of signature.order) {
    const argument = given.get(argumentName);
    const data = signature.dataArguments.find((d) => d.name === argumentName);
    if (argument === undefined) {
      if (data?.required === false) continue;
      if (!wrong) report.add('MM320', call.span, { family: name, argument: argumentName, usage: usage(name) });
      wrong = true;
      continue;
    }
    if (data?.kind === 'family') {
      base = checkInnerFamily(name, argument.value, context);
      if (base === null) wrong = true;
      weights ??= base?.weights ?? null;
    } else if (data !== undefined) {
      const use = checkDataArgument(data, argument.value, name, context);
      if (use === null) wrong = true;
      else uses.push(use);
    } else {
      const parameter = signature.parameters.find((p) => p.name === argumentName);
      if (parameter === undefined) continue;
      const scaled = weightsOf(argument.value, parameter);
      if (scaled !== null) {
        checkColumnExpression(scaled, { scope: context.scope, report, inTerm: false });
        weights = scaled;
        uses.push({ kind: 'parameter', parameter, at: argument.value });
        continue;
      }
      const use = checkParameterArgument(parameter, argument.value, name, strangers, context);
      if (use === null) wrong = true;
      else uses.push(use);
    }
  }
  return wrong ? null : { name, call, base, arguments: uses, weights, correlation };
}

/** Reports the first argument of a call that the family does not have. */
class Strangers {
  private said = false;

  constructor(
    private readonly family: FamilyName,
    private readonly report: Report,
  ) {}

  add(name: Name, why: string | undefined): void {
    if (!this.said)
      this.report.add('MM209', name.span, { family: this.family, name: name.name, usage: usage(this.family), why });
    this.said = true;
  }
}

/** Pairs what was written with the arguments the family declares, by name where one is given. */
function matchArguments(
  name: FamilyName,
  call: Call,
  strangers: Strangers,
  report: Report,
): { given: Map<string, Argument>; extra: Argument[] } {
  const { order } = families[name];
  const given = new Map<string, Argument>();
  const extra: Argument[] = [];
  const free = order.filter((o) => !call.arguments.some((a) => a.name?.name === o));
  let tooMany = 0;
  for (const a of call.arguments) {
    if (a.name === null) {
      const next = free.shift();
      if (next === undefined) tooMany++;
      else given.set(next, a);
    } else if (order.includes(a.name.name)) given.set(a.name.name, a);
    else {
      extra.push(a);
      if (a.name.name === 'link') strangers.add(a.name, 'the link stands left of the predictor, as in log(mu) = ...');
      else if (a.name.name !== 'cor') strangers.add(a.name, argumentAdvice(name, a.name.name));
    }
  }
  if (tooMany > 0) {
    const expected = `${order.length} arguments, ${usage(name)}`;
    report.add('MM208', call.span, { name, expected, found: order.length + tooMany });
  }
  return { given, extra };
}

function checkInnerFamily(outer: FamilyName, e: Expression, context: FamilyContext): FamilyUse | null {
  const inner = stripParens(e);
  if (inner.kind !== 'call') {
    context.report.add('MM321', e.span, { outer, text: deparse(e) });
    return null;
  }
  const use = checkFamily(inner, context);
  if (use === null) return null;
  const response = families[use.name].response;
  const reason =
    use.base !== null && !(outer === 'zero_inflated' && use.name === 'truncated')
      ? 'it holds a family itself'
      : use.name === 'dirac' || response === 'ordered' || response === 'binary'
        ? `its response is ${describeResponse(response)}`
        : outer === 'zero_inflated' && use.base === null && response !== 'count' && response !== 'trials'
          ? 'it never gives zero; write hurdle(...) for zeros beside positive values'
          : outer === 'hurdle' && (response === 'real' || response === 'unit')
            ? `its response is ${describeResponse(response)}`
            : undefined;
  if (reason === undefined) return use;
  context.report.add('MM322', inner.span, { outer, inner: use.name, reason });
  return null;
}

export function describeResponse(kind: (typeof families)[FamilyName]['response']): string {
  switch (kind) {
    case 'real':
      return 'a real number';
    case 'positive':
      return 'a positive number';
    case 'unit':
      return 'a number between 0 and 1';
    case 'count':
      return 'a count';
    case 'trials':
      return 'a number of successes';
    case 'binary':
      return '0 or 1, true or false, or a factor of two levels';
    case 'ordered':
      return 'an ordered factor';
    case 'inherit':
      return 'that of the family inside';
  }
}

function checkDataArgument(
  data: FamilyDataArgument,
  value: Expression,
  family: FamilyName,
  { scope, report }: FamilyContext,
): ArgumentUse | null {
  const e = stripParens(value);
  if (data.kind === 'link') {
    if (e.kind === 'name' && isLinkName(e.name)) return { kind: 'link', name: data.name, link: e.name };
    const name = deparse(e);
    report.add('MM206', e.span, { name, near: nearest(name, linkNames), known: linkNames.join(', ') });
    return null;
  }
  const number = constantValue(e);
  if (number !== null) return { kind: 'number', name: data.name, value: number };
  if (
    e.kind === 'name' &&
    e.name !== data.name &&
    families[family].order.includes(e.name) &&
    scope.known(e.name) === undefined
  ) {
    report.add('MM320', e.span, { family, argument: data.name, usage: usage(family) });
    return null;
  }
  if (data.kind === 'number') {
    report.add('MM227', value.span, { text: deparse(value), where: `'${data.name}', a constant` });
    return null;
  }
  const type = checkColumnExpression(e, { scope, report, inTerm: false });
  if (type === 'wrong') return null;
  if (type === 'factor' || type === 'ordered' || type === 'text' || type === 'string') {
    report.add('MM215', e.span, {
      text: deparse(e),
      type: type === 'text' ? 'text' : `a ${type}`,
      where: `'${data.name}'`,
    });
    return null;
  }
  return { kind: 'data', name: data.name, value: e, parameter: null };
}

export function isLinkName(name: string): name is LinkName {
  return (linkNames as readonly string[]).includes(name);
}

function checkParameterArgument(
  parameter: FamilyParameter,
  value: Expression,
  family: FamilyName,
  strangers: Strangers,
  context: FamilyContext,
): ArgumentUse | null {
  const { scope, report } = context;
  const e = stripParens(value);
  const number = constantValue(e);
  if (number !== null) {
    const outside =
      (parameter.support === 'positive' && !(number > 0)) ||
      (parameter.support === 'unit' && !(number >= 0 && number <= 1)) ||
      !Number.isFinite(number);
    if (outside) {
      report.add('MM324', e.span, { name: parameter.name, value: deparse(e), support: supportText(parameter.support) });
      return null;
    }
    return { kind: 'held', parameter, value: number, at: e };
  }
  if (e.kind === 'name') return checkNamedArgument(parameter, e, family, strangers, context);
  const names = namesIn(e);
  if (parameter.mayBeData && names.length > 0 && names.every((n) => isColumn(n, parameter, context))) {
    const type = checkColumnExpression(e, { scope, report, inTerm: false });
    return type === 'wrong' ? null : { kind: 'data', name: parameter.name, value: e, parameter };
  }
  report.add('MM325', e.span, { family, argument: parameter.name, text: deparse(e) });
  return null;
}

function isColumn(name: Name, parameter: FamilyParameter, { scope }: FamilyContext): boolean {
  return name.name !== parameter.name && (scope.known(name.name) !== undefined || !scope.complete);
}

function checkNamedArgument(
  parameter: FamilyParameter,
  e: Name,
  family: FamilyName,
  strangers: Strangers,
  { scope, report }: FamilyContext,
): ArgumentUse | null {
  if (isMissing(e)) return null;
  const known = scope.known(e.name) !== undefined;
  if (e.name === parameter.name && !known) return { kind: 'parameter', parameter, at: e };
  const mayBe = known || (!scope.complete && !foreignArguments.has(e.name) && !families[family].order.includes(e.name));
  if (mayBe && parameter.mayBeData) {
    if (known && e.name === parameter.name) report.add('MM233', e.span, { name: e.name });
    const type = checkColumnExpression(e, { scope, report, inTerm: false });
    return type === 'wrong' ? null : { kind: 'data', name: parameter.name, value: e, parameter };
  }
  if (known && e.name === parameter.name) {
    report.add('MM210', e.span, { argument: parameter.name, column: e.name });
    return null;
  }
  const near = nearest(e.name, [parameter.name]);
  const why =
    argumentAdvice(family, e.name) ??
    (known ? `${parameter.name} is what the model explains, so it cannot be a column` : undefined) ??
    (near === undefined ? undefined : `did you mean '${near}'?`);
  strangers.add(e, why);
  return null;
}

export function supportText(support: FamilyParameter['support']): string {
  return support === 'positive' ? 'positive' : support === 'unit' ? 'between 0 and 1' : 'a finite number';
}

/** `sigma / sqrt(w)` in the place of sigma: the w. */
function weightsOf(value: Expression, parameter: FamilyParameter): Expression | null {
  const e = stripParens(value);
  if (parameter.role !== 'scale' || e.kind !== 'binary' || e.operator !== '/') return null;
  const left = stripParens(e.left);
  const right = stripParens(e.right);
  if (left.kind !== 'name' || left.name !== parameter.name) return null;
  if (right.kind !== 'call' || right.callee.name !== 'sqrt') return null;
  return right.arguments[0]?.value ?? null;
}

function checkCorrelation(value: Expression, { scope, report }: FamilyContext): CheckedCorrelation | null {
  const e = stripParens(value);
  const first = e.kind === 'call' ? e.arguments[0]?.value : undefined;
  if (e.kind !== 'call' || !isErrorStructureName(e.callee.name) || first?.kind !== 'bar' || e.arguments.length !== 1) {
    report.add('MM326', e.span, {});
    return null;
  }
  if (first.operator === '||')
    report.add('MM306', first.span, { text: deparse(first), where: 'correlated errors', hint: 'write |' });
  const groups = checkGroups(first.right, scope, report);
  const type = checkColumnExpression(first.left, { scope, report, inTerm: false });
  const group = groups?.at(-1);
  if (group === undefined || type === 'wrong') return null;
  if (groups?.length !== 1) {
    report.add('MM306', first.right.span, {
      text: deparse(first.right),
      where: 'correlated errors',
      hint: 'name one group',
    });
    return null;
  }
  return { structure: e.callee.name, position: first.left, group, span: e.span };
}
