import { describe, expect, test } from 'vitest';
import { logMultivariateGamma } from '../../src/kernels/special-functions.js';
import { dirichletDensity } from '../../src/priors/dirichlet.js';
import {
  addCorGradient,
  addCovGradient,
  addSdGradient,
  corOfFactor,
  covOfFactor,
  sdOfFactor,
  symmetricRoot,
} from '../../src/priors/factor-quantities.js';
import { gammaDensity } from '../../src/priors/gamma.js';
import { inverseGammaDensity } from '../../src/priors/inverse-gamma.js';
import { inverseWishartDensity } from '../../src/priors/inverse-wishart.js';
import { lkjDensity } from '../../src/priors/lkj.js';
import type { MatrixDensity } from '../../src/priors/matrix-density.js';
import { multiNormalDensity } from '../../src/priors/multi-normal.js';
import { multiStudentTDensity } from '../../src/priors/multi-student-t.js';
import { positiveDefinite } from '../../src/priors/positive-definite.js';
import { studentTDensity } from '../../src/priors/student-t.js';
import { wishartDensity } from '../../src/priors/wishart.js';
import { halfLineNodes, slope, unitNodes } from './quadrature.js';

const S2 = Float64Array.of(3, 0.8, 0.8, 1.5);
const X2 = Float64Array.of(2, -0.5, -0.5, 0.9);
const S3 = Float64Array.of(3, 0.8, 0.2, 0.8, 1.5, -0.3, 0.2, -0.3, 2);
const L3 = Float64Array.of(1.2, 0.4, -0.7, 0, -0.8, 0.3, 0, 0, 0.5);
const det2 = (a: Float64Array) => a[0] * a[3] - a[1] * a[2];
/** tr(A^-1 B) for 2 x 2. */
const ratio2 = (a: Float64Array, b: Float64Array) => (a[3] * b[0] - a[1] * b[2] - a[2] * b[1] + a[0] * b[3]) / det2(a);

/** Fourth-order differences. */
const tolerance = 1e-8;

describe.each<[string, MatrixDensity, number]>([
  ['wishart', wishartDensity, 4.5],
  ['inverse_wishart', inverseWishartDensity, 4.5],
])('%s', (name, density, df) => {
  test('as its formula in two dimensions (the priors table of the reference fits)', () => {
    const constant = df * 2 * Math.log(2) + 2 * logMultivariateGamma(2, df / 2);
    const minus2 =
      name === 'wishart'
        ? -(df - 3) * Math.log(det2(X2)) + ratio2(S2, X2) + constant + df * Math.log(det2(S2))
        : (df + 3) * Math.log(det2(X2)) + ratio2(X2, S2) + constant - df * Math.log(det2(S2));
    expect(-2 * density.logDensity(X2, 2, df, S2, null)).toBeCloseTo(minus2, 12);
  });

  test('is a gamma or inverse gamma in one dimension', () => {
    const out = new Float64Array(5);
    const [x, s] = [1.7, 0.6];
    if (name === 'wishart') gammaDensity.logDensityInto(out, x, [df / 2, 1 / (2 * s)]);
    else inverseGammaDensity.logDensityInto(out, x, [df / 2, s / 2]);
    expect(density.logDensity(Float64Array.of(x), 1, df, Float64Array.of(s), null)).toBeCloseTo(out[0], 12);
  });

  test('integrates to one over 2 x 2 matrices', () => {
    // X = L L', dX = 4 l11^2 l22 dL
    const half = halfLineNodes(60, 2.6);
    let total = 0;
    for (const a of half)
      for (const b of half)
        for (const c of half)
          for (const sign of [1, -1]) {
            const L = Float64Array.of(a.x, sign * b.x, 0, c.x);
            const log = density.logDensityOfFactor(L, 2, df, S2, null);
            total += Math.exp(log) * 4 * a.x ** 2 * c.x * a.weight * b.weight * c.weight;
          }
    expect(total).toBeCloseTo(1, 4);
  });

  test('the factor form is the same density, with the gradient of each', () => {
    const X = covOfFactor(L3, 3);
    const gX = new Float64Array(9);
    const gL = new Float64Array(9);
    const gS = new Float64Array(9);
    const atX = density.logDensity(X, 3, df, S3, gX, gS);
    expect(density.logDensityOfFactor(L3, 3, df, S3, gL)).toBeCloseTo(atX, 11);
    const chained = new Float64Array(9);
    addCovGradient(chained, L3, 3, gX);
    for (let k = 0; k < 9; k++) expect(gL[k]).toBeCloseTo(chained[k], 10);
    for (const [i, j] of [
      [0, 0],
      [1, 0],
      [2, 0],
      [1, 1],
      [2, 1],
      [2, 2],
    ] as const) {
      const moved = (t: number) => density.logDensityOfFactor(L3.with(i + 3 * j, t), 3, df, S3, null);
      expect(Math.abs(gL[i + 3 * j] - slope(moved, L3[i + 3 * j], 1e-3))).toBeLessThan(tolerance * 1e2);
      const scaled = (t: number) => density.logDensity(X, 3, df, S3.with(i + 3 * j, t).with(j + 3 * i, t), null);
      const expected = slope(scaled, S3[i + 3 * j], 1e-3);
      expect(Math.abs((i === j ? 1 : 2) * gS[i + 3 * j] - expected)).toBeLessThan(tolerance);
    }
  });

  test('a matrix that is not positive definite has density zero', () => {
    expect(density.logDensity(Float64Array.of(1, 2, 2, 1), 2, df, S2, null)).toBe(Number.NEGATIVE_INFINITY);
    expect(density.logDensityOfFactor(new Float64Array(4), 2, df, S2, null)).toBe(Number.NEGATIVE_INFINITY);
  });
});

describe('wishart and inverse_wishart', () => {
  test('X ~ wishart(df, S) is X^-1 ~ inverse_wishart(df, S^-1)', () => {
    const X = covOfFactor(L3, 3);
    const inverse = positiveDefinite(X, 3);
    const scale = positiveDefinite(S3, 3);
    if (!inverse || !scale) throw new Error('positive definite by construction');
    const w = wishartDensity.logDensity(X, 3, 5.2, S3, null);
    const iw = inverseWishartDensity.logDensity(inverse.inverse, 3, 5.2, scale.inverse, null);
    expect(w).toBeCloseTo(iw - 4 * inverse.logDet, 10);
  });

  test('improper limits are powers of the determinant, without constant', () => {
    expect(-2 * wishartDensity.logDensity(X2, 2, 4.5, null, null)).toBeCloseTo(-1.5 * Math.log(det2(X2)), 12);
    expect(-2 * inverseWishartDensity.logDensity(X2, 2, 4.5, null, null)).toBeCloseTo(7.5 * Math.log(det2(X2)), 12);
    // df = d + 1 with an infinite scale is no prior at all, singular matrices included
    expect(wishartDensity.logDensityOfFactor(new Float64Array(4), 2, 3, null, null)).toBe(0);
  });
});

describe('lkj', () => {
  test('in two dimensions r is a stretched beta', () => {
    for (const eta of [1, 2, 0.7]) {
      let total = 0;
      for (const { x, rest, weight } of unitNodes(160, 3.9)) {
        const r = x - rest; // 2 x - 1
        const log = lkjDensity.logDensityOfFactor(Float64Array.of(1, r, 0, 2 * Math.sqrt(x * rest)), 2, eta, null);
        total += 2 * weight * Math.exp(log);
      }
      expect(total).toBeCloseTo(1, 7);
    }
    expect(lkjDensity.logDensity(Float64Array.of(1, 0.3, 0.3, 1), 2, 1, null)).toBeCloseTo(Math.log(0.5), 13);
  });

  test('integrates to one over 3 x 3 matrices', () => {
    const nodes = unitNodes(30, 2.7);
    let total = 0;
    for (const a of nodes)
      for (const b of nodes)
        for (const c of nodes) {
          const r12 = a.x - a.rest;
          const r13 = b.x - b.rest;
          const width = Math.sqrt((1 - r12 ** 2) * (1 - r13 ** 2));
          const r23 = r12 * r13 + (c.x - c.rest) * width;
          const R = Float64Array.of(1, r12, r13, r12, 1, r23, r13, r23, 1);
          total += 8 * a.weight * b.weight * c.weight * width * Math.exp(lkjDensity.logDensity(R, 3, 2.5, null));
        }
    expect(total).toBeCloseTo(1, 5);
  });

  test('the factor form is the same density, with its gradient', () => {
    const g = new Float64Array(9);
    const gR = new Float64Array(9);
    const value = lkjDensity.logDensityOfFactor(L3, 3, 2, g);
    expect(value).toBeCloseTo(lkjDensity.logDensity(corOfFactor(L3, 3), 3, 2, gR), 12);
    const chained = new Float64Array(9);
    addCorGradient(chained, L3, 3, gR);
    for (let j = 0; j < 3; j++)
      for (let i = j; i < 3; i++) {
        const moved = (t: number) => lkjDensity.logDensityOfFactor(L3.with(i + 3 * j, t), 3, 2, null);
        expect(Math.abs(g[i + 3 * j] - slope(moved, L3[i + 3 * j], 1e-3))).toBeLessThan(tolerance);
        expect(g[i + 3 * j]).toBeCloseTo(chained[i + 3 * j], 10);
      }
  });

  test('eta = 1 says nothing of a singular factor, eta = 2 forbids it', () => {
    const singular = Float64Array.of(0, 0, 0, 1);
    expect(lkjDensity.logDensityOfFactor(singular, 2, 1, null)).toBeCloseTo(Math.log(0.5), 13);
    expect(lkjDensity.logDensityOfFactor(singular, 2, 2, null)).toBe(Number.NEGATIVE_INFINITY);
  });

  test('its derivative in eta', () => {
    const R = corOfFactor(L3, 3);
    const logDet = positiveDefinite(R, 3)?.logDet ?? Number.NaN;
    const expected = slope((eta) => lkjDensity.logDensity(R, 3, eta, null), 2, 1e-2);
    expect(lkjDensity.etaSlope(logDet, 3, 2)).toBeCloseTo(expected, 6);
  });
});

describe('vectors', () => {
  const location = Float64Array.of(0.5, -1);
  const at = Float64Array.of(1.1, 0.3);
  const densities = [
    ['multi_normal', (x: Float64Array) => multiNormalDensity.logDensity(x, 0, location, S2, null)],
    ['multi_student_t', (x: Float64Array) => multiStudentTDensity.logDensity(x, 3.5, location, S2, null)],
  ] as const;

  test.each(densities)('%s integrates to one', (_name, f) => {
    const half = halfLineNodes(120, 3.4);
    let total = 0;
    for (const a of half)
      for (const b of half)
        for (const [p, q] of [
          [1, 1],
          [1, -1],
          [-1, 1],
          [-1, -1],
        ] as const)
          total += a.weight * b.weight * Math.exp(f(Float64Array.of(location[0] + p * a.x, location[1] + q * b.x)));
    expect(total).toBeCloseTo(1, 6);
  });

  test('one dimension is student_t with the square root of the scale', () => {
    const out = new Float64Array(6);
    studentTDensity.logDensityInto(out, 1.4, [3.5, 0.2, 2]);
    const found = multiStudentTDensity.logDensity(
      Float64Array.of(1.4),
      3.5,
      Float64Array.of(0.2),
      Float64Array.of(4),
      null,
    );
    expect(found).toBeCloseTo(out[0], 12);
  });

  test.each([
    ['multi_normal', multiNormalDensity, 0],
    ['multi_student_t', multiStudentTDensity, 3.5],
    ['multi_student_t at infinity', multiStudentTDensity, Number.POSITIVE_INFINITY],
  ] as const)('gradients of %s', (_name, density, df) => {
    const g = { x: new Float64Array(2), scale: new Float64Array(4), df: new Float64Array(1) };
    density.logDensity(at, df, location, S2, g);
    for (let i = 0; i < 2; i++) {
      const moved = (t: number) => density.logDensity(at.with(i, t), df, location, S2, null);
      expect(Math.abs(g.x[i] - slope(moved, at[i], 1e-3))).toBeLessThan(tolerance);
      for (let j = 0; j <= i; j++) {
        const scaled = (t: number) =>
          density.logDensity(at, df, location, S2.with(i + 2 * j, t).with(j + 2 * i, t), null);
        const expected = slope(scaled, S2[i + 2 * j], 1e-3);
        expect(Math.abs((i === j ? 1 : 2) * g.scale[i + 2 * j] - expected)).toBeLessThan(tolerance);
      }
    }
    if (df > 0 && Number.isFinite(df)) {
      const expected = slope((t) => density.logDensity(at, t, location, S2, null), df, 1e-2);
      expect(Math.abs(g.df[0] - expected)).toBeLessThan(1e-7);
    }
  });
});

describe('dirichlet', () => {
  test('of two concentrations is a beta, and integrates to one', () => {
    const total = unitNodes().reduce(
      (t, { x, rest, weight }) =>
        t + weight * Math.exp(dirichletDensity.logDensity(Float64Array.of(x, rest), Float64Array.of(2, 3.5), null)),
      0,
    );
    expect(total).toBeCloseTo(1, 9);
  });

  test('gradients', () => {
    const p = Float64Array.of(0.2, 0.5, 0.3);
    const a = Float64Array.of(2, 1, 0.6);
    const g = new Float64Array(3);
    const ga = new Float64Array(3);
    dirichletDensity.logDensity(p, a, g, ga);
    for (let i = 0; i < 3; i++) {
      expect(g[i]).toBeCloseTo(
        slope((t) => dirichletDensity.logDensity(p.with(i, t), a, null), p[i], 1e-3),
        6,
      );
      expect(ga[i]).toBeCloseTo(
        slope((t) => dirichletDensity.logDensity(p, a.with(i, t), null), a[i], 1e-3),
        6,
      );
    }
  });

  test('a probability of zero', () => {
    const flat = Float64Array.of(1, 1);
    expect(dirichletDensity.logDensity(Float64Array.of(0, 1), flat, null)).toBeCloseTo(0, 14);
    expect(dirichletDensity.logDensity(Float64Array.of(0, 1), Float64Array.of(2, 1), null)).toBe(
      Number.NEGATIVE_INFINITY,
    );
  });
});

describe('quantities of a factor', () => {
  test('standard deviations and their gradient', () => {
    const weights = Float64Array.of(1, -2, 0.5);
    const f = (L: Float64Array) => sdOfFactor(L, 3).reduce((t, v, i) => t + v * weights[i], 0);
    const g = new Float64Array(9);
    addSdGradient(g, L3, 3, weights);
    for (let j = 0; j < 3; j++)
      for (let i = j; i < 3; i++)
        expect(g[i + 3 * j]).toBeCloseTo(
          slope((t) => f(L3.with(i + 3 * j, t)), L3[i + 3 * j], 1e-3),
          9,
        );
  });

  test('the symmetric root, squared, is the matrix; its gradient', () => {
    const X = covOfFactor(L3, 3);
    const { root, toCov } = symmetricRoot(X, 3);
    for (let i = 0; i < 3; i++)
      for (let j = 0; j < 3; j++) {
        let t = 0;
        for (let k = 0; k < 3; k++) t += root[i + 3 * k] * root[k + 3 * j];
        expect(t).toBeCloseTo(X[i + 3 * j], 12);
      }
    const f = (x: Float64Array) => inverseWishartDensity.logDensity(symmetricRoot(x, 3).root, 3, 5, S3, null);
    const g = new Float64Array(9);
    inverseWishartDensity.logDensity(root, 3, 5, S3, g);
    const gX = toCov(g);
    for (let j = 0; j < 3; j++)
      for (let i = j; i < 3; i++) {
        const expected = slope((t) => f(X.with(i + 3 * j, t).with(j + 3 * i, t)), X[i + 3 * j], 1e-3);
        expect(Math.abs((i === j ? 1 : 2) * gX[i + 3 * j] - expected)).toBeLessThan(1e-5 * (1 + Math.abs(expected)));
      }
  });
});
