import type { BinaryOperator, UnaryOperator } from './ast.js';

/** How tightly each operator binds its operands; the table of `mm.ebnf` in numbers. */
const bindings: Readonly<Record<BinaryOperator, number>> = {
  or: 1,
  and: 2,
  '==': 4,
  '!=': 4,
  '<': 4,
  '<=': 4,
  '>': 4,
  '>=': 4,
  '+': 5,
  '-': 5,
  '*': 6,
  '/': 6,
  ':': 7,
  '^': 9,
};

/** `not` takes whole comparisons, a sign takes no more than a power: -x^2 is -(x^2), and -a:b is (-a):b. */
const prefixBindings: Readonly<Record<UnaryOperator, number>> = { not: 3, '-': 8, '+': 8 };

export function bindingOf(operator: BinaryOperator): number {
  return bindings[operator];
}

export function prefixBindingOf(operator: UnaryOperator): number {
  return prefixBindings[operator];
}

/** What binds less tightly than this is not part of the operand behind the prefix. */
export function prefixOperandBinding(operator: UnaryOperator): number {
  return prefixBindings[operator] + 1;
}

export function isComparison(operator: BinaryOperator): boolean {
  return bindings[operator] === bindings['=='];
}
