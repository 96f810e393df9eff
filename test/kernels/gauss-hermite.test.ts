import { describe, expect, test } from 'vitest';
import { gaussHermite, physicistsRule, productRule } from '../../src/kernels/gauss-hermite.js';

describe('gaussHermite', () => {
  test('three points are -sqrt 3, 0, sqrt 3 with weights 1/6, 2/3, 1/6', () => {
    const { nodes, weights } = gaussHermite(3);
    [-Math.sqrt(3), 0, Math.sqrt(3)].forEach((z, i) => {
      expect(nodes[i]).toBeCloseTo(z, 15);
    });
    [1 / 6, 2 / 3, 1 / 6].forEach((w, i) => {
      expect(weights[i]).toBeCloseTo(w, 15);
    });
  });

  test.each([1, 2, 5, 12, 25, 61])('%i points integrate powers below twice their number exactly', (k) => {
    const { nodes, weights } = gaussHermite(k);
    let doubleFactorial = 1; // E Z^(2j) = (2j - 1)!!
    for (let power = 0; power < Math.min(2 * k, 40); power += 2) {
      const found = nodes.reduce((t, z, i) => t + weights[i] * z ** power, 0);
      expect(Math.abs(found / doubleFactorial - 1)).toBeLessThan(1e-12);
      doubleFactorial *= power + 1;
    }
  });

  test.each([25, 300, 600])('%i points: E exp(tZ), where the far weights underflow', (k) => {
    const { nodes, logWeights } = gaussHermite(k);
    // exp(12.5): the integrand's mass lies around z = 5
    const found = nodes.reduce((t, z, i) => t + Math.exp(logWeights[i] + 5 * z - 12.5), 0);
    expect(Math.abs(found - 1)).toBeLessThan(k === 25 ? 1e-5 : 1e-11);
    // ascending, and symmetric to the last bit
    nodes.forEach((z, i) => {
      if (i > 0) expect(z).toBeGreaterThan(nodes[i - 1]);
      expect(Math.abs(z)).toBe(Math.abs(nodes[k - 1 - i]));
    });
  });

  test('in the form of the physicists', () => {
    const { nodes, weights } = physicistsRule(gaussHermite(20));
    // integral of cos(x) exp(-x^2) is sqrt(pi) exp(-1/4)
    const found = nodes.reduce((t, x, i) => t + weights[i] * Math.cos(x), 0);
    expect(found).toBeCloseTo(Math.sqrt(Math.PI) * Math.exp(-0.25), 13);
  });

  test('the product rule: E of (Z1 + 2 Z2 Z3)^2 is 5', () => {
    const rule = productRule(gaussHermite(4), 3);
    expect(rule.count).toBe(64);
    let total = 0;
    for (let c = 0; c < rule.count; c++) {
      const [a, b, e] = rule.nodes.subarray(3 * c, 3 * c + 3);
      total += Math.exp(rule.logWeights[c]) * (a + 2 * b * e) ** 2;
    }
    expect(total).toBeCloseTo(5, 12);
    expect(productRule(gaussHermite(4), 0).count).toBe(1);
  });

  test('no points, or more nodes than can be stored, are refused', () => {
    expect(() => gaussHermite(0)).toThrow();
    expect(() => productRule(gaussHermite(50), 9)).toThrow('too many');
  });
});
