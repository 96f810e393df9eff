import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type BinaryName,
  TapeBuilder,
  type UnaryFunction,
  type UnaryName,
  unaryFunctions,
} from '../../src/kernels/expression-derivative.js';

/** A value where each function is smooth, and its neighbourhood too. */
const points: Readonly<Partial<Record<UnaryName, number>>> = {
  logit: 0.3,
  inv_logit: -1.2,
  abs: -0.7,
  sin: 2,
  tan: 0.4,
};

function fourth(f: (h: number) => number, h: number): number {
  return (8 * (f(h) - f(-h)) - (f(2 * h) - f(-2 * h))) / (12 * h);
}

describe('functions of one number', () => {
  test.each(Object.keys(unaryFunctions) as UnaryName[])('%s: two derivatives against differences', (name) => {
    const f: UnaryFunction = unaryFunctions[name];
    const x = points[name] ?? 1.7;
    const slope = f.slope(x, f.value(x));
    expect(slope).toBeCloseTo(
      fourth((h) => f.value(x + h), 1e-3),
      8,
    );
    const curvature = fourth((h) => f.slope(x + h, f.value(x + h)), 3e-4);
    expect(f.curvature(x, f.value(x), slope)).toBeCloseTo(curvature, 8);
  });

  test('inv_logit and its slope far out', () => {
    const f: UnaryFunction = unaryFunctions.inv_logit;
    expect(f.value(-800)).toBe(0);
    expect(f.value(40)).toBe(1);
    expect(f.slope(-40, f.value(-40)) / Math.exp(-40)).toBeCloseTo(1, 12);
    expect(f.slope(800, 1)).toBe(0);
  });
});

describe('Tape', () => {
  test('x^y, x/y, x*y + log(x) at once: values, gradient and Hessian', () => {
    const tape = new TapeBuilder(2);
    const [x, y] = [tape.input(0), tape.input(1)];
    const sum = tape.binary('+', tape.binary('^', x, y), tape.binary('/', x, y));
    const all = tape.finish([tape.binary('+', sum, tape.binary('*', tape.unary('log', x), y))]);
    const [a, b] = [1.3, 2.2];
    const out = new Float64Array(1);
    all.evaluate(Float64Array.of(a, b), out);
    expect(out[0]).toBeCloseTo(a ** b + a / b + b * Math.log(a), 14);
    const g = new Float64Array(2);
    all.addGradient(Float64Array.of(1), g);
    expect(g[0]).toBeCloseTo(b * a ** (b - 1) + 1 / b + b / a, 13);
    expect(g[1]).toBeCloseTo(a ** b * Math.log(a) - a / b ** 2 + Math.log(a), 13);
    const H = new Float64Array(4);
    all.addHessian(Float64Array.of(1), H);
    expect(H[0]).toBeCloseTo(b * (b - 1) * a ** (b - 2) - b / a ** 2, 12);
    const mixed = a ** (b - 1) * (1 + b * Math.log(a)) - 1 / b ** 2 + 1 / a;
    expect(H[1]).toBeCloseTo(mixed, 12);
    expect(H[2]).toBeCloseTo(mixed, 12);
    expect(H[3]).toBeCloseTo(a ** b * Math.log(a) ** 2 + (2 * a) / b ** 3, 12);
  });

  test('random expressions: the gradient and the Hessian agree with differences', () => {
    const smooth: readonly BinaryName[] = ['+', '-', '*', '/'];
    const unary: readonly UnaryName[] = ['exp', 'log', 'sqrt', 'tanh', 'inv_logit', 'sin'];
    const recipe = fc.array(fc.tuple(fc.nat(9), fc.nat(1000), fc.nat(1000)), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(recipe, (steps) => {
        const builder = new TapeBuilder(3);
        const made = [builder.input(0), builder.input(1), builder.input(2), builder.constant(0.7)];
        for (const [kind, i, j] of steps) {
          const [a, b] = [made[i % made.length], made[j % made.length]];
          if (kind < 4) made.push(builder.binary(smooth[kind], a, b));
          else made.push(builder.unary(unary[kind - 4], a));
        }
        const tape = builder.finish([made[made.length - 1]]);
        const at = Float64Array.of(0.9, 1.4, 2.1);
        const out = new Float64Array(1);
        const value = (x: Float64Array) => {
          tape.evaluate(x, out);
          return out[0];
        };
        const gradient = (x: Float64Array) => {
          value(x);
          const g = new Float64Array(3);
          tape.addGradient(Float64Array.of(1), g);
          return g;
        };
        const g = gradient(at);
        const H = new Float64Array(9);
        tape.addHessian(Float64Array.of(1), H);
        // steep expressions are beyond what differences can check
        fc.pre(Number.isFinite(value(at)) && [...g, ...H].every((v) => Math.abs(v) < 50));
        for (let i = 0; i < 3; i++) {
          const bySteps = [1e-4, 5e-5].map((h) => fourth((t) => value(at.with(i, at[i] + t)), h));
          if (!(Math.abs(bySteps[0] - bySteps[1]) < 1e-6)) continue; // a pole close by
          expect(Math.abs(g[i] - bySteps[1])).toBeLessThan(1e-5);
          for (let j = 0; j < 3; j++) {
            const second = [1e-4, 5e-5].map((h) => fourth((t) => gradient(at.with(i, at[i] + t))[j], h));
            if (Math.abs(second[0] - second[1]) < 1e-6) expect(Math.abs(H[j + 3 * i] - second[1])).toBeLessThan(1e-5);
          }
        }
      }),
    );
  });

  test('a whole power of a negative number has its derivatives', () => {
    const tape = new TapeBuilder(1);
    const cube = tape.finish([tape.binary('^', tape.input(0), tape.constant(3))]);
    cube.evaluate(Float64Array.of(-2), new Float64Array(1));
    const g = new Float64Array(1);
    const H = new Float64Array(1);
    cube.addGradient(Float64Array.of(1), g);
    cube.addHessian(Float64Array.of(1), H);
    expect([g[0], H[0]]).toEqual([12, -12]);
  });

  test('a square at zero: value, slope and curvature are finite', () => {
    const tape = new TapeBuilder(1);
    const square = tape.finish([tape.binary('^', tape.input(0), tape.constant(2))]);
    square.evaluate(Float64Array.of(0), new Float64Array(1));
    const g = new Float64Array(1);
    const H = new Float64Array(1);
    square.addGradient(Float64Array.of(1), g);
    square.addHessian(Float64Array.of(1), H);
    expect([g[0], H[0]]).toEqual([0, 2]);
  });

  test('what does not enter gets no slope from an infinite one', () => {
    // 0 * sqrt(x) at x = 0
    const tape = new TapeBuilder(1);
    const flat = tape.finish([tape.binary('*', tape.constant(0), tape.unary('sqrt', tape.input(0)))]);
    flat.evaluate(Float64Array.of(0), new Float64Array(1));
    const g = new Float64Array(1);
    flat.addGradient(Float64Array.of(1), g);
    expect(g[0]).toBe(0);
  });
});
