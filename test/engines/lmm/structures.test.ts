import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CovarianceModel } from '../../../src/engines/lmm/structures/covariance-model.js';
import { covarianceModels } from '../../../src/engines/lmm/structures/covariance-models.js';

const names = Object.keys(covarianceModels) as (keyof typeof covarianceModels)[];
const plain = { scale: new Float64Array([1, 1, 1, 1]), unit: 1 };

function positionsOf(model: CovarianceModel, size: number): Float64Array | null {
  if (model.rebase !== 'none') return null;
  return Float64Array.from({ length: size }, (_, i) =>
    model.name === 'ar1' ? i + (i > 1 ? 2 : 0) : i * 1.3 + (i > 1 ? 0.4 : 0),
  );
}

function factor(model: CovarianceModel, size: number, parameters: Float64Array): Float64Array {
  const L = new Float64Array(size * size);
  model.factorInto(L, 0, size, parameters, 0, positionsOf(model, size));
  return L;
}

function covariance(L: Float64Array, size: number): Float64Array {
  const S = new Float64Array(size * size);
  for (let c = 0; c < size; c++)
    for (let r = 0; r < size; r++) for (let m = 0; m < size; m++) S[r + c * size] += L[r + m * size] * L[c + m * size];
  return S;
}

describe.each(names)('%s', (name) => {
  const model = covarianceModels[name];
  const vector = (size: number) =>
    fc.array(fc.double({ min: -3, max: 3, noNaN: true }), {
      minLength: model.parameterCount(size),
      maxLength: model.parameterCount(size),
    });

  test('the derivative of the factor is that of differences, boundaries included', () => {
    for (const size of [1, 2, 3, 4]) {
      fc.assert(
        fc.property(vector(size), fc.boolean(), (values, zero) => {
          const parameters = Float64Array.from(values, (v, i) => (zero && i === 0 ? 0 : v));
          // car1 has no second derivative where its correlation vanishes
          if (name === 'car1') fc.pre(Math.abs(Math.sin(parameters[1])) > 0.05);
          const G = Float64Array.from({ length: size * size }, (_, k) => Math.sin(k + 1));
          const gradient = new Float64Array(parameters.length);
          model.gradientInto(gradient, 0, G, 0, size, parameters, positionsOf(model, size));
          parameters.forEach((v, p) => {
            const at = (h: number): number => {
              const moved = parameters.slice();
              moved[p] = v + h;
              return factor(model, size, moved).reduce((t, l, k) => t + l * G[k], 0);
            };
            const h = 1e-4;
            const central = (8 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12 * h);
            expect(Math.abs(gradient[p] - central)).toBeLessThan(1e-7 * Math.max(1, Math.abs(central)));
          });
        }),
        { numRuns: 60 },
      );
    }
  });

  test('what is reported gives the same covariance back', () => {
    for (const size of [1, 2, 3, 4]) {
      const identity = Float64Array.from({ length: size * size }, (_, k) => (k % (size + 1) === 0 ? 1 : 0));
      const units = { ...plain, R: identity, inverse: identity };
      fc.assert(
        fc.property(vector(size), (values) => {
          const parameters = Float64Array.from(values);
          const reported = new Float64Array(parameters.length);
          model.reportInto(reported, 0, size, parameters, units);
          const back = new Float64Array(parameters.length);
          model.adoptInto(back, 0, size, reported, units);
          const S = covariance(factor(model, size, parameters), size);
          const T = covariance(factor(model, size, back), size);
          S.forEach((v, k) => {
            expect(Math.abs(T[k] - v)).toBeLessThan(1e-6);
          });
        }),
        { numRuns: 60 },
      );
    }
  });

  test('a triangular factor is one', () => {
    const parameters = Float64Array.from({ length: model.parameterCount(3) }, (_, i) => 0.4 + i / 5);
    const L = factor(model, 3, parameters);
    const upper = [L[3], L[6], L[7]].every((v) => v === 0);
    expect(upper).toBe(model.triangular);
  });
});

test('correlations reach their bounds at finite parameters', () => {
  const at = (name: keyof typeof covarianceModels, t: number, size: number): Float64Array =>
    covariance(factor(covarianceModels[name], size, Float64Array.of(1, t)), size);
  expect(at('homcs', Math.PI / 2, 3)[1]).toBeCloseTo(1, 12);
  expect(at('homcs', 0, 3)[1]).toBeCloseTo(-0.5, 12);
  expect(at('ar1', Math.PI / 2, 2)[1]).toBeCloseTo(1, 12);
  expect(at('ar1', -Math.PI / 2, 2)[1]).toBeCloseTo(-1, 12);
  expect(at('car1', Math.PI / 2, 2)[1]).toBeCloseTo(1, 12);
});
