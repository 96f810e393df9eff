import { InternalError } from '../diagnostics/internal-error.js';
import type { ArithmeticOperator, Expr, GroupNode } from '../graph/model-graph.js';
import type { CheckedGroup, References } from '../semantics/checked-model.js';
import { isReserved } from '../semantics/walk-expression.js';
import type { BinaryOperator, Expression } from '../syntax/ast.js';

const noReferences: References = new Map();

/** An expression of the syntax tree as the graph keeps it: `refs` says what is a parameter; other names are columns. */
export function lowerExpression(e: Expression, refs: References = noReferences): Expr {
  const ref = refs.get(e);
  if (ref !== undefined) return { kind: 'parameter', ref };
  switch (e.kind) {
    case 'number':
      return { kind: 'number', value: e.value };
    case 'string':
      return { kind: 'string', value: e.value };
    case 'name':
      return lowerName(e.name, isReserved(e));
    case 'paren':
      return lowerExpression(e.inner, refs);
    case 'unary':
      return { kind: 'unary', operator: e.operator, operand: lowerExpression(e.operand, refs) };
    case 'binary':
      return {
        kind: 'binary',
        operator: arithmetic(e.operator),
        left: lowerExpression(e.left, refs),
        right: lowerExpression(e.right, refs),
      };
    case 'call':
      return {
        kind: 'call',
        name: e.callee.name,
        args: e.arguments.map((a) => ({ name: a.name?.name ?? null, value: lowerExpression(a.value, refs) })),
      };
    case 'list':
      return { kind: 'list', items: e.items.map((item) => lowerExpression(item, refs)) };
    case 'index':
    case 'bar':
      throw new InternalError(`lower: an ${e.kind} is not a value`, e);
  }
}

function lowerName(name: string, reserved: boolean): Expr {
  if (!reserved) return { kind: 'column', name };
  switch (name) {
    case 'true':
    case 'false':
      return { kind: 'bool', value: name === 'true' };
    case 'inf':
      return { kind: 'infinity' };
    default:
      return { kind: 'missing' };
  }
}

function arithmetic(operator: BinaryOperator): ArithmeticOperator {
  if (operator === ':') throw new InternalError('lower: an interaction is not arithmetic');
  return operator;
}

export function lowerGroup(group: CheckedGroup): GroupNode {
  return { label: group.label, columns: group.columns.map((c) => lowerExpression(c)) };
}
