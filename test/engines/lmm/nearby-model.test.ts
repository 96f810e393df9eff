import { describe, expect, test } from 'vitest';
import { determinantModel, widened } from '../../../src/engines/lmm/determinant-model.js';
import { devianceGradient, residualColumns } from '../../../src/engines/lmm/deviance-gradient.js';
import { exactHessianOf } from '../../../src/engines/lmm/exact-hessian.js';
import { createWork, type LmmWork } from '../../../src/engines/lmm/lmm-work.js';
import {
  determinantSlopes,
  estimatedModel,
  learned,
  nearbyMinimum,
  nearbyProblem,
} from '../../../src/engines/lmm/nearby-model.js';
import { optimizeLmm } from '../../../src/engines/lmm/optimize-lmm.js';
import { profiledDeviance } from '../../../src/engines/lmm/profiled-deviance.js';
import {
  emptyReduced,
  reduceResponse,
  responseSlopes,
  scaleOwners,
} from '../../../src/engines/lmm/reduced-response.js';
import { reducedSquares } from '../../../src/engines/lmm/reduced-squares.js';
import { startTheta } from '../../../src/engines/lmm/start-theta.js';
import { drain } from './drain.js';
import { shapes } from './shapes.js';

const scaled = shapes().filter(({ name }) =>
  ['random intercept', 'independent columns', 'nested', 'no constant in the span'].includes(name),
);

/** `work` at theta with its gradient. */
function stand(work: LmmWork, theta: Float64Array): { readonly value: number; readonly gradient: Float64Array } {
  const gradient = new Float64Array(theta.length);
  const value = profiledDeviance(work, theta);
  devianceGradient(work, gradient);
  return { value, gradient };
}

const owners = (work: LmmWork): Int32Array => {
  const found = scaleOwners(work.layout);
  if (found === null) throw new Error('not scaled');
  return found;
};

test('only models whose parameters are standard deviations have one', () => {
  const names = shapes()
    .filter(({ model }) => scaleOwners(createWork(model, { reml: true, fixedSigma: null }).layout) !== null)
    .map(({ name }) => name);
  for (const { name } of scaled) expect(names).toContain(name);
  for (const name of ['correlated slope', 'compound symmetry', 'ar1']) expect(names).not.toContain(name);
});

describe.each([true, false])('REML %s', (reml) => {
  describe.each(scaled)('$name', ({ model }) => {
    const work = createWork(model, { reml, fixedSigma: null });
    const start = startTheta(work).map((v, p) => v * (1 + 0.1 * p));
    const owner = owners(work);

    test('the reduced sum of squares is exact where it was made, an upper bound elsewhere, and soon exact', () => {
      stand(work, start);
      const { columns } = residualColumns(work, true);
      const reduced = reduceResponse(work, owner, columns, responseSlopes(work, owner, columns), 2);
      const slopes = new Float64Array(start.length);
      expect(reducedSquares(work, reduced, start, slopes) / work.at.r2).toBeCloseTo(1, 12);
      // of sixth order: a fifth of the distance is an error 5^6 times smaller
      const misses = [0.5, 0.1].map((d) => {
        const theta = start.map((v) => v * (1 + d));
        profiledDeviance(work, theta);
        return reducedSquares(work, reduced, theta, slopes) / work.at.r2 - 1;
      });
      for (const miss of misses) expect(miss).toBeGreaterThan(-1e-12);
      expect(misses[0]).toBeLessThan(1e-3);
      expect(misses[1]).toBeLessThan(Math.max(1e-12, misses[0] / 1000));
    });

    test('value, slopes and curvature at the point that the model was made from', () => {
      const { value, gradient } = stand(work, start);
      const hessian = exactHessianOf(work)?.() ?? new Float64Array(0);
      const { columns } = residualColumns(work, true);
      const empty = emptyReduced(work.layout, owner);
      const first = determinantSlopes(work, empty.rows, columns, gradient);
      const response = reduceResponse(work, owner, columns, responseSlopes(work, owner, columns), 2);
      // |N_pq|^2 is what the Hessian has that a model without it lacks
      const n = start.length;
      const lacking = determinantModel(work, response, columns, {
        theta: start,
        first,
        squares: Float64Array.from({ length: n * n }, (_, k) => first[k % n] * first[Math.floor(k / n)] * 1e-3),
      });
      if (lacking === null) throw new Error('no model');
      const own = new Float64Array(n * n);
      nearbyProblem(work, { determinant: lacking, response, latest: null }).hessian?.(start, own);
      const squares = own.map((h, k) => {
        const guess = first[k % n] * first[Math.floor(k / n)] * 1e-3;
        return guess + (h - hessian[k]) / (4 * start[k % n] * start[Math.floor(k / n)]);
      });
      const rowsOf = response.rows;
      // factors of few levels have their own curvature exactly, whatever they are told
      const told = squares.map((v, k) => (k % (n + 1) === 0 && rowsOf[k % n].length <= 24 ? 1 : v));
      const determinant = determinantModel(work, response, columns, { theta: start, first, squares: told });
      if (determinant === null) throw new Error('no model');
      const nearby = nearbyProblem(work, { determinant, response, latest: null });
      const slopes = new Float64Array(n);
      const there = nearby.evaluate(start, slopes);
      slopes.forEach((v, p) => {
        expect(v).toBeCloseTo(gradient[p], 7);
      });
      const curvature = new Float64Array(n * n);
      nearby.hessian?.(start, curvature);
      const largest = Math.max(...hessian.map(Math.abs));
      curvature.forEach((v, k) => {
        expect(Math.abs(v - hessian[k]) / largest).toBeLessThan(1e-6);
      });
      // away from there the widened model is close
      const wide = widened(determinant, (theta) => {
        const { gradient: other } = stand(work, theta);
        return determinantSlopes(work, empty.rows, residualColumns(work, true).columns, other);
      });
      const theta = start.map((v) => v * 1.1);
      const moved = nearbyProblem(work, { determinant: wide, response, latest: null }).evaluate(theta, slopes) - there;
      const real = stand(work, theta);
      expect(Math.abs(moved - (real.value - value))).toBeLessThan(1e-3);
      slopes.forEach((v, p) => {
        expect(Math.abs(v - real.gradient[p])).toBeLessThan(0.02 * (1 + Math.abs(real.gradient[p])));
      });
    });

    test('from minimum to minimum it finds the optimum', () => {
      const found = drain(optimizeLmm(work, start));
      let theta: Float64Array = start;
      let { gradient } = stand(work, theta);
      let nearby = estimatedModel(work, gradient);
      for (let k = 0; k < 8 && nearby !== null; k++) {
        theta = nearbyMinimum(work, nearby, theta);
        ({ gradient } = stand(work, theta));
        nearby = learned(work, nearby, gradient);
      }
      expect(nearby).not.toBeNull();
      expect(profiledDeviance(work, theta) - found.state.value * model.rows).toBeLessThan(1e-6);
    });
  });
});
