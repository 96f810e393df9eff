import type { Span } from '../diagnostics/span.js';
import type { Expression, Name } from './ast.js';

/** Stands in the tree where the text was damaged; the error has been reported, so what meets it stays silent. */
export function missingName(at: Span): Name {
  return { kind: 'name', name: '', quoted: false, span: at };
}

export function isMissing(expression: Expression): boolean {
  return expression.kind === 'name' && expression.name === '' && !expression.quoted;
}
