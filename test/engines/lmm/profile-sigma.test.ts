import fc from 'fast-check';
import { expect, test } from 'vitest';
import { profileSigma, type SigmaTerms, sigmaObjective } from '../../../src/engines/lmm/profile-sigma.js';

const amount = fc.oneof(fc.constant(0), fc.double({ min: 1e-6, max: 1e6, noNaN: true }));
const terms: fc.Arbitrary<SigmaTerms> = fc.record({
  nu: fc.double({ min: 1e-3, max: 1e5, noNaN: true }),
  A: amount,
  B: amount,
  C: amount,
  D: amount,
});

test('the residual sum of squares alone: sigma^2 = A / nu', () => {
  expect(profileSigma({ nu: 10, A: 40, B: 0, C: 0, D: 0 })).toBeCloseTo(2, 14);
});

test('inverse-gamma priors on sigma^2 and on sigma, gamma on sigma^2: the closed forms', () => {
  // nu log s2 + A / s2 with (a, b) = (2, 500) added: (A + 2 b) / (nu + 2 (a + 1))
  expect(profileSigma({ nu: 180 + 6, A: 1e5 + 1000, B: 0, C: 0, D: 0 }) ** 2).toBeCloseTo(101000 / 186, 8);
  // 2 nu s^2 - B s - 2 A = 0
  const [nu, A, B] = [50, 300, 40];
  expect(profileSigma({ nu, A, B, C: 0, D: 0 })).toBeCloseTo((B + Math.sqrt(B * B + 16 * nu * A)) / (4 * nu), 12);
  // C s2^2 + nu s2 - A = 0
  const C = 0.7;
  expect(profileSigma({ nu, A, B: 0, C, D: 0 }) ** 2).toBeCloseTo((-nu + Math.sqrt(nu * nu + 4 * A * C)) / (2 * C), 10);
});

test('a negative power is held up by the terms that grow', () => {
  const found = profileSigma({ nu: -5, A: 0, B: 0, C: 2, D: 0 });
  expect(found ** 2).toBeCloseTo(2.5, 12);
});

test('it is the minimum: the slope in log sigma vanishes and both sides are higher', () => {
  fc.assert(
    fc.property(terms, (t) => {
      fc.pre(t.A > 0 || t.B > 0);
      const s = profileSigma(t);
      const parts = [2 * t.nu, (-2 * t.A) / s ** 2, -t.B / s, 2 * t.C * s ** 2, t.D * s];
      const slope = parts.reduce((a, b) => a + b, 0);
      expect(Math.abs(slope)).toBeLessThan(1e-9 * Math.max(...parts.map(Math.abs)));
      for (const f of [0.9, 1.1]) expect(sigmaObjective(t, s * f)).toBeGreaterThan(sigmaObjective(t, s));
    }),
    { numRuns: 500 },
  );
});

test('where there is no minimum there is no answer', () => {
  expect(profileSigma({ nu: 3, A: 0, B: 0, C: 0, D: 0 })).toBeNaN();
  expect(profileSigma({ nu: 3, A: 0, B: 0, C: 1, D: 1 })).toBeNaN();
  expect(profileSigma({ nu: -3, A: 1, B: 1, C: 0, D: 0 })).toBeNaN();
  expect(profileSigma({ nu: 3, A: Number.NaN, B: 0, C: 0, D: 0 })).toBeNaN();
});
