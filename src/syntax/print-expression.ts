import { isPlainName } from '../../grammar/tokens.js';
import { assertNever } from '../diagnostics/internal-error.js';
import type { Expression, Name } from './ast.js';
import { quote } from './literals.js';
import { bindingOf, isComparison, prefixBindingOf, prefixOperandBinding } from './precedence.js';

/** A stretch of text behind which a line may end, or may not; `depth` counts the brackets around that place. */
export interface Piece {
  readonly text: string;
  readonly breakDepth: number | undefined;
}

/** On one line. Parentheses that the tree does not have are added where it would be read differently without them. */
export function printExpression(expression: Expression): string {
  return expressionPieces(expression)
    .map((piece) => piece.text)
    .join('');
}

/** As `printExpression`, cut behind every sum, `and`, `or` and comma. */
export function expressionPieces(expression: Expression): Piece[] {
  const writer = new ExpressionWriter();
  writer.expression(expression, 0, 0);
  return writer.finish();
}

export function printName(name: Name): string {
  return name.quoted || !isPlainName(name.name) ? quote(name.name, '`') : name.name;
}

class ExpressionWriter {
  private readonly pieces: Piece[] = [];
  private text = '';
  private depth = 0;

  finish(): Piece[] {
    this.pieces.push({ text: this.text, breakDepth: undefined });
    return this.pieces;
  }

  private mayBreak(): void {
    this.pieces.push({ text: this.text, breakDepth: this.depth });
    this.text = '';
  }

  private bracketed(open: string, close: string, inside: () => void): void {
    this.text += open;
    this.depth++;
    inside();
    this.depth--;
    this.text += close;
  }

  private separated<T>(items: readonly T[], write: (item: T) => void): void {
    items.forEach((item, i) => {
      if (i > 0) {
        this.text += ', ';
        this.mayBreak();
      }
      write(item);
    });
  }

  /**
   * @param least the binding an operator needs to be read as part of this operand
   * @param following the binding of the operator behind, which the operand of a prefix could draw in
   */
  expression(e: Expression, least: number, following: number): void {
    switch (e.kind) {
      case 'number':
        this.text += e.text;
        return;
      case 'string':
        this.text += quote(e.value, '"');
        return;
      case 'name':
        this.text += printName(e);
        return;
      case 'call':
        this.text += printName(e.callee);
        this.bracketed('(', ')', () =>
          this.separated(e.arguments, (argument) => {
            if (argument.name !== null) this.text += `${printName(argument.name)} = `;
            this.barred(argument.value);
          }),
        );
        return;
      case 'index':
        this.base(e.base);
        this.bracketed('[', ']', () => this.expression(e.index, 0, 0));
        return;
      case 'list':
        this.bracketed('[', ']', () => this.separated(e.items, (item) => this.expression(item, 0, 0)));
        return;
      case 'paren':
        this.bracketed('(', ')', () => this.barred(e.inner));
        return;
      case 'bar':
        this.bracketed('(', ')', () => this.barred(e));
        return;
      case 'unary': {
        const operandBinding = prefixOperandBinding(e.operator);
        if (following >= operandBinding) {
          this.inParentheses(e);
          return;
        }
        this.text += e.operator === 'not' ? 'not ' : e.operator;
        // Two signs in a row are hard to read, and the grammar takes them; a blank keeps them apart.
        if (e.operator !== 'not' && e.operand.kind === 'unary' && e.operand.operator !== 'not') this.text += ' ';
        this.expression(e.operand, operandBinding, following);
        return;
      }
      case 'binary': {
        const binding = bindingOf(e.operator);
        if (binding < least) {
          this.inParentheses(e);
          return;
        }
        const rightwards = e.operator === '^';
        const chains = rightwards || isComparison(e.operator);
        this.expression(e.left, chains ? binding + 1 : binding, binding);
        this.text += e.operator === '^' || e.operator === ':' ? e.operator : ` ${e.operator} `;
        if (binding <= bindingOf('and') || binding === bindingOf('+')) this.mayBreak();
        this.expression(e.right, rightwards ? binding : binding + 1, following);
        return;
      }
      default:
        assertNever(e);
    }
  }

  private inParentheses(e: Expression): void {
    this.bracketed('(', ')', () => this.expression(e, 0, 0));
  }

  private barred(e: Expression): void {
    if (e.kind === 'bar') {
      this.expression(e.left, 0, 0);
      this.text += ` ${e.operator} `;
      this.expression(e.right, 0, 0);
    } else {
      this.expression(e, 0, 0);
    }
  }

  /** Only what needs no parentheses may stand before an index. */
  private base(e: Expression): void {
    if (e.kind === 'binary' || e.kind === 'unary') this.inParentheses(e);
    else this.expression(e, prefixBindingOf('-'), 0);
  }
}
