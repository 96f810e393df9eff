import { describe, expect, test } from 'vitest';
import { bindFamily } from '../../src/families/bind-family.js';
import type { BoundFamily } from '../../src/families/density.js';
import type { FamilyName } from '../../src/families/family.js';
import { logSumExpInto } from '../../src/families/log-sum-exp.js';
import { gaussLegendre } from '../../src/kernels/special/gauss-legendre.js';
import type { LinkName } from '../../src/links/link.js';

interface Case {
  readonly family: FamilyName;
  readonly links: Readonly<Record<string, LinkName>>;
  readonly etas: readonly (readonly number[])[];
  readonly intervals: readonly (readonly [number, number])[];
}

const endless = Number.POSITIVE_INFINITY;
const positive: Case['intervals'] = [
  [0.05, endless],
  [0.5, endless],
  [6, endless],
  [0, 0.3],
  [0, 4],
  [0.5, 4],
  [3, 3.5],
];
const cases: readonly Case[] = [
  {
    family: 'gamma',
    links: { mu: 'log', shape: 'log' },
    etas: [
      [0.2, 0.5],
      [1.3, 1.2],
      [-0.4, -0.9],
      [0.7, 4],
    ],
    intervals: positive,
  },
  {
    family: 'inverse_gaussian',
    links: { mu: 'log', shape: 'log' },
    etas: [
      [0.2, 0.5],
      [1.3, 1.2],
      [-0.4, -0.9],
      [0.7, 3],
    ],
    intervals: positive,
  },
  {
    family: 'student_t',
    links: { df: 'log', mu: 'identity', sigma: 'log' },
    etas: [
      [1.6, 0.3, -0.2],
      [0.4, -1, 0.5],
      [4, 0.2, 0],
    ],
    intervals: [
      [-1, endless],
      [0.31, endless],
      [4, endless],
      [-endless, -2],
      [-endless, 0.2],
      [-0.5, 1.5],
      [2, 2.5],
      [-4, -3],
    ],
  },
  {
    family: 'beta',
    links: { mu: 'logit', phi: 'log' },
    etas: [
      [0.3, 1.4],
      [-1.5, 3],
      [1, 1.5],
    ],
    intervals: [
      [0.2, 1],
      [0.9, 1],
      [0, 0.05],
      [0, 0.6],
      [0.2, 0.7],
      [0.7, 0.75],
    ],
  },
];

/** Relative; sums of thousands of terms of either sign keep about so many digits of a third derivative. */
const tolerance = 1e-9;
const panels = 800;
const rule = gaussLegendre(10);

/** The jet of the log of the integral of the density, by many panels on y, log y or logit y (by support). */
function integral(bound: BoundFamily, lower: number, upper: number, eta: Float64Array): Float64Array {
  const [lowest, highest] = bound.support(0);
  const isUnit = highest === 1;
  const isReal = lowest === -endless;
  const from = (t: number) => (isReal ? 40 * Math.sinh(t) : isUnit ? 1 / (1 + Math.exp(-t)) : Math.exp(t));
  const logSlope = (t: number) =>
    isReal ? Math.log(40 * Math.cosh(t)) : isUnit ? -Math.log1p(Math.exp(-t)) - Math.log1p(Math.exp(t)) : t;
  const to = (y: number) => (isReal ? Math.asinh(y / 40) : isUnit ? Math.log(y) - Math.log1p(-y) : Math.log(y));
  const { size } = bound.layout;
  const jet = new Float64Array(size);
  const logIntegrand = (t: number) => {
    bound.jetInto(jet, from(t), 0, eta, 3);
    jet[0] += logSlope(t);
    return Number.isNaN(jet[0]) ? -endless : jet[0];
  };
  let left = Math.max(to(lower), isReal ? -30 : isUnit ? -36 : -200);
  let right = Math.min(to(upper), isReal ? 30 : isUnit ? 36 : 20);
  const grid = Array.from({ length: 6_001 }, (_, k) => left + ((right - left) * k) / 6_000);
  const heights = grid.map(logIntegrand);
  const top = Math.max(...heights);
  const inside = grid.filter((_, k) => heights[k] > top - 60);
  const step = grid[1] - grid[0];
  left = Math.max(left, inside[0] - step);
  right = Math.min(right, inside[inside.length - 1] + step);
  const width = (right - left) / panels;
  const jets = new Float64Array(panels * rule.nodes.length * size);
  let count = 0;
  for (let p = 0; p < panels; p++)
    rule.nodes.forEach((node, m) => {
      logIntegrand(left + (p + (1 + node) / 2) * width);
      jet[0] += Math.log((rule.weights[m] * width) / 2);
      jets.set(jet, count++ * size);
    });
  const out = new Float64Array(size);
  logSumExpInto(out, jets, count, bound.layout, 3);
  return out;
}

describe.each(cases.map((c) => [c.family, c] as const))('tails of %s', (_name, { family, links, etas, intervals }) => {
  const bound = bindFamily([family], {
    rows: 1,
    y: Float64Array.of(0.5),
    data: new Map(),
    links: new Map(Object.entries(links)),
    weights: null,
    link: null,
    categories: 0,
  });
  const { logIntervalInto } = bound;

  test('agree with the integral of the density, and so do their derivatives', () => {
    const { size } = bound.layout;
    for (const numbers of etas)
      for (const [lower, upper] of intervals) {
        const eta = Float64Array.from(numbers);
        const found = new Float64Array(size);
        const expected = integral(bound, lower, upper, eta);
        logIntervalInto?.(found, lower, upper, 0, eta, 3);
        for (let k = 0; k < size; k++)
          expect(
            Math.abs(found[k] - expected[k]) / (1 + Math.abs(expected[k])),
            `entry ${k} at ${lower} to ${upper}, eta = ${numbers}: ${found[k]} for ${expected[k]}`,
          ).toBeLessThan(tolerance);
      }
  });

  test('of everything are one', () => {
    const jet = new Float64Array(bound.layout.size).fill(Number.NaN);
    const [lowest, highest] = bound.support(0);
    logIntervalInto?.(jet, lowest, highest, 0, Float64Array.from(etas[0]), 3);
    expect(Array.from(jet, Math.abs)).toEqual(Array.from(jet, () => 0));
  });
});
