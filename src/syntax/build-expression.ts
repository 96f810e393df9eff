import type { CstNode, IToken, TokenType } from 'chevrotain';
import type {
  ArgumentCstNode,
  BarredCstNode,
  ExpressionCstNode,
  ListCstNode,
  OperandCstNode,
  PrimaryCstNode,
} from '../../grammar/cst.js';
import * as t from '../../grammar/tokens.js';
import type { Report } from '../diagnostics/report.js';
import { joinSpans, type Span } from '../diagnostics/span.js';
import type {
  Argument,
  BinaryOperator,
  Expression,
  List,
  Name,
  NumberLiteral,
  StringLiteral,
  UnaryOperator,
} from './ast.js';
import { unquote } from './literals.js';
import { missingName } from './missing.js';
import { bindingOf, isComparison, prefixOperandBinding } from './precedence.js';

/** Where the tree is read from: what was damaged is placed at the end of what was read before. */
export interface Reading {
  readonly report: Report;
  /** The end of the text, for what has no place. */
  readonly end: number;
}

export function spanOfToken(token: IToken | undefined, reading: Reading): Span {
  if (token === undefined || !(token.startOffset >= 0)) return { start: reading.end, end: reading.end };
  return { start: token.startOffset, end: token.startOffset + token.image.length };
}

export function spanOfNode(node: CstNode | undefined, reading: Reading): Span {
  const start = node?.location?.startOffset ?? Number.NaN;
  const end = (node?.location?.endOffset ?? start - 1) + 1;
  if (!(start >= 0)) return { start: reading.end, end: reading.end };
  return { start, end: Math.max(start, end) };
}

/** A name, plain or in backticks; where the recovery had to make one up, a missing one. */
export function buildName(token: IToken | undefined, reading: Reading, fallback: Span): Name {
  if (token === undefined || token.image === '') return missingName(fallback);
  const span = spanOfToken(token, reading);
  if (token.tokenType !== t.QuotedName) return { kind: 'name', name: token.image, quoted: false, span };
  const name = decode(token, reading);
  if (name === '') reading.report.add('MM131', span, { what: 'the name between the backticks' });
  return { kind: 'name', name, quoted: true, span };
}

export function buildString(token: IToken, reading: Reading): StringLiteral {
  return { kind: 'string', value: decode(token, reading), span: spanOfToken(token, reading) };
}

function decode(token: IToken, reading: Reading): string {
  const { value, badEscapes } = unquote(token.image);
  for (const offset of badEscapes) {
    const start = token.startOffset + offset;
    reading.report.add('MM117', { start, end: start + 2 }, { written: token.image.slice(offset, offset + 2) });
  }
  return value;
}

function buildNumber(token: IToken, reading: Reading): NumberLiteral {
  const span = spanOfToken(token, reading);
  const value = Number(token.image);
  if (value === Number.POSITIVE_INFINITY) reading.report.add('MM133', span, { text: token.image });
  return { kind: 'number', value, text: token.image, span };
}

/** Resolves the flat list of operands and operators by the table of precedence. */
export function buildExpression(node: ExpressionCstNode | undefined, reading: Reading, fallback: Span): Expression {
  const operands = node?.children.operand ?? [];
  if (operands.length === 0) return missingName(fallback);
  const operators = node?.children.BinaryOperator ?? [];
  return new Climber(operands, operators, reading, fallback).climb(0);
}

class Climber {
  private operand = 0;
  private operator = 0;

  constructor(
    private readonly operands: readonly OperandCstNode[],
    private readonly operators: readonly IToken[],
    private readonly reading: Reading,
    private readonly fallback: Span,
  ) {}

  /** Reads an operand and every operator behind it that binds at least as tightly as asked. */
  climb(least: number): Expression {
    const node = this.operands[this.operand++];
    return this.extend(node === undefined ? missingName(this.fallback) : this.prefixed(node, 0), least);
  }

  private prefixed(node: OperandCstNode, from: number): Expression {
    const token = node.children.PrefixOperator?.[from];
    if (token === undefined) return buildPostfix(node, this.reading, this.fallback);
    const operator = prefixOperator(token.tokenType);
    const operand = this.extend(this.prefixed(node, from + 1), prefixOperandBinding(operator));
    return { kind: 'unary', operator, operand, span: joinSpans(spanOfToken(token, this.reading), operand.span) };
  }

  private extend(first: Expression, least: number): Expression {
    let left = first;
    for (;;) {
      const token = this.operators[this.operator];
      const operator = token === undefined ? undefined : binaryOperatorOf.get(token.tokenType);
      if (operator === undefined || bindingOf(operator) < least) return left;
      this.operator++;
      if (isComparison(operator) && left.kind === 'binary' && isComparison(left.operator)) {
        this.reading.report.add('MM122', spanOfToken(token, this.reading), {});
      }
      const right = this.climb(operator === '^' ? bindingOf(operator) : bindingOf(operator) + 1);
      left = { kind: 'binary', operator, left, right, span: joinSpans(left.span, right.span) };
    }
  }
}

const binaryOperatorOf: ReadonlyMap<TokenType, BinaryOperator> = new Map<TokenType, BinaryOperator>([
  [t.Or, 'or'],
  [t.And, 'and'],
  [t.EqualEqual, '=='],
  [t.NotEqual, '!='],
  [t.Less, '<'],
  [t.LessEqual, '<='],
  [t.Greater, '>'],
  [t.GreaterEqual, '>='],
  [t.Plus, '+'],
  [t.Minus, '-'],
  [t.Star, '*'],
  [t.Slash, '/'],
  [t.Colon, ':'],
  [t.Caret, '^'],
]);

function prefixOperator(type: TokenType): UnaryOperator {
  if (type === t.Not) return 'not';
  return type === t.Plus ? '+' : '-';
}

function buildPostfix(node: OperandCstNode, reading: Reading, fallback: Span): Expression {
  let base = buildPrimary(node.children.primary?.[0], reading, fallback);
  (node.children.expression ?? []).forEach((indexNode, i) => {
    const index = buildExpression(indexNode, reading, base.span);
    const closing = node.children.RightBracket?.[i];
    const end = closing === undefined ? index.span : spanOfToken(closing, reading);
    base = { kind: 'index', base, index, span: joinSpans(base.span, end) };
  });
  return base;
}

function buildPrimary(node: PrimaryCstNode | undefined, reading: Reading, fallback: Span): Expression {
  if (node === undefined) return missingName(fallback);
  const { children } = node;
  const number = children.NumberLiteral?.[0];
  if (number !== undefined) return buildNumber(number, reading);
  const string = children.StringLiteral?.[0];
  if (string !== undefined) return buildString(string, reading);
  const list = children.list?.[0];
  if (list !== undefined) return buildList(list, reading);
  if (children.Name !== undefined) {
    const name = buildName(children.Name[0], reading, fallback);
    const call = children.arguments?.[0];
    if (call === undefined) return name;
    const args = (call.children.argument ?? []).map((a) => buildArgument(a, reading));
    return { kind: 'call', callee: name, arguments: args, span: joinSpans(name.span, spanOfNode(call, reading)) };
  }
  const span = spanOfNode(node, reading);
  return { kind: 'paren', inner: buildBarred(children.barred?.[0], reading, span), span };
}

function buildList(node: ListCstNode, reading: Reading): List {
  const span = spanOfNode(node, reading);
  const items = (node.children.expression ?? []).map((e) => buildExpression(e, reading, span));
  return { kind: 'list', items, span };
}

function buildArgument(node: ArgumentCstNode, reading: Reading): Argument {
  const span = spanOfNode(node, reading);
  const name = node.children.Name?.[0];
  return {
    name: name === undefined ? null : buildName(name, reading, span),
    value: buildBarred(node.children.barred?.[0], reading, span),
    span,
  };
}

function buildBarred(node: BarredCstNode | undefined, reading: Reading, fallback: Span): Expression {
  const bar = node?.children.RandomBar?.[0];
  const left = buildExpression(node?.children.expression?.[0], reading, fallback);
  if (bar === undefined) return left;
  const right = buildExpression(node?.children.expression?.[1], reading, spanOfToken(bar, reading));
  const operator = bar.tokenType === t.DoubleBar ? '||' : '|';
  return { kind: 'bar', operator, left, right, span: joinSpans(left.span, right.span) };
}
