import type { Design } from '../../data/design.js';
import { InternalError } from '../../diagnostics/internal-error.js';
import type { Expr, FixNode, ModelGraph, ParameterRef } from '../../graph/model-graph.js';
import { links } from '../../links/index.js';
import { linkNames } from '../../links/link.js';

/** Coefficients that `fix` holds, with their values on the scale of the linear predictor. */
export function heldCoefficients(graph: ModelGraph, design: Design): Map<number, number> {
  const held = new Map<number, number>();
  for (const fix of graph.fixes) {
    if (fix.value.kind === 'list') continue; // of standard deviations
    const { ref, value } = solveFor(fix.left, constant(fix.value), fix);
    if (ref.kind !== 'scalar' && ref.kind !== 'coefficients') continue;
    for (const id of ref.predictors) {
      const predictor = design.predictors.find((p) => p.id === id);
      if (predictor === undefined) continue;
      if (ref.kind === 'scalar') {
        const link = linkNames.find((name) => name === predictor.link) ?? 'identity';
        for (const c of predictor.columns) held.set(c, links[link].link(value));
        continue;
      }
      for (const c of predictor.columns) {
        const { name, term } = design.coefficients[c];
        const { select } = ref;
        const isIntercept = term === '(Intercept)';
        const meant =
          select.kind === 'slopes'
            ? !isIntercept
            : select.kind === 'intercept'
              ? isIntercept
              : isNamed(select.name, name, term);
        if (meant) held.set(c, value);
      }
    }
  }
  return held;
}

function isNamed(wanted: string, name: string, term: string): boolean {
  return wanted === name || wanted === term;
}

interface Solved {
  readonly ref: ParameterRef;
  readonly value: number;
}

/** The parameter in f(parameter) = value, and what it must be: `sigma`, `sigma^2`, `sqrt(phi)`, `log(shape)`, `2 * sigma`. */
export function solveFor(left: Expr, value: number, fix: FixNode): Solved {
  switch (left.kind) {
    case 'parameter':
      return { ref: left.ref, value };
    case 'binary': {
      if (left.operator === '^') return solveFor(left.left, value ** (1 / constant(left.right)), fix);
      const [known, unknown] = isConstantExpr(left.left) ? [left.left, left.right] : [left.right, left.left];
      const k = constant(known);
      if (left.operator === '*') return solveFor(unknown, value / k, fix);
      if (left.operator === '+') return solveFor(unknown, value - k, fix);
      if (left.operator === '/') return solveFor(unknown, known === left.right ? value * k : k / value, fix);
      if (left.operator === '-') return solveFor(unknown, known === left.right ? value + k : k - value, fix);
      break;
    }
    case 'call': {
      const inverse = inverses[left.name];
      if (inverse !== undefined && left.args.length === 1) return solveFor(left.args[0].value, inverse(value), fix);
      break;
    }
    case 'unary':
      if (left.operator === '-') return solveFor(left.operand, -value, fix);
      break;
    default:
      break;
  }
  throw new InternalError('fix: cannot be solved for its parameter', fix.text);
}

const inverses: Readonly<Record<string, (value: number) => number>> = {
  sqrt: (v) => v * v,
  log: Math.exp,
  exp: Math.log,
};

function isConstantExpr(e: Expr): boolean {
  return e.kind === 'number' || (e.kind === 'unary' && isConstantExpr(e.operand));
}

export function constant(e: Expr): number {
  switch (e.kind) {
    case 'number':
      return e.value;
    case 'infinity':
      return Number.POSITIVE_INFINITY;
    case 'unary':
      return e.operator === '-' ? -constant(e.operand) : constant(e.operand);
    case 'binary': {
      const a = constant(e.left);
      const b = constant(e.right);
      if (e.operator === '+') return a + b;
      if (e.operator === '-') return a - b;
      if (e.operator === '*') return a * b;
      if (e.operator === '/') return a / b;
      if (e.operator === '^') return a ** b;
      break;
    }
    case 'call': {
      const [arg] = e.args;
      if (arg !== undefined && e.name === 'sqrt') return Math.sqrt(constant(arg.value));
      if (arg !== undefined && e.name === 'log') return Math.log(constant(arg.value));
      if (arg !== undefined && e.name === 'exp') return Math.exp(constant(arg.value));
      break;
    }
    default:
      break;
  }
  throw new InternalError('fix: the value is no number', e);
}
