import { assertNever } from '../diagnostics/internal-error.js';
import type { Report } from '../diagnostics/report.js';
import type { Binary, Call, Expression, Name } from '../syntax/ast.js';
import { isMissing } from '../syntax/missing.js';
import { callsOfR } from '../syntax/syntax-errors.js';
import { columnFunctions } from './column-functions.js';
import type { ColumnInfo, ColumnScope } from './column-scope.js';
import { deparse } from './deparse.js';
import { columnAdvice, functionAdvice } from './r-habits.js';
import { nearest } from './spelling.js';
import { isReserved, stripParens } from './walk-expression.js';

/** What a column expression is; `wrong`: it was reported already, so say no more about it. */
export type ValueType = 'number' | 'bool' | 'factor' | 'ordered' | 'text' | 'string' | 'matrix' | 'unknown' | 'wrong';

/** Where an expression stands: in a term of a predictor `poly` and the like are allowed at its top. */
export interface ColumnContext {
  readonly scope: ColumnScope;
  readonly report: Report;
  readonly inTerm: boolean;
}

/** Resolves the names of an expression of columns, checks its types and reports what is wrong with it. */
export function checkColumnExpression(e: Expression, context: ColumnContext): ValueType {
  const { report } = context;
  const inner = context.inTerm ? { ...context, inTerm: false } : context;
  switch (e.kind) {
    case 'number':
      return 'number';
    case 'string':
      return 'string';
    case 'name':
      return checkName(e, context);
    case 'paren':
      return checkColumnExpression(e.inner, context);
    case 'call':
      return checkCall(e, context);
    case 'unary': {
      const type = checkColumnExpression(e.operand, inner);
      if (e.operator === 'not') return wantNumber(e.operand, type, "'not'", inner) ? 'bool' : 'wrong';
      return wantNumber(e.operand, type, 'arithmetic', inner) ? 'number' : 'wrong';
    }
    case 'binary':
      return checkBinary(e, inner);
    case 'index':
    case 'bar':
    case 'list':
      report.add('MM227', e.span, { text: deparse(e), where: 'an expression of columns' });
      return 'wrong';
    default:
      return assertNever(e);
  }
}

export function columnValueType(info: ColumnInfo): ValueType {
  switch (info.type) {
    case 'real':
    case 'int':
    case 'count':
      return 'number';
    default:
      return info.type;
  }
}

/** Reports a name that is no column; returns what the column is where it is one. */
export function resolveColumn(name: Name, context: ColumnContext): ColumnInfo | undefined {
  const { scope, report } = context;
  if (isMissing(name)) return undefined; // the text was damaged here, and that was said
  const info = scope.lookup(name.name);
  if (info !== undefined) {
    scope.use(name.name, name.span);
    return info;
  }
  const meaning = scope.otherMeaning(name.name);
  if (meaning !== undefined) {
    report.add('MM221', name.span, { name: name.name, what: meaning, where: 'where a column is needed' });
  } else {
    const near = nearest(name.name, scope.names);
    report.add('MM231', name.span, { name: name.name, near, advice: columnAdvice(name.name) });
  }
  return undefined;
}

function checkName(e: Name, context: ColumnContext): ValueType {
  if (isReserved(e)) return e.name === 'true' || e.name === 'false' ? 'bool' : e.name === 'inf' ? 'number' : 'unknown';
  const info = resolveColumn(e, context);
  return info === undefined ? 'wrong' : columnValueType(info);
}

function checkCall(e: Call, context: ColumnContext): ValueType {
  const { report } = context;
  const name = e.callee.name;
  const f = Object.hasOwn(columnFunctions, name) ? columnFunctions[name] : undefined;
  const inner = { ...context, inTerm: context.inTerm && name === 'I' };
  if (f === undefined) {
    if (callsOfR.has(name)) report.add('MM111', e.callee.span, { call: name });
    else {
      const near = nearest(name, Object.keys(columnFunctions));
      report.add('MM207', e.callee.span, { name, near, advice: functionAdvice(name) });
    }
    // Its arguments may hold mistakes of their own.
    for (const a of e.arguments) if (a.value.kind !== 'bar') checkColumnExpression(a.value, inner);
    return 'wrong';
  }
  if (f.predictorOnly === true && !context.inTerm) report.add('MM225', e.callee.span, { name });
  const positional = e.arguments.filter((a) => a.name === null || a.name.name === 'x');
  const [least, most] = f.arity;
  if (positional.length < least || positional.length > most) {
    report.add('MM208', e.span, { name, expected: countText(least, most), found: positional.length });
  }
  const types = positional.map((a) => checkColumnExpression(a.value, inner));
  for (const a of e.arguments) {
    if (a.name === null || (a.name.name === 'x' && f.named.includes('x'))) continue;
    if (!f.named.includes(a.name.name)) {
      report.add('MM226', a.name.span, { name, argument: a.name.name, known: f.named.join(', ') });
    } else if (!isConstant(a.value)) {
      const text = deparse(a.value);
      const where = `the argument '${a.name.name}', a constant`;
      report.add('MM227', a.value.span, { text, where, advice: columnAdvice(text) });
    }
  }
  const first = positional[0];
  if (first !== undefined && (f.takes === 'number' || f.takes === 'bool')) {
    if (!wantNumber(first.value, types[0] ?? 'wrong', `'${name}'`, inner)) return 'wrong';
  }
  if (f.gives !== 'same') return f.gives;
  return types.find((t, i) => i > 0 && t !== 'unknown') ?? types[0] ?? 'wrong';
}

function countText(least: number, most: number): string {
  if (most === Number.POSITIVE_INFINITY) return `at least ${least} argument${least === 1 ? '' : 's'}`;
  if (least === most) return least === 1 ? 'one argument' : `${least} arguments`;
  return `${least} to ${most} arguments`;
}

/** A number, bool, `inf` or a list of them: what named arguments such as `df = 3` may be. */
export function isConstant(e: Expression): boolean {
  const inner = stripParens(e);
  if (inner.kind === 'number' || inner.kind === 'string' || isReserved(inner)) return true;
  if (inner.kind === 'unary') return isConstant(inner.operand);
  return inner.kind === 'list' && inner.items.every(isConstant);
}

function checkBinary(e: Binary, context: ColumnContext): ValueType {
  const left = checkColumnExpression(e.left, context);
  const right = checkColumnExpression(e.right, context);
  switch (e.operator) {
    case '+':
    case '-':
    case '*':
    case '/':
    case '^': {
      const ok = [wantNumber(e.left, left, 'arithmetic', context), wantNumber(e.right, right, 'arithmetic', context)];
      return ok.every(Boolean) ? 'number' : 'wrong';
    }
    case 'and':
    case 'or': {
      const where = `'${e.operator}'`;
      const ok = [wantNumber(e.left, left, where, context), wantNumber(e.right, right, where, context)];
      return ok.every(Boolean) ? 'bool' : 'wrong';
    }
    case ':':
      context.report.add('MM227', e.span, { text: deparse(e), where: 'an expression of columns' });
      return 'wrong';
    default:
      return checkComparison(e, left, right, context);
  }
}

function checkComparison(e: Binary, left: ValueType, right: ValueType, context: ColumnContext): ValueType {
  const { report } = context;
  if (left === 'wrong' || right === 'wrong') return 'wrong';
  checkLevel(e.left, e.right, context);
  checkLevel(e.right, e.left, context);
  const kinds = [comparable(left), comparable(right)];
  if (kinds.includes('any') || kinds[0] === kinds[1]) {
    if (
      kinds[0] === 'label' &&
      e.operator !== '==' &&
      e.operator !== '!=' &&
      left !== 'ordered' &&
      right !== 'ordered'
    ) {
      report.add('MM215', e.span, { text: deparse(e.left), type: aType(left), where: `'${e.operator}'` });
      return 'wrong';
    }
    return 'bool';
  }
  report.add('MM218', e.span, {
    left: `${aType(left)} (${deparse(e.left)})`,
    right: `${aType(right)} (${deparse(e.right)})`,
  });
  return 'wrong';
}

function comparable(type: ValueType): 'number' | 'label' | 'any' {
  switch (type) {
    case 'number':
    case 'bool':
    case 'matrix':
      return 'number';
    case 'unknown':
    case 'wrong':
      return 'any';
    default:
      return 'label';
  }
}

/** `trt == "drgu"`: the level must exist where levels are known. */
function checkLevel(column: Expression, value: Expression, context: ColumnContext): void {
  if (column.kind !== 'name' || value.kind !== 'string') return;
  const levels = context.scope.known(column.name)?.levels;
  if (levels === null || levels === undefined || levels.includes(value.value)) return;
  context.report.add('MM217', value.span, {
    column: column.name,
    level: value.value,
    near: nearest(value.value, levels),
    known: listed(levels),
  });
}

export function listed(values: readonly string[]): string {
  return values.length <= 8 ? values.join(', ') : `${values.slice(0, 7).join(', ')}, ... (${values.length})`;
}

function wantNumber(e: Expression, type: ValueType, where: string, context: ColumnContext): boolean {
  if (type === 'wrong') return false;
  if (type === 'number' || type === 'bool' || type === 'unknown' || type === 'matrix') return true;
  context.report.add('MM215', e.span, { text: deparse(e), type: aType(type), where });
  return false;
}

export function aType(type: ValueType): string {
  switch (type) {
    case 'ordered':
      return 'an ordered factor';
    case 'unknown':
    case 'wrong':
      return 'of unknown type';
    case 'number':
    case 'factor':
    case 'string':
    case 'matrix':
    case 'bool':
      return `a ${type}`;
    default:
      return type;
  }
}
