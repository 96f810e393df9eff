import { describe, expect, test } from 'vitest';
import { priorDensities } from '../../src/priors/densities.js';
import { priorSignatures } from '../../src/priors/index.js';
import { type PriorName, priorNames } from '../../src/priors/prior.js';
import type { ScalarDensity } from '../../src/priors/scalar-density.js';
import { halfLineIntegral, lineIntegral, slope, unitNodes } from './quadrature.js';

interface Case {
  readonly name: PriorName;
  readonly args: readonly number[];
  /** Points of the support where derivatives are compared. */
  readonly at: readonly number[];
}

const real = [-31, -2.2, 0.4, 1.3, 7];
const positive = [0.03, 0.7, 2, 19];
const cases: readonly Case[] = [
  { name: 'normal', args: [1, 2.5], at: real },
  { name: 'student_t', args: [3, 1, 2.5], at: real },
  { name: 'student_t', args: [1e6, 1, 2.5], at: real },
  { name: 'cauchy', args: [-1, 0.5], at: real },
  { name: 'laplace', args: [1, 2], at: real },
  { name: 'horseshoe', args: [1], at: [...real, 0.0013, 8.8, 9.2, 300] },
  { name: 'horseshoe', args: [0.2], at: real },
  { name: 'half_normal', args: [0, 3], at: positive },
  { name: 'half_normal', args: [1.5, 3], at: positive },
  { name: 'half_normal', args: [-4, 1.5], at: positive },
  { name: 'half_t', args: [3, 0, 2], at: positive },
  { name: 'half_t', args: [4, 1.2, 2], at: positive },
  { name: 'half_t', args: [4, -2, 0.5], at: positive },
  { name: 'half_cauchy', args: [0, 2], at: positive },
  { name: 'half_cauchy', args: [3, 2], at: positive },
  { name: 'gamma', args: [2.5, 0.4], at: positive },
  { name: 'gamma', args: [1, 2], at: positive },
  { name: 'gamma', args: [0.6, 2], at: positive },
  { name: 'inverse_gamma', args: [2, 5], at: positive },
  { name: 'exponential', args: [1.7], at: positive },
  { name: 'lognormal', args: [0.3, 0.8], at: positive },
  { name: 'uniform', args: [-1, 4], at: [-0.5, 0.2, 3.3] },
  { name: 'beta', args: [2, 3.5], at: [0.1, 0.5, 0.8] },
  { name: 'beta', args: [1, 1], at: [0.1, 0.93] },
];

function density(name: PriorName): ScalarDensity {
  const found = priorDensities[name];
  if (found.kind !== 'scalar') throw new Error(`${name} is not scalar`);
  return found.density;
}

function evaluate(name: PriorName, x: number, args: readonly number[]): Float64Array {
  const out = new Float64Array(3 + args.length).fill(Number.NaN);
  density(name).logDensityInto(out, x, args);
  return out;
}

function integral(name: PriorName, args: readonly number[], weight: (x: number) => number): number {
  const f = (x: number) => Math.exp(evaluate(name, x, args)[0]) * weight(x);
  switch (priorSignatures[name].support) {
    case 'positive':
      return halfLineIntegral(f);
    case 'unit':
      return unitNodes().reduce((total, { x, weight: w }) => total + w * f(x), 0);
    case 'interval': {
      const [lower, upper] = args;
      return unitNodes().reduce(
        (total, { x, weight: w }) => total + w * (upper - lower) * f(lower + x * (upper - lower)),
        0,
      );
    }
    default: {
      const location = name === 'horseshoe' ? 0 : name === 'student_t' ? args[1] : args[0];
      return lineIntegral(f, location, args[args.length - 1]);
    }
  }
}

/** Quadrature over double-exponential nodes; heavy tails beyond the last node hold less than this. */
const quadratureTolerance = 1e-9;
/** Fourth-order differences with steps of 1e-3 or so of the argument's size. */
const differenceTolerance = 1e-7;

describe.each(cases)('$name($args)', ({ name, args, at }) => {
  test('integrates to one', () => {
    expect(Math.abs(integral(name, args, () => 1) - 1)).toBeLessThan(quadratureTolerance);
  });

  test.each(at)('derivatives in the quantity at %f', (x) => {
    const h = 1e-3 * Math.min(Math.abs(x), 1);
    const out = evaluate(name, x, args);
    const first = slope((t) => evaluate(name, t, args)[0], x, h);
    const second = slope((t) => evaluate(name, t, args)[1], x, h);
    expect(Math.abs(out[1] - first)).toBeLessThan(differenceTolerance * (1 + Math.abs(first)));
    expect(Math.abs(out[2] - second)).toBeLessThan(differenceTolerance * (1 + Math.abs(second)));
  });

  test.each(at)('derivatives in the arguments at %f', (x) => {
    const out = evaluate(name, x, args);
    args.forEach((value, k) => {
      const moved = (t: number) =>
        evaluate(
          name,
          x,
          args.map((v, i) => (i === k ? t : v)),
        )[0];
      const expected = slope(moved, value, 1e-3 * Math.max(Math.min(Math.abs(value), 1), 0.1));
      expect(Math.abs(out[3 + k] - expected)).toBeLessThan(differenceTolerance * (1 + Math.abs(expected)));
    });
  });
});

describe('parameterisations', () => {
  // moments tell shape from rate, sd from variance
  test.each<[PriorName, number[], number]>([
    ['gamma', [2.5, 0.4], 2.5 / 0.4],
    ['inverse_gamma', [3, 5], 5 / 2],
    ['exponential', [4], 0.25],
    ['lognormal', [0.3, 0.8], Math.exp(0.3 + 0.32)],
    ['beta', [2, 3.5], 2 / 5.5],
    ['half_normal', [0, 3], 3 * Math.sqrt(2 / Math.PI)],
    ['half_t', [3, 0, 2], (2 * 2 * Math.sqrt(3)) / Math.PI],
    ['normal', [1, 2.5], 1],
  ])('%s(%j) has mean %f', (name, args, mean) => {
    expect(integral(name, args, (x) => x)).toBeCloseTo(mean, 6);
  });

  test('normal(1, 2.5) has variance 6.25, laplace(1, 2) 8', () => {
    expect(integral('normal', [1, 2.5], (x) => (x - 1) ** 2)).toBeCloseTo(6.25, 8);
    expect(integral('laplace', [1, 2], (x) => (x - 1) ** 2)).toBeCloseTo(8, 8);
  });

  test('student_t is the normal at infinite and at very many degrees of freedom, the cauchy at one', () => {
    for (const x of real) {
      expect(evaluate('student_t', x, [Number.POSITIVE_INFINITY, 1, 2])[0]).toBeCloseTo(
        evaluate('normal', x, [1, 2])[0],
        12,
      );
      expect(evaluate('student_t', x, [1e16, 1, 2])[0]).toBeCloseTo(evaluate('normal', x, [1, 2])[0], 10);
      expect(evaluate('student_t', x, [1, 1, 2])[0]).toBeCloseTo(evaluate('cauchy', x, [1, 2])[0], 12);
    }
  });

  test('improper limits keep the kernel and no constant', () => {
    expect(evaluate('gamma', 3, [2.5, 0])[0]).toBeCloseTo(1.5 * Math.log(3), 14);
    expect(evaluate('inverse_gamma', 3, [2.5, 0])[0]).toBeCloseTo(-3.5 * Math.log(3), 14);
    expect(density('gamma').isImproper?.([2.5, 0])).toBe(true);
    expect(density('gamma').isImproper?.([2.5, 1])).toBe(false);
  });

  test('an infinite scale is no prior', () => {
    const inf = Number.POSITIVE_INFINITY;
    const flat: [PriorName, number[]][] = [
      ['normal', [0, inf]],
      ['student_t', [3, 0, inf]],
      ['cauchy', [0, inf]],
      ['laplace', [0, inf]],
      ['half_normal', [0, inf]],
      ['half_t', [3, 0, inf]],
      ['half_cauchy', [0, inf]],
      ['uniform', [0, inf]],
      ['exponential', [0]],
    ];
    for (const [name, args] of flat) {
      expect([...evaluate(name, 2.2, args).subarray(0, 3)].map((v) => v + 0)).toEqual([0, 0, 0]);
      expect(density(name).isImproper?.(args)).toBe(true);
      expect(density(name).isImproper?.(args.map(() => 1))).toBe(false);
    }
  });

  test('outside the support the density is zero, at its edge it is the limit', () => {
    for (const name of ['half_normal', 'half_cauchy', 'gamma', 'inverse_gamma', 'exponential', 'lognormal'] as const)
      expect(evaluate(name, -1, name === 'exponential' ? [1] : [1, 1])[0]).toBe(Number.NEGATIVE_INFINITY);
    expect(evaluate('beta', 1.2, [2, 2])[0]).toBe(Number.NEGATIVE_INFINITY);
    expect(evaluate('uniform', 4.1, [-1, 4])[0]).toBe(Number.NEGATIVE_INFINITY);
    expect(evaluate('gamma', 0, [1, 2])[0]).toBeCloseTo(Math.log(2), 14);
    expect(evaluate('gamma', 0, [2, 2])[0]).toBe(Number.NEGATIVE_INFINITY);
    expect(evaluate('inverse_gamma', 0, [2, 2])[0]).toBe(Number.NEGATIVE_INFINITY);
    for (const name of ['normal', 'gamma', 'beta', 'half_normal'] as const)
      expect(evaluate(name, Number.NaN, [1, 1])[0]).not.toBeGreaterThan(Number.NEGATIVE_INFINITY);
  });

  test('the horseshoe is the scale mixture it is defined as, away from zero', () => {
    for (const x of [0.1, 1, 10]) {
      // normal(0, tau) with tau ~ half_cauchy(0, 1) integrated out
      const mixture = halfLineIntegral(
        (tau) =>
          (Math.exp((-x * x) / (2 * tau * tau)) / (Math.sqrt(2 * Math.PI) * tau)) * (2 / (Math.PI * (1 + tau * tau))),
      );
      expect(Math.abs(evaluate('horseshoe', x, [1])[0] - Math.log(mixture))).toBeLessThan(1e-3);
    }
  });

  test('every name has a density of the kind of its left side', () => {
    for (const name of priorNames) expect(priorDensities[name].kind).toBe(priorSignatures[name].left);
  });
});
