import { describe, expect, test } from 'vitest';
import { links } from '../../src/links/index.js';
import { type LinkName, linkNames } from '../../src/links/link.js';
import { logTails } from '../../src/links/tails.js';

/** Linear predictors inside each link's domain. */
const etas: Record<LinkName, readonly number[]> = {
  identity: [-3, 0.2, 7],
  log: [-5, 0.3, 4],
  logit: [-9, -0.7, 0.4, 8],
  probit: [-6, -0.7, 0.4, 5],
  cloglog: [-8, -0.7, 0.4, 1.5],
  cauchit: [-200, -0.7, 0.4, 30],
  inverse: [-2, 0.4, 5],
  sqrt: [0.3, 2.2],
};

/** Central difference of sixth order; good to about 1e-11 of a smooth function of size one. */
function slope(f: (x: number) => number, x: number): number {
  const h = 2e-3 * Math.max(1, Math.abs(x) / 10);
  return (45 * (f(x + h) - f(x - h)) - 9 * (f(x + 2 * h) - f(x - 2 * h)) + (f(x + 3 * h) - f(x - 3 * h))) / (60 * h);
}

function expectClose(found: number, expected: number, tolerance = 1e-8): void {
  expect(Math.abs(found - expected) / (1e-3 + Math.abs(expected))).toBeLessThan(tolerance);
}

describe.each(linkNames)('%s', (name) => {
  const link = links[name];

  test('link and inverse undo each other', () => {
    expect(link.name).toBe(name);
    for (const eta of etas[name]) expectClose(link.link(link.inverse(eta)), eta, 1e-6);
  });

  test('derivatives of the inverse', () => {
    for (const eta of etas[name]) {
      expectClose(link.derivative1(eta), slope(link.inverse, eta));
      expectClose(link.derivative2(eta), slope(link.derivative1, eta));
      expectClose(link.derivative3(eta), slope(link.derivative2, eta));
    }
  });

  test('no parameter leaves its support, however extreme the predictor', () => {
    const unit = name === 'logit' || name === 'probit' || name === 'cloglog' || name === 'cauchit';
    for (const eta of [-1e300, -1e4, -800, -40, 40, 800, 1e4, 1e300]) {
      const parameter = link.inverse(eta);
      expect(Number.isNaN(parameter)).toBe(false);
      for (const d of [link.derivative1(eta), link.derivative2(eta), link.derivative3(eta)])
        expect(Number.isNaN(d)).toBe(false);
      if (unit) expect(parameter > 0 && parameter < 1).toBe(true);
      if (name === 'log' || name === 'sqrt') expect(parameter).toBeGreaterThan(0);
    }
  });
});

/** log p and log(1 - p) by mpmath with 60 digits, rounded, at predictors far out, where p or 1 - p alone has lost them. */
const farOut: readonly (readonly [LinkName, number, number, number])[] = [
  ['logit', -50, -50, -1.928749847963918e-22],
  ['logit', 45, -2.8625185805493937e-20, -45],
  ['probit', -20, -203.91715537109727, -2.7536241186062337e-89],
  ['probit', -60, -1805.0135606805673, 0],
  ['cloglog', -40, -40, -4.248354255291589e-18],
  ['cloglog', 3.5, -4.150896920109045e-15, -33.11545195869231],
  ['cauchit', -1e8, -19.565410629801768, -3.183098866903966e-9],
];

describe('logarithms of probabilities', () => {
  test.each(Object.entries(logTails))('%s: derivatives and complement', (name, tails) => {
    const out = new Float64Array(8);
    const points = name === 'log' ? [-7, -0.6, -0.2] : name === 'identity' ? [0.1, 0.5, 0.9] : etas[name as LinkName];
    for (const eta of points) {
      const at = (k: number) => (x: number) => {
        tails(out, x, 3);
        return out[k];
      };
      tails(out, eta, 3);
      const found = out.slice();
      expect(Math.exp(found[0]) + Math.exp(found[4])).toBeCloseTo(1, 12);
      for (const k of [0, 1, 2, 4, 5, 6]) expectClose(found[k + 1], slope(at(k), eta), 2e-7);
    }
  });

  test.each(farOut)('%s at %d', (name, eta, logP, logQ) => {
    const out = new Float64Array(8);
    logTails[name]?.(out, eta, 3);
    expect(Math.abs(out[0] - logP)).toBeLessThanOrEqual(1e-13 * Math.abs(logP));
    expect(Math.abs(out[4] - logQ)).toBeLessThanOrEqual(1e-13 * Math.abs(logQ));
    expect(out.every((v) => !Number.isNaN(v))).toBe(true);
  });

  test('the derivatives of the normal tail join where their formula changes', () => {
    const out = new Float64Array(8);
    const near = new Float64Array(8);
    logTails.probit?.(out, -50.000001, 3);
    logTails.probit?.(near, -49.999999, 3);
    for (const k of [1, 2]) expectClose(out[k], near[k], 1e-7);
    // the third is 2 / 50^3 there, and the differences on the near side have an error of some 1e-10
    expect(Math.abs(out[3] - near[3])).toBeLessThan(1e-8);
  });
});
