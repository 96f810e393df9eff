import { assertNever } from '../diagnostics/internal-error.js';
import type { Expression, Name } from '../syntax/ast.js';

export function childrenOf(e: Expression): readonly Expression[] {
  switch (e.kind) {
    case 'number':
    case 'string':
    case 'name':
      return [];
    case 'call':
      return e.arguments.map((a) => a.value);
    case 'index':
      return [e.base, e.index];
    case 'unary':
      return [e.operand];
    case 'binary':
    case 'bar':
      return [e.left, e.right];
    case 'list':
      return e.items;
    case 'paren':
      return [e.inner];
    default:
      return assertNever(e);
  }
}

/** Names that stand for values (a call's function and an argument's name do not), in source order. */
export function namesIn(e: Expression): Name[] {
  return e.kind === 'name' ? [e] : childrenOf(e).flatMap(namesIn);
}

export function someExpression(e: Expression, holds: (e: Expression) => boolean): boolean {
  return holds(e) || childrenOf(e).some((child) => someExpression(child, holds));
}

export function stripParens(e: Expression): Expression {
  return e.kind === 'paren' ? stripParens(e.inner) : e;
}

export const reservedNames: ReadonlySet<string> = new Set(['true', 'false', 'inf', 'NA']);

/** `true`, `false`, `inf`, `NA` written bare; in backticks they are ordinary names. */
export function isReserved(e: Expression): boolean {
  return e.kind === 'name' && !e.quoted && reservedNames.has(e.name);
}
