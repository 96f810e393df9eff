import type { Expression } from '../syntax/ast.js';
import { isReserved, stripParens } from './walk-expression.js';

/** The value of an expression of numbers alone; null where it holds anything else. */
export function constantValue(expression: Expression): number | null {
  const e = stripParens(expression);
  switch (e.kind) {
    case 'number':
      return e.value;
    case 'name':
      return isReserved(e) && e.name === 'inf' ? Number.POSITIVE_INFINITY : null;
    case 'unary': {
      const value = constantValue(e.operand);
      return value === null || e.operator === 'not' ? null : e.operator === '-' ? -value : value;
    }
    case 'binary': {
      const left = constantValue(e.left);
      const right = constantValue(e.right);
      if (left === null || right === null) return null;
      switch (e.operator) {
        case '+':
          return left + right;
        case '-':
          return left - right;
        case '*':
          return left * right;
        case '/':
          return left / right;
        case '^':
          return left ** right;
        default:
          return null;
      }
    }
    case 'call': {
      const only = e.arguments.length === 1 ? e.arguments[0] : undefined;
      const value = only === undefined ? null : constantValue(only.value);
      if (value === null) return null;
      switch (e.callee.name) {
        case 'sqrt':
          return Math.sqrt(value);
        case 'log':
          return Math.log(value);
        case 'exp':
          return Math.exp(value);
        default:
          return null;
      }
    }
    default:
      return null;
  }
}
