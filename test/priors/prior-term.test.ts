import { describe, expect, test } from 'vitest';
import { noSpan } from '../../src/diagnostics/span.js';
import type { ArithmeticOperator, Expr, ParameterRef, PriorNode } from '../../src/graph/model-graph.js';
import { compileExpression, type ParameterPlace } from '../../src/priors/compile-expression.js';
import { symmetricRoot } from '../../src/priors/factor-quantities.js';
import { inverseWishartDensity } from '../../src/priors/inverse-wishart.js';
import { compilePenalty, compilePrior } from '../../src/priors/prior-term.js';
import { wishartDensity } from '../../src/priors/wishart.js';
import { slope } from './quadrature.js';

// inputs: beta (2), sigma, sd (2), cov (4), probabilities (3)
const at = Float64Array.of(0.4, -1.3, 2, 1.5, 0.8, 2.25, 0.6, 0.6, 0.64, 0.2, 0.3, 0.5);
const beta: ParameterRef = { kind: 'coefficients', predictors: ['mu'], select: { kind: 'slopes' } };
const sigma: ParameterRef = { kind: 'scalar', name: 'sigma', predictors: ['sigma'] };
const sd: ParameterRef = { kind: 'sd', effect: 'g', column: null };
const cov: ParameterRef = { kind: 'cov', effect: 'g' };
const prob: ParameterRef = { kind: 'prob', class: null };

function placeOf(ref: ParameterRef): ParameterPlace {
  switch (ref.kind) {
    case 'coefficients':
      return { rows: 2, columns: 1, inputs: [0, 1] };
    case 'scalar':
      return { rows: 1, columns: 1, inputs: [2] };
    case 'sd':
      return { rows: 2, columns: 1, inputs: [3, 4] };
    case 'cov':
      return { rows: 2, columns: 2, inputs: [5, 6, 7, 8] };
    default:
      return { rows: 3, columns: 1, inputs: [9, 10, 11] };
  }
}

const number = (value: number): Expr => ({ kind: 'number', value });
const parameter = (ref: ParameterRef): Expr => ({ kind: 'parameter', ref });
const binary = (operator: ArithmeticOperator, left: Expr, right: Expr): Expr => ({
  kind: 'binary',
  operator,
  left,
  right,
});
const call = (name: string, ...args: Expr[]): Expr => ({
  kind: 'call',
  name,
  args: args.map((value) => ({ name: null, value })),
});
const list = (...items: Expr[]): Expr => ({ kind: 'list', items });

function prior(left: Expr, distribution: string, args: Readonly<Record<string, Expr>>): PriorNode {
  const named = Object.entries(args).map(([name, value]) => ({ name, value }));
  return { id: 'p', text: '', left, distribution, args: named, scale: 'absolute', class: null, origin: noSpan };
}

/** The value, after the gradient was compared with differences. */
function checked(node: PriorNode): number {
  const term = compilePrior(node, at.length, placeOf);
  const gradient = new Float64Array(at.length);
  const value = term.evaluate(at, gradient);
  at.forEach((v, k) => {
    // a covariance moves with its mirror entry
    const mirror = k === 6 ? 7 : k === 7 ? 6 : k;
    const expected = slope((t) => term.evaluate(at.with(k, t).with(mirror, t), null), v, 1e-3);
    const found = mirror === k ? gradient[k] : gradient[6] + gradient[7];
    expect(Math.abs(found - expected)).toBeLessThan(1e-7 * (1 + Math.abs(expected)));
  });
  return value;
}

describe('compilePrior', () => {
  test('beta ~ normal(0, 2.5 sigma) is the sum over coefficients, and pulls on sigma', () => {
    const value = checked(prior(parameter(beta), 'normal', { sd: binary('*', number(2.5), parameter(sigma)) }));
    const expected = [0.4, -1.3].reduce((t, b) => t + Math.log(2 * Math.PI * 25) + b ** 2 / 25, 0);
    expect(value).toBeCloseTo(expected, 12);
  });

  test('one scale for each coefficient', () => {
    const value = checked(prior(parameter(beta), 'normal', { mean: number(1), sd: list(number(2), number(3)) }));
    const expected = Math.log(2 * Math.PI * 4) + 0.36 / 4 + Math.log(2 * Math.PI * 9) + 2.3 ** 2 / 9;
    expect(value).toBeCloseTo(expected, 12);
  });

  test('sd(g) / sigma ~ gamma(2.5, 0) is improper', () => {
    const node = prior(binary('/', parameter(sd), parameter(sigma)), 'gamma', { shape: number(2.5), rate: number(0) });
    expect(checked(node)).toBeCloseTo(-3 * (Math.log(0.75) + Math.log(0.4)), 12);
    expect(compilePrior(node, at.length, placeOf).improper).toBe(true);
  });

  test.each(['student_t', 'half_t'])('%s on a transformed quantity', (name) => {
    const left = call('exp', binary('*', number(0.3), parameter(beta)));
    checked(prior(left, name, { df: number(3), location: number(0.2), scale: parameter(sigma) }));
  });

  test('multi_normal on beta with covariance sigma^2 diag(10, 1)', () => {
    const scale = binary('*', binary('^', parameter(sigma), number(2)), call('diag', number(10), number(1)));
    const value = checked(prior(parameter(beta), 'multi_normal', { mean: list(number(0), number(1)), cov: scale }));
    const expected = 2 * Math.log(2 * Math.PI) + Math.log(160) + 0.16 / 40 + 2.3 ** 2 / 4;
    expect(value).toBeCloseTo(expected, 12);
  });

  test('multi_student_t by nested lists', () => {
    const scale = list(list(number(4), number(0.5)), list(number(0.5), number(2)));
    checked(prior(parameter(beta), 'multi_student_t', { df: number(4), location: list(number(0), number(1)), scale }));
  });

  test('cov(g) / sigma^2 ~ wishart(4, diag(3, 1))', () => {
    const left = binary('/', parameter(cov), binary('^', parameter(sigma), number(2)));
    const value = checked(prior(left, 'wishart', { df: number(4), scale: call('diag', number(3), number(1)) }));
    const X = Float64Array.of(2.25, 0.6, 0.6, 0.64).map((v) => v / 4);
    expect(value).toBeCloseTo(-2 * wishartDensity.logDensity(X, 2, 4, Float64Array.of(3, 0, 0, 1), null), 12);
  });

  test('cov(g) ~ wishart(4.5, inf): the determinant alone', () => {
    const node = prior(parameter(cov), 'wishart', { df: number(4.5), scale: { kind: 'infinity' } });
    expect(checked(node)).toBeCloseTo(-1.5 * Math.log(2.25 * 0.64 - 0.36), 12);
    expect(compilePrior(node, at.length, placeOf).improper).toBe(true);
  });

  test('sqrt(cov(g)) ~ inverse_wishart(4, diag(1, 1)) is about the symmetric root', () => {
    const node = prior(call('sqrt', parameter(cov)), 'inverse_wishart', {
      df: number(4),
      scale: call('diag', number(1), number(1)),
    });
    const { root } = symmetricRoot(at.slice(5, 9), 2);
    const expected = -2 * inverseWishartDensity.logDensity(root, 2, 4, Float64Array.of(1, 0, 0, 1), null);
    expect(checked(node)).toBeCloseTo(expected, 11);
  });

  test('prob(z) ~ dirichlet(2, 2, 3)', () => {
    const value = checked(
      prior(parameter(prob), 'dirichlet', { concentration: list(number(2), number(2), number(3)) }),
    );
    // Gamma(7) / (1 1 2) * 0.2 * 0.3 * 0.25
    expect(value).toBeCloseTo(-2 * Math.log((720 / 2) * 0.2 * 0.3 * 0.25), 12);
  });

  test('outside the support the objective is infinite, and the gradient stays finite', () => {
    const term = compilePrior(
      prior(parameter(beta), 'gamma', { shape: number(2), rate: number(1) }),
      at.length,
      placeOf,
    );
    const gradient = new Float64Array(at.length);
    expect(term.evaluate(at, gradient)).toBe(Number.POSITIVE_INFINITY);
    expect(gradient.every(Number.isFinite)).toBe(true);
  });
});

describe('compilePenalty', () => {
  test('0.01 (sd - 5)^2, summed, with its gradient', () => {
    const square = binary('^', binary('-', parameter(sd), number(5)), number(2));
    const value = call('sum', binary('*', number(0.01), square));
    const term = compilePenalty({ text: '', value, origin: noSpan }, at.length, placeOf);
    const gradient = new Float64Array(at.length);
    expect(term.evaluate(at, gradient)).toBeCloseTo(0.01 * (3.5 ** 2 + 4.2 ** 2), 14);
    expect(gradient[3]).toBeCloseTo(-0.07, 14);
    expect(gradient[4]).toBeCloseTo(-0.084, 14);
  });
});

describe('compileExpression', () => {
  const evaluate = (e: Expr) => {
    const { rows, columns, tape } = compileExpression(e, at.length, placeOf);
    const out = new Float64Array(rows * columns);
    tape.evaluate(at, out);
    return { rows, columns, values: [...out] };
  };

  test('shapes: vectors, rows of lists, diagonals, scalars with anything', () => {
    expect(evaluate(list(number(1), parameter(beta)))).toEqual({ rows: 3, columns: 1, values: [1, 0.4, -1.3] });
    const matrix = list(list(number(1), number(2)), list(number(3), number(4)));
    expect(evaluate(matrix)).toEqual({ rows: 2, columns: 2, values: [1, 3, 2, 4] });
    expect(evaluate(call('diag', number(5), number(6))).values).toEqual([5, 0, 0, 6]);
    expect(evaluate(binary('*', number(2), matrix)).values).toEqual([2, 6, 4, 8]);
  });

  test('min, max, mean, comparisons', () => {
    expect(evaluate(call('max', parameter(beta), number(0))).values).toEqual([0.4]);
    expect(evaluate(call('min', parameter(beta))).values).toEqual([-1.3]);
    expect(evaluate(call('mean', number(1), number(4))).values).toEqual([2.5]);
    expect(evaluate(binary('>', parameter(beta), number(0))).values).toEqual([1, 0]);
    expect(evaluate({ kind: 'unary', operator: '-', operand: parameter(beta) }).values).toEqual([-0.4, 1.3]);
  });

  test('what the checker should have refused is a broken invariant', () => {
    expect(() => evaluate(call('frobnicate', number(1)))).toThrow('frobnicate');
    expect(() => evaluate({ kind: 'column', name: 'x' })).toThrow();
    expect(() => evaluate(binary('+', parameter(beta), parameter(prob)))).toThrow('shapes');
  });
});
