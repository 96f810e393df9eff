import { describe, expect, test } from 'vitest';
import { varCorrOf } from '../../../src/engines/lmm/block-covariance.js';
import { fixedEffects, residualSd } from '../../../src/engines/lmm/estimates.js';
import { findOptimum } from '../../../src/engines/lmm/find-optimum.js';
import { LevelRefitter } from '../../../src/engines/lmm/level-refit.js';
import { createWork } from '../../../src/engines/lmm/lmm-work.js';
import { type ModelRows, withResponse } from '../../../src/engines/lmm/model-rows.js';
import { fitStatistics } from '../../../src/results/fit-statistics.js';
import { handRows } from './hand-rows.js';
import { randomDesign } from './random-designs.js';
import { random, shapes } from './shapes.js';

const settings = { reml: true, fixedSigma: null };
/** Deviance that a search leaves is 1e-14: its square root, times some standard errors of an estimate. */
const leftOver = 1e-5;

/** The statistics of a fit of its own. */
function ordinary(model: ModelRows, apart: boolean): { values: number[]; deviance: number } {
  const work = createWork(model, settings);
  findOptimum(work, { degreesOfFreedom: 'none' }, { exactHessian: true });
  const [{ block }] = work.layout.blocks;
  const sigma = residualSd(work);
  const values = fitStatistics({
    engine: 'lmm',
    varcorr: varCorrOf(work, sigma, new Set(apart ? [block.id] : [])),
    sigma,
    familyParameters: {},
    mixture: null,
    fixef: Array.from(fixedEffects(work), (estimate, j) => ({
      name: `b${j}`,
      predictor: 'mu',
      class: null,
      estimate,
      se: null,
      statistic: null,
      df: null,
      p: null,
    })),
  }).map((s) => s.estimate);
  return { values, deviance: work.at.objective };
}

function worst(found: ArrayLike<number>, wanted: readonly number[], spread: number): number {
  expect(found.length).toBe(wanted.length);
  return Math.max(
    ...wanted.map((w, k) => {
      if (Number.isNaN(w)) return Number.isNaN(found[k]) ? 0 : Number.POSITIVE_INFINITY;
      return Math.abs(found[k] - w) / (spread + Math.abs(w));
    }),
  );
}

describe('one response after the other', () => {
  test.each(['random intercept', 'correlated slope', 'correlated polynomial', 'independent columns', 'factor slopes'])(
    '%s: the estimates of the ordinary search',
    (name) => {
      const shape = shapes().find((s) => s.name === name);
      if (shape === undefined) throw new Error(name);
      const { normal } = random(name);
      const weights = Float64Array.from({ length: shape.model.rows }, (_, i) => 1 + (i % 3));
      const offset = Float64Array.from({ length: shape.model.rows }, (_, i) => i / 20);
      const { X: _, ...rest } = shape.model;
      const model: ModelRows = { ...rest, X: shape.model.X, weights, offset };
      const work = createWork(model, settings);
      const start = findOptimum(work, {}).state.x.slice();
      const apart = name === 'independent columns';
      const refitter = LevelRefitter.of(work, start, apart);
      if (refitter === null) throw new Error('no classes');
      const levels = model.blocks[0].group.codes;
      for (let r = 0; r < 12; r++) {
        const effects = Array.from({ length: 12 }, () => normal() * (r % 3)); // every third without effects: mostly singular
        const y = model.y.map((_v, i) => 1 + offset[i] + effects[levels[i]] + normal());
        expect(refitter.refit(y)).toBe(true);
        const { values } = ordinary(withResponse(model, y), apart);
        expect(worst(refitter.estimates, values, 1)).toBeLessThan(leftOver);
      }
    },
  );

  test('designs of all kinds, singular ones among them: never a higher deviance than that of the ordinary search', () => {
    let compared = 0;
    for (let seed = 0; seed < 60; seed++) {
      const model = randomDesign(`refit ${seed}`);
      const work = createWork(model, settings);
      const start = new Float64Array(work.parameters).fill(0.5);
      const refitter = LevelRefitter.of(work, start, false);
      if (refitter === null) continue;
      if (!refitter.refit(model.y)) continue;
      compared++;
      const { deviance } = ordinary(model, false);
      expect(refitter.deviance).toBeLessThan(deviance + 1e-6);
    }
    expect(compared).toBeGreaterThan(15);
  });

  test('a minimum far from where the search begins is not overlooked', () => {
    const { normal } = random('far');
    const group = Array.from({ length: 300 }, (_, i) => i % 5);
    const one = group.map(() => 1);
    const x = group.map(() => 50 + normal());
    const responseOf = (slope: number): Float64Array =>
      Float64Array.from(group, (g, i) => slope * Math.cos(3 * g) * (x[i] - 50) + normal());
    const blocks = [{ group, columns: [one, x], covariance: 'diag' as const }];
    const model = handRows({ y: [...responseOf(0)], X: [one, x], blocks });
    const work = createWork(model, settings);
    const refitter = LevelRefitter.of(work, findOptimum(work, {}).state.x, true);
    for (const slope of [1, 0, 2]) {
      const y = responseOf(slope);
      expect(refitter?.refit(y)).toBe(true);
      expect(refitter?.deviance).toBeLessThan(ordinary(withResponse(model, y), true).deviance + 1e-6);
      // without effects the slopes would have no spread
      if (slope > 0) expect(refitter?.estimates[1]).toBeGreaterThan(slope / 3);
    }
  });

  test('leaves to the ordinary search what is no number or explained by X', () => {
    const [{ model }] = shapes();
    const work = createWork(model, settings);
    const refitter = LevelRefitter.of(work, new Float64Array(work.parameters).fill(1), false);
    const missing = model.y.slice();
    missing[3] = Number.NaN;
    expect(refitter?.refit(missing)).toBe(false);
    expect(refitter?.refit(model.X.slice(model.rows, 2 * model.rows))).toBe(false);
    expect(refitter?.refit(model.y)).toBe(true);
  });
});
