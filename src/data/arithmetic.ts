import { assertNever } from '../diagnostics/internal-error.js';
import type { ArithmeticOperator } from '../graph/model-graph.js';

/**
 * Row by row `a operator b`; an array of length 1 stands for all rows. A missing operand gives a missing result, except
 * where the other one decides (`false and NA`, `1 ^ NA`), as in R.
 */
export function binaryInto(
  out: Float64Array,
  operator: ArithmeticOperator,
  a: Float64Array,
  b: Float64Array,
): Float64Array {
  const n = out.length;
  // A step of 0 repeats the one value of a constant.
  const s = a.length === 1 ? 0 : 1;
  const t = b.length === 1 ? 0 : 1;
  switch (operator) {
    case '+':
      for (let i = 0; i < n; i++) out[i] = a[i * s] + b[i * t];
      return out;
    case '-':
      for (let i = 0; i < n; i++) out[i] = a[i * s] - b[i * t];
      return out;
    case '*':
      for (let i = 0; i < n; i++) out[i] = a[i * s] * b[i * t];
      return out;
    case '/':
      for (let i = 0; i < n; i++) out[i] = a[i * s] / b[i * t];
      return out;
    case '^':
      for (let i = 0; i < n; i++) out[i] = a[i * s] === 1 ? 1 : a[i * s] ** b[i * t];
      return out;
    case '==':
      for (let i = 0; i < n; i++) out[i] = truth(a[i * s], b[i * t], a[i * s] === b[i * t]);
      return out;
    case '!=':
      for (let i = 0; i < n; i++) out[i] = truth(a[i * s], b[i * t], a[i * s] !== b[i * t]);
      return out;
    case '<':
      for (let i = 0; i < n; i++) out[i] = truth(a[i * s], b[i * t], a[i * s] < b[i * t]);
      return out;
    case '<=':
      for (let i = 0; i < n; i++) out[i] = truth(a[i * s], b[i * t], a[i * s] <= b[i * t]);
      return out;
    case '>':
      for (let i = 0; i < n; i++) out[i] = truth(a[i * s], b[i * t], a[i * s] > b[i * t]);
      return out;
    case '>=':
      for (let i = 0; i < n; i++) out[i] = truth(a[i * s], b[i * t], a[i * s] >= b[i * t]);
      return out;
    case 'and':
      for (let i = 0; i < n; i++) {
        const [x, y] = [a[i * s], b[i * t]];
        out[i] = x === 0 || y === 0 ? 0 : Number.isNaN(x + y) ? Number.NaN : 1;
      }
      return out;
    case 'or':
      for (let i = 0; i < n; i++) {
        const [x, y] = [a[i * s], b[i * t]];
        const yes = (x !== 0 && !Number.isNaN(x)) || (y !== 0 && !Number.isNaN(y));
        out[i] = yes ? 1 : Number.isNaN(x + y) ? Number.NaN : 0;
      }
      return out;
    default:
      return assertNever(operator);
  }
}

function truth(x: number, y: number, result: boolean): number {
  return Number.isNaN(x) || Number.isNaN(y) ? Number.NaN : result ? 1 : 0;
}
