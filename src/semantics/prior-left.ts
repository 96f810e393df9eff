import type { ParameterRef } from '../graph/model-graph.js';
import type { Expression } from '../syntax/ast.js';
import type { References } from './checked-model.js';
import { coefficientCount, columnCount } from './coefficient-names.js';
import { constantValue } from './constant.js';
import { type ParameterScope, termsOf } from './parameter-scope.js';
import { stripParens } from './walk-expression.js';

/** What kind of quantity the left side of a prior is. */
export type LeftKind = 'scalar' | 'vector' | 'covariance' | 'correlation' | 'simplex' | 'none' | 'mixed';

export interface PriorLeft {
  readonly kind: LeftKind;
  /** Rows of the vector or matrix, where the model alone tells. */
  readonly size: number | null;
  /** False where the quantity may be negative. */
  readonly positive: boolean;
  /** The power of sigma that the quantity carries as a unit: sd(g) 1, cov(g) 2, cov(g) / sigma^2 0; null: unclear. */
  readonly degree: number | null;
  readonly dividedBySigma: boolean;
}

const none: PriorLeft = { kind: 'none', size: 1, positive: true, degree: 0, dividedBySigma: false };

export function describeLeft(expression: Expression, refs: References, scope: ParameterScope): PriorLeft {
  const e = stripParens(expression);
  const ref = refs.get(e) ?? refs.get(expression);
  if (ref !== undefined) return ofReference(ref, scope);
  switch (e.kind) {
    case 'number':
      return { ...none, positive: e.value > 0 };
    case 'unary':
      return { ...describeLeft(e.operand, refs, scope), positive: false };
    case 'list': {
      const items = e.items.map((item) => describeLeft(item, refs, scope));
      const sizes = items.map((item) => item.size);
      const size = sizes.some((s) => s === null) ? null : sizes.reduce<number>((sum, s) => sum + (s ?? 0), 0);
      const degree = items.every((item) => item.degree === items[0]?.degree) ? (items[0]?.degree ?? null) : null;
      const scalars = items.every((item) => item.kind === 'scalar');
      return {
        kind: scalars ? 'vector' : 'mixed',
        size,
        positive: items.every((item) => item.positive),
        degree,
        dividedBySigma: items.some((item) => item.dividedBySigma),
      };
    }
    case 'call':
      return ofCall(
        e.callee.name,
        e.arguments.map((a) => describeLeft(a.value, refs, scope)),
      );
    case 'binary':
      return ofBinary(e.operator, e.left, e.right, refs, scope);
    default:
      return { ...none, kind: 'mixed', size: null, degree: null };
  }
}

function ofCall(name: string, args: readonly PriorLeft[]): PriorLeft {
  const [only] = args;
  if (only === undefined || args.length !== 1) return { ...none, kind: 'mixed', size: null, degree: null };
  if (name === 'sqrt') return { ...only, degree: only.degree === null ? null : only.degree / 2 };
  if (only.kind !== 'scalar') return { ...only, kind: only.kind === 'none' ? 'none' : 'mixed', degree: null };
  const positive = name === 'exp' || name === 'abs';
  return { ...only, positive, degree: name === 'abs' ? only.degree : null };
}

function ofBinary(
  operator: string,
  leftExpression: Expression,
  rightExpression: Expression,
  refs: References,
  scope: ParameterScope,
): PriorLeft {
  const left = describeLeft(leftExpression, refs, scope);
  const right = describeLeft(rightExpression, refs, scope);
  const matrix = ['covariance', 'correlation', 'simplex', 'vector', 'mixed'];
  const dividedBySigma =
    left.dividedBySigma || right.dividedBySigma || (operator === '/' && mentionsSigma(rightExpression, refs));
  const positive = left.positive && right.positive;
  const known = left.degree !== null && right.degree !== null;
  if (operator === '*' || operator === '/') {
    const degree = known ? (left.degree ?? 0) + (operator === '*' ? 1 : -1) * (right.degree ?? 0) : null;
    const big = matrix.includes(left.kind) ? left : matrix.includes(right.kind) ? right : null;
    if (big === right && big !== null && operator === '/') return { ...right, kind: 'mixed' };
    if (big !== null && matrix.includes(left.kind) && matrix.includes(right.kind)) return { ...big, kind: 'mixed' };
    if (big !== null) return { ...big, degree, dividedBySigma };
    const kind = left.kind === 'none' && right.kind === 'none' ? 'none' : 'scalar';
    return { kind, size: maxSize(left, right), positive, degree, dividedBySigma };
  }
  if (operator === '^') {
    const power = constantValue(rightExpression);
    if (matrix.includes(left.kind)) return { ...left, kind: 'mixed' };
    const degree = power === null || left.degree === null ? null : left.degree * power;
    return { ...left, degree, positive: left.positive || (power !== null && power % 2 === 0), dividedBySigma };
  }
  if (matrix.includes(left.kind) || matrix.includes(right.kind)) return { ...left, kind: 'mixed', size: null };
  const degree =
    left.kind === 'none' ? right.degree : right.kind === 'none' || left.degree === right.degree ? left.degree : null;
  const kind = left.kind === 'none' && right.kind === 'none' ? 'none' : 'scalar';
  return { kind, size: maxSize(left, right), positive: positive && operator === '+', degree, dividedBySigma };
}

function maxSize(a: PriorLeft, b: PriorLeft): number | null {
  return a.size === null || b.size === null ? null : Math.max(a.size, b.size);
}

export function mentionsSigma(e: Expression, refs: References): boolean {
  const ref = refs.get(e);
  if (ref !== undefined) return ref.kind === 'scalar' && ref.name === 'sigma';
  switch (e.kind) {
    case 'paren':
      return mentionsSigma(e.inner, refs);
    case 'unary':
      return mentionsSigma(e.operand, refs);
    case 'binary':
      return mentionsSigma(e.left, refs) || mentionsSigma(e.right, refs);
    case 'call':
      return e.arguments.some((a) => mentionsSigma(a.value, refs));
    case 'list':
      return e.items.some((item) => mentionsSigma(item, refs));
    default:
      return false;
  }
}

function ofReference(ref: ParameterRef, scope: ParameterScope): PriorLeft {
  const scalar = { kind: 'scalar' as const, size: 1, dividedBySigma: false };
  switch (ref.kind) {
    case 'coefficients':
      return { ...scalar, size: countCoefficients(ref, scope), positive: false, degree: 1 };
    case 'scalar': {
      const bounded = scope.predictors.find((p) => p.id === ref.predictors[0]);
      const positive = bounded !== undefined && (bounded.link !== 'identity' || bounded.constant);
      return { ...scalar, positive: positive && !bounded.location, degree: ref.name === 'sigma' ? 1 : null };
    }
    case 'sd':
      return { ...scalar, size: ref.column === null ? sizeOf(ref.effect, scope) : 1, positive: true, degree: 1 };
    case 'cor': {
      const effect = scope.effects.find((e) => e.id === ref.effect);
      // These have one correlation; an unstructured block has a matrix of them.
      if (effect !== undefined && effect.covariance !== 'us') return { ...scalar, positive: false, degree: 0 };
      return {
        kind: 'correlation',
        size: sizeOf(ref.effect, scope),
        positive: false,
        degree: 0,
        dividedBySigma: false,
      };
    }
    case 'cov':
      return { kind: 'covariance', size: sizeOf(ref.effect, scope), positive: true, degree: 2, dividedBySigma: false };
    case 'thresholds':
      return { ...scalar, size: null, positive: false, degree: 0 };
    case 'prob':
      if (ref.class !== null) return { ...scalar, positive: true, degree: 0 };
      return {
        kind: 'simplex',
        size: scope.mixture?.classes.length ?? null,
        positive: true,
        degree: 0,
        dividedBySigma: false,
      };
  }
}

function sizeOf(id: string, scope: ParameterScope): number | null {
  const formula = scope.effects.find((e) => e.id === id)?.formula;
  return formula === undefined || formula === null ? null : columnCount(formula, scope.columns, true);
}

function countCoefficients(ref: Extract<ParameterRef, { kind: 'coefficients' }>, scope: ParameterScope): number | null {
  const { select } = ref;
  if (select.kind === 'intercept') return ref.predictors.length;
  let total = 0;
  for (const id of ref.predictors) {
    const p = scope.predictors.find((predictor) => predictor.id === id);
    if (p === undefined) return null;
    const terms = termsOf(p, scope).filter((t) => select.kind === 'slopes' || t.label === select.name);
    if (terms.length === 0) total += 1; // a coefficient by its own name
    for (const t of terms) {
      const count = coefficientCount(t, p.formula ?? { intercept: true, terms: [] }, scope.columns, true);
      if (count === null) return null;
      total += count;
    }
  }
  return total;
}
