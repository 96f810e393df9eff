import type { Expr, ParameterRef } from '../graph/model-graph.js';

/**
 * The power k of sigma that an expression carries, f(sigma) = sigma^k f(1), with all relative covariance parameters held:
 * sd(g) 1, cov(g) 2, cov(g) / sigma^2 0. 'any' for zero and infinity, which have every degree; null where it has none.
 */
export type Degree = number | 'any' | null;

export function degreeOf(e: Expr): Degree {
  switch (e.kind) {
    case 'number':
      return e.value === 0 ? 'any' : 0;
    case 'infinity':
      return 'any';
    case 'bool':
      return 0;
    case 'parameter':
      return ofReference(e.ref);
    case 'unary':
      return e.operator === 'not' ? null : degreeOf(e.operand);
    case 'binary':
      return ofBinary(e);
    case 'list':
      return common(e.items.map(degreeOf));
    case 'call':
      return ofCall(
        e.name,
        e.args.map((a) => a.value),
      );
    default:
      return null;
  }
}

function ofReference(ref: ParameterRef): Degree {
  switch (ref.kind) {
    case 'sd':
      return 1;
    case 'cov':
      return 2;
    case 'cor':
      return 0;
    case 'scalar':
      return ref.name === 'sigma' ? 1 : null;
    default:
      return null;
  }
}

function ofBinary(e: Extract<Expr, { kind: 'binary' }>): Degree {
  const [a, b] = [degreeOf(e.left), degreeOf(e.right)];
  switch (e.operator) {
    case '+':
    case '-':
      return common([a, b]);
    case '*':
      return a === null || b === null ? null : a === 'any' || b === 'any' ? 'any' : a + b;
    case '/':
      return a === null || b === null || b === 'any' ? null : a === 'any' ? 'any' : a - b;
    case '^': {
      const power = constantNumber(e.right);
      if (a === 0 && b === 0) return 0;
      return typeof a !== 'number' || power === null ? null : a * power;
    }
    default:
      return a === 0 && b === 0 ? 0 : null;
  }
}

const linear: ReadonlySet<string> = new Set(['abs', 'diag', 'max', 'mean', 'min', 'sum']);

function ofCall(name: string, args: readonly Expr[]): Degree {
  const degree = common(args.map(degreeOf));
  if (linear.has(name)) return degree;
  if (name === 'sqrt') return typeof degree === 'number' ? degree / 2 : degree;
  return degree === 0 ? 0 : null;
}

function common(degrees: readonly Degree[]): Degree {
  const own = new Set(degrees.filter((d) => d !== 'any'));
  if (own.size === 0) return 'any';
  return own.size === 1 ? ([...own][0] ?? null) : null;
}

/** The value of an expression of numbers alone; null where it names anything. */
export function constantNumber(e: Expr): number | null {
  switch (e.kind) {
    case 'number':
      return e.value;
    case 'infinity':
      return Number.POSITIVE_INFINITY;
    case 'unary': {
      const value = constantNumber(e.operand);
      return value === null || e.operator === 'not' ? null : e.operator === '-' ? -value : value;
    }
    case 'binary': {
      const [a, b] = [constantNumber(e.left), constantNumber(e.right)];
      if (a === null || b === null) return null;
      switch (e.operator) {
        case '+':
          return a + b;
        case '-':
          return a - b;
        case '*':
          return a * b;
        case '/':
          return a / b;
        case '^':
          return a ** b;
        default:
          return null;
      }
    }
    case 'call': {
      const only = e.args.length === 1 ? e.args[0] : undefined;
      const value = only === undefined ? null : constantNumber(only.value);
      if (value === null) return null;
      if (e.name === 'sqrt') return Math.sqrt(value);
      if (e.name === 'log') return Math.log(value);
      return e.name === 'exp' ? Math.exp(value) : null;
    }
    default:
      return null;
  }
}
