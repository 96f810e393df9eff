import { assertNever } from '../diagnostics/internal-error.js';
import type { Argument, BinaryOperator, Expression } from '../syntax/ast.js';

/** Text of an expression as R's `deparse` spaces it; terms and coefficients get their names from here. */
export function deparse(e: Expression): string {
  switch (e.kind) {
    case 'number':
      return deparseNumber(e.value);
    case 'string':
      return JSON.stringify(e.value);
    case 'name':
      return isPlainName(e.name) ? e.name : `\`${e.name}\``;
    case 'call':
      return `${e.callee.name}(${e.arguments.map(deparseArgument).join(', ')})`;
    case 'index':
      return `${deparse(e.base)}[${deparse(e.index)}]`;
    case 'unary':
      return e.operator === 'not' ? `not ${deparse(e.operand)}` : `${e.operator}${deparse(e.operand)}`;
    case 'binary':
      return `${deparse(e.left)}${spaced(e.operator)}${deparse(e.right)}`;
    case 'bar':
      return `${deparse(e.left)} ${e.operator} ${deparse(e.right)}`;
    case 'list':
      return `[${e.items.map(deparse).join(', ')}]`;
    case 'paren':
      return `(${deparse(e.inner)})`;
    default:
      return assertNever(e);
  }
}

/** The label of a variable in a formula: a bare name needs no backticks there. */
export function variableLabel(e: Expression): string {
  return e.kind === 'name' ? e.name : deparse(e);
}

function deparseArgument(a: Argument): string {
  return a.name === null ? deparse(a.value) : `${a.name.name} = ${deparse(a.value)}`;
}

// R writes `a/b`, `a^b` and `a:b` without spaces, every other operator with.
function spaced(operator: BinaryOperator): string {
  return operator === '/' || operator === '^' || operator === ':' ? operator : ` ${operator} `;
}

function isPlainName(name: string): boolean {
  return /^[A-Za-z_.][\w.]*$/.test(name);
}

/** R prints 15 digits and takes scientific notation where that is shorter: 100000 is `1e+05`. */
export function deparseNumber(value: number): string {
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : value < 0 ? '-inf' : 'NA';
  const digits = Number(value.toPrecision(15));
  const [mantissa, exponent] = digits.toExponential().split('e') as [string, string];
  const power = Number(exponent);
  const scientific = `${mantissa}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
  const fixed = plainDecimal(digits, mantissa, power);
  return fixed.length <= scientific.length ? fixed : scientific;
}

function plainDecimal(value: number, mantissa: string, power: number): string {
  const text = String(value);
  if (!text.includes('e')) return text;
  const places = Math.max(0, (mantissa.split('.')[1] ?? '').length - power);
  return places > 100 ? text : value.toFixed(places);
}
