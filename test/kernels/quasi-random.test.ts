import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  haltonPoints,
  normalsInPlace,
  sobolDimensions,
  sobolIntegers,
  sobolPoints,
} from '../../src/kernels/quasi-random.js';

const reference: { points: number[][] } = JSON.parse(
  readFileSync(join(import.meta.dirname, '../reference/sobol/points.json'), 'utf8'),
);

describe('Sobol points', () => {
  test('unscrambled they are those of scipy, in 64 dimensions', () => {
    expect([...sobolIntegers(16, 64)]).toEqual(reference.points.flat());
  });

  test('scrambled, every interval of 2^-k holds its share of 2^k points, in every dimension', () => {
    const points = sobolPoints(64, sobolDimensions, 3);
    for (let d = 0; d < sobolDimensions; d++) {
      const seen = new Set<number>();
      for (let i = 0; i < 64; i++) seen.add(Math.floor(points[i * sobolDimensions + d] * 64));
      expect(seen.size).toBe(64);
    }
  });

  test('the first two dimensions keep the (0, 6, 2)-net: every 8 x 8 and 16 x 4 cell holds one point', () => {
    const points = sobolPoints(64, 2, 'net');
    for (const [a, b] of [
      [8, 8],
      [16, 4],
      [4, 16],
      [2, 32],
    ] as const) {
      const cells = new Set<number>();
      for (let i = 0; i < 64; i++) cells.add(Math.floor(points[2 * i] * a) * 64 + Math.floor(points[2 * i + 1] * b));
      expect(cells.size).toBe(64);
    }
  });

  test('fewer points are the first of more; another key gives others; all are inside the open cube', () => {
    const many = sobolPoints(256, 5, 1);
    expect([...sobolPoints(100, 5, 1)]).toEqual([...many.subarray(0, 500)]);
    expect(sobolPoints(4, 5, 2)[0]).not.toBe(many[0]);
    expect(many.every((u) => u > 0 && u < 1)).toBe(true);
  });

  test('over keys a point is uniform: mean 1/2, variance 1/12', () => {
    const n = 2000;
    let sum = 0;
    let squares = 0;
    for (let key = 0; key < n; key++) {
      const u = sobolPoints(4, 1, key)[3];
      sum += u;
      squares += (u - 0.5) ** 2;
    }
    expect(Math.abs(sum / n - 0.5)).toBeLessThan(5 * Math.sqrt(1 / 12 / n));
    expect(Math.abs(squares / n - 1 / 12)).toBeLessThan(5 * Math.sqrt(1 / 180 / n));
  });

  test('integrates a smooth function far better than independent draws would', () => {
    // E prod (1 + (u_d - 1/2)) = 1; the standard error of 4096 independent draws is 0.01
    const [n, d] = [4096, 6];
    const points = sobolPoints(n, d, 9);
    let total = 0;
    for (let i = 0; i < n; i++) {
      let f = 1;
      for (let j = 0; j < d; j++) f *= 0.5 + points[i * d + j];
      total += f / n;
    }
    expect(Math.abs(total - 1)).toBeLessThan(2e-4);
  });

  test('too many dimensions are refused', () => {
    expect(() => sobolPoints(2, sobolDimensions + 1, 1)).toThrow('dimension');
  });
});

describe('Halton points', () => {
  test('every dimension is balanced in its own base', () => {
    const bases = [2, 3, 5, 7];
    const points = haltonPoints(210, 4, 1);
    bases.forEach((base, d) => {
      const counts = new Float64Array(base);
      for (let i = 0; i < 210; i++) counts[Math.floor(points[i * 4 + d] * base)]++;
      expect([...counts]).toEqual(new Array(base).fill(210 / base));
    });
    expect(points.every((u) => u > 0 && u < 1)).toBe(true);
  });
});

test('normals by inversion: variance one', () => {
  const z = sobolPoints(1024, 2, 4);
  normalsInPlace(z);
  const variance = z.reduce((t, v) => t + v * v, 0) / z.length;
  expect(Math.abs(variance - 1)).toBeLessThan(0.01);
});
