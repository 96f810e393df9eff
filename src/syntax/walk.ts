import type { Expression } from './ast.js';

/** The expressions directly inside one, from left to right; names of calls and of arguments are not among them. */
export function partsOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'number':
    case 'string':
    case 'name':
      return [];
    case 'call':
      return expression.arguments.map((a) => a.value);
    case 'index':
      return [expression.base, expression.index];
    case 'unary':
      return [expression.operand];
    case 'binary':
    case 'bar':
      return [expression.left, expression.right];
    case 'list':
      return expression.items;
    case 'paren':
      return [expression.inner];
  }
}

/** The expression and everything inside it, outermost first. */
export function everyExpression(expression: Expression): Expression[] {
  const found: Expression[] = [];
  const waiting = [expression];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    found.push(next);
    waiting.push(...[...partsOf(next)].reverse());
  }
  return found;
}
