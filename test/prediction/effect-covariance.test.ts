import { describe, expect, test } from 'vitest';
import { EffectCovariance } from '../../src/prediction/effect-covariance.js';
import type { EffectEstimates } from '../../src/results/estimates.js';
import { fitted } from './fitted.js';

/** Effects with a precision given in full, each a node of its own. */
function effectsOf(H: readonly (readonly number[])[], normals: readonly number[] = []): EffectEstimates {
  const q = H.length;
  const pairs = H.flatMap((row, i) => row.flatMap((v, j) => (j <= i && v !== 0 ? [{ i, j, v }] : [])));
  return {
    class: null,
    blocks: [0],
    nodeStart: Int32Array.of(0, q),
    rowStart: Int32Array.from({ length: q + 1 }, (_, i) => i),
    mode: new Float64Array(q),
    modeAxes: new Float64Array(0),
    factorStart: new Int32Array(q),
    factors: Float64Array.of(1),
    precision: {
      rows: Int32Array.from(pairs, (p) => p.i),
      columns: Int32Array.from(pairs, (p) => p.j),
      values: Float64Array.from(pairs, (p) => p.v),
    },
    constraints: normals.length === 0 ? 0 : 1,
    normals: Float64Array.from(normals),
  };
}

const unit = (...weights: readonly number[]) =>
  new Map(weights.flatMap((w, i) => (w === 0 ? [] : [[i, Float64Array.of(w)] as const])));

describe('the covariance of effects', () => {
  // its inverse by hand: [[3, 2, 1], [2, 4, 2], [1, 2, 3]] / 4
  const H = [
    [2, -1, 0],
    [-1, 2, -1],
    [0, -1, 2],
  ];

  test('of pairs that met and of pairs that did not', () => {
    const covariance = new EffectCovariance(effectsOf(H));
    expect(covariance.covariance(unit(1), unit(0, 1))).toBeCloseTo(2 / 4, 14);
    expect(covariance.covariance(unit(1), unit(0, 0, 1))).toBeCloseTo(1 / 4, 14);
    expect(covariance.covariance(unit(1, -1, 2), unit(1, -1, 2))).toBeCloseTo((3 + 4 + 12 - 4 + 4 - 8) / 4, 14);
  });

  test('given that their sum is zero', () => {
    const held = new EffectCovariance(effectsOf(H, [1, 1, 1]));
    expect(held.covariance(unit(1, 1, 1), unit(1, 1, 1))).toBeCloseTo(0, 14);
    // H^-1 1 = [6, 8, 6] / 4, 1'H^-1 1 = 5: 3/4 - (6/4)^2 / 5
    expect(held.covariance(unit(1), unit(1))).toBeCloseTo(3 / 4 - 2.25 / 5, 14);
  });

  test('a precision that is not positive definite gives no number', () => {
    expect(new EffectCovariance(effectsOf([[-1]])).covariance(unit(1), unit(1))).toBeNaN();
  });
});

test('effects that sum to zero are certain to do so', () => {
  const { estimates, fit } = fitted(
    'Penicillin.csv',
    'v = sum_to_zero(1 | sample)\ndiameter ~ normal(mu, sigma)\nmu = 1 + (1 | plate) + v',
  );
  const [effects] = estimates?.().effects ?? [];
  if (effects === undefined) throw new Error('no effects');
  const at = effects.nodeStart[1] ?? 0; // the second block
  const first = fit?.ranef[0]?.group === 'sample' ? 0 : at;
  const z = new Map<number, Float64Array>();
  const covariance = new EffectCovariance(effects);
  for (let l = 0; l < 6; l++) z.set(first + l, covariance.spherical(first + l, Float64Array.of(1)));
  const one = new Map([[first, covariance.spherical(first, Float64Array.of(1))]]);
  expect(covariance.covariance(one, one)).toBeGreaterThan(0.01);
  expect(Math.abs(covariance.covariance(z, z))).toBeLessThan(1e-10);
});
