import { describe, expect, test } from 'vitest';
import { createRng, type Rng, restoreRng, shuffleInPlace } from '../../src/kernels/rng.js';

const draw = (rng: Rng, n: number) => Array.from({ length: n }, () => rng.uniform());

describe('createRng', () => {
  test('the same seed gives the same numbers, another seed others', () => {
    expect(draw(createRng(7), 5)).toEqual(draw(createRng(7), 5));
    expect(draw(createRng(7), 5)).not.toEqual(draw(createRng(8), 5));
  });

  test('a stream depends on its index alone, not on what was drawn before or in which order', () => {
    const first = createRng(1);
    draw(first, 100);
    const late = draw(first.stream(3), 4);
    expect(draw(createRng(1).stream(3), 4)).toEqual(late);
    expect(draw(createRng(1).stream(4), 4)).not.toEqual(late);
    expect(draw(createRng(1).stream(3).stream(1), 4)).not.toEqual(draw(createRng(1).stream(31), 4));
  });

  test('a state saved to JSON goes on with the same numbers', () => {
    const rng = createRng('x');
    draw(rng, 10);
    const saved = JSON.parse(JSON.stringify(rng.save()));
    const rest = draw(rng, 5);
    const restored = restoreRng(saved);
    expect(draw(restored, 5)).toEqual(rest);
    expect(draw(restored.stream(2), 3)).toEqual(draw(createRng('x').stream(2), 3));
  });

  test('normals have the moments of the normal', () => {
    const rng = createRng(11);
    const n = 40000;
    const z = Array.from({ length: n }, () => rng.normal());
    const moment = (k: number) => z.reduce((t, v) => t + v ** k, 0) / n;
    // five standard errors: the variances of the powers are 1, 2, 15, 96
    expect(Math.abs(moment(1))).toBeLessThan(5 * Math.sqrt(1 / n));
    expect(Math.abs(moment(2) - 1)).toBeLessThan(5 * Math.sqrt(2 / n));
    expect(Math.abs(moment(3))).toBeLessThan(5 * Math.sqrt(15 / n));
    expect(Math.abs(moment(4) - 3)).toBeLessThan(5 * Math.sqrt(96 / n));
  });

  test('integers are even', () => {
    const rng = createRng(5);
    const counts = new Float64Array(6);
    for (let i = 0; i < 6000; i++) counts[rng.integer(6)]++;
    const chiSquared = counts.reduce((t, c) => t + (c - 1000) ** 2 / 1000, 0);
    expect(chiSquared).toBeLessThan(25.7); // upper 1e-4 of chi-squared(5)
  });

  test('a shuffle keeps every value', () => {
    const values = Int32Array.from({ length: 50 }, (_, i) => i);
    shuffleInPlace(values, createRng(2));
    expect([...values]).not.toEqual([...values].sort((a, b) => a - b));
    expect([...values].sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, i) => i));
  });
});
