import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { devianceGradient } from '../../../src/engines/lmm/deviance-gradient.js';
import { exactHessianOf } from '../../../src/engines/lmm/exact-hessian.js';
import { levelClasses } from '../../../src/engines/lmm/level-classes.js';
import { LevelDeviance } from '../../../src/engines/lmm/level-deviance.js';
import { createWork, type LmmWork } from '../../../src/engines/lmm/lmm-work.js';
import { profiledDeviance } from '../../../src/engines/lmm/profiled-deviance.js';
import { handRows } from './hand-rows.js';
import { randomDesign } from './random-designs.js';
import { random, shapes } from './shapes.js';

/** Two orders of the same sums, relative to the deviance or to the largest entry of a derivative (one at least: a deviance has no units). */
const rounding = 1e-10;

/** The largest difference between the two ways of computing the deviance and its derivatives; null where there is only one. */
function worstDifference(work: LmmWork, theta: Float64Array): number | null {
  const classes = levelClasses(work);
  if (classes === null) return null;
  const n = theta.length;
  const value = profiledDeviance(work, theta);
  const gradient = new Float64Array(n);
  devianceGradient(work, gradient);
  const hessian = exactHessianOf(work)?.() ?? new Float64Array(n * n).fill(Number.NaN);
  const levels = new LevelDeviance(work, classes);
  const slopes = new Float64Array(n);
  const found = levels.evaluate(theta, slopes);
  const curvature = new Float64Array(n * n);
  levels.hessian(theta, curvature);
  const apart = (a: Float64Array, b: Float64Array): number =>
    Math.max(...a.map((v, k) => Math.abs(v - b[k]))) / Math.max(1, ...a.map(Math.abs));
  return Math.max(
    Math.abs(found - value) / Math.max(1, Math.abs(value)),
    apart(gradient, slopes),
    apart(hessian, curvature),
    apart(work.beta, levels.beta),
    Math.abs(levels.sigma - work.at.sigma),
  );
}

describe.each([true, false])('against the factor of all levels, REML %s', (reml) => {
  const known: string[] = [];
  test.each(shapes())('$name', ({ name, model }) => {
    const work = createWork(model, { reml, fixedSigma: null });
    const n = work.parameters;
    const at = (values: (p: number) => number): number | null =>
      worstDifference(
        work,
        Float64Array.from({ length: n }, (_, p) => values(p)),
      );
    const first = at((p) => 0.4 + 0.3 * p);
    if (first === null) return;
    known.push(name);
    expect(first).toBeLessThan(rounding);
    expect(at((p) => (p % 2 === 0 ? -1.3 : 0.2))).toBeLessThan(rounding);
    expect(at((p) => 5 + p)).toBeLessThan(rounding);
    // singular: one parameter after the other at zero, then all of them
    for (let zero = 0; zero < n; zero++) expect(at((p) => (p === zero ? 0 : 0.7))).toBeLessThan(rounding);
    expect(at(() => 0)).toBeLessThan(rounding);
  });

  test('models with one grouping factor have classes', () => {
    expect(known).toEqual([
      'random intercept',
      'correlated slope',
      'correlated polynomial',
      'slope without intercept',
      'independent columns',
      'factor slopes',
      'no fixed effects',
      'no constant in the span',
    ]);
  });

  test('random designs', () => {
    let compared = 0;
    fc.assert(
      fc.property(
        fc.nat(1e6),
        fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: 6, maxLength: 6 }),
        (seed, theta) => {
          const work = createWork(randomDesign(`${seed}`), { reml, fixedSigma: null });
          const worst = worstDifference(work, Float64Array.from(theta.slice(0, work.parameters)));
          if (worst === null) return;
          compared++;
          expect(worst).toBeLessThan(rounding);
        },
      ),
      { numRuns: 150, seed: 11 },
    );
    expect(compared).toBeGreaterThan(40);
  });
});

describe.each([true, false])('levels are of one class where Z and X are, REML %s', (reml) => {
  test.each([1, 2, 3, 4])('%s effects', (k) => {
    const { normal } = random(`alike ${k}`);
    const groups = 14;
    const group: number[] = [];
    const columns = Array.from({ length: k }, (): number[] => []);
    for (let g = 0; g < groups; g++)
      for (let i = 0; i < (g % 3 === 0 ? 6 : 5); i++) {
        group.push(g);
        columns.forEach((z, c) => {
          z.push(c === 0 ? 1 : Math.cos(c * i));
        });
      }
    const X = columns.length > 1 ? columns : [...columns, group.map((_, i) => Math.sin(group.indexOf(group[i]) - i))];
    const y = group.map((g, i) => 1 + Math.sin(7 * g) + columns[k - 1][i] * Math.cos(9 * g) + normal());
    const work = createWork(handRows({ y, X, blocks: [{ group, columns }] }), { reml, fixedSigma: null });
    const classes = levelClasses(work);
    expect([...(classes?.levels ?? [])].sort()).toEqual([5, 9]);
    for (const factor of [0, 0.1, 1, -2]) {
      const theta = Float64Array.from({ length: work.parameters }, (_, p) => factor * (1 + Math.cos(p)));
      expect(worstDifference(work, theta)).toBeLessThan(rounding);
    }
  });
});

test.each([true, false])('digits are kept where columns are nearly alike, REML %s', (reml) => {
  const { normal } = random('nearly alike');
  const far = 500;
  const group = Array.from({ length: 400 }, (_, i) => i % 5);
  const one = group.map(() => 1);
  const x = group.map(() => far + normal());
  const y = group.map((g, i) => (x[i] - far) * Math.cos(g) + normal());
  const of = (covariance: 'diag' | 'us'): LmmWork =>
    createWork(handRows({ y, X: [one, x], blocks: [{ group, columns: [one, x], covariance }] }), {
      reml,
      fixedSigma: null,
    });
  const apart = of('diag');
  const classes = levelClasses(apart);
  if (classes === null) throw new Error('no classes');
  // the same covariance, of columns that are uncorrelated
  const together = of('us');
  const [{ rebase, model }] = together.layout.blocks;
  const theta = new Float64Array(3);
  model.adoptInto(theta, 0, 2, Float64Array.of(1, 0, 1), { ...rebase, unit: 1 });
  const wanted = profiledDeviance(together, theta);
  const found = new LevelDeviance(apart, classes).evaluate(apart.layout.blocks[0].rebase.scale, null);
  expect(Math.abs(found - wanted)).toBeLessThan(1e-6); // a condition of 500^2, of X'V^-1 X as well
});
