import { assertNever } from '../diagnostics/internal-error.js';
import type { Expr } from '../graph/model-graph.js';

/** An expression as a user would write it, for messages and for telling one expression from another. */
export function expressionText(expr: Expr): string {
  switch (expr.kind) {
    case 'number':
      return String(expr.value);
    case 'infinity':
      return 'inf';
    case 'missing':
      return 'NA';
    case 'string':
      return JSON.stringify(expr.value);
    case 'bool':
      return String(expr.value);
    case 'column':
      return /^[A-Za-z.][\w.]*$/.test(expr.name) ? expr.name : `\`${expr.name}\``;
    case 'parameter':
      return `<${expr.ref.kind}>`;
    case 'unary':
      return `${expr.operator === 'not' ? 'not ' : expr.operator}${inBrackets(expr.operand)}`;
    case 'binary':
      return `${inBrackets(expr.left)} ${expr.operator} ${inBrackets(expr.right)}`;
    case 'call': {
      const args = expr.args.map((arg) => (arg.name === null ? '' : `${arg.name} = `) + expressionText(arg.value));
      return `${expr.name}(${args.join(', ')})`;
    }
    case 'list':
      return `[${expr.items.map(expressionText).join(', ')}]`;
    default:
      return assertNever(expr);
  }
}

function inBrackets(expr: Expr): string {
  return expr.kind === 'binary' ? `(${expressionText(expr)})` : expressionText(expr);
}
