import { expect, test } from 'vitest';
import { compile, tableFromColumns } from '../../../src/index.js';

const rows = { y: [1, 2, 3.5], x: [2, 3, 5], g: ['a', 'a', 'b'] };

/** Codes of the warnings of a converged fit. */
function said(text: string, columns: typeof rows): string[] {
  const fit = compile(text).bind(tableFromColumns(columns)).fit();
  expect(fit.converged).toBe(true);
  return fit.warnings.map((w) => w.code);
}

test('by REML one contrast tells nothing about two variances', () => {
  expect(said('y ~ x + (1 | g)', rows)).toEqual(['MM515']);
  const problem = compile('y ~ x + (1 | g)').bind(tableFromColumns(rows), { engine: 'lmm' });
  for (const theta of [0.3, 1, 7]) expect(problem.deviance([theta])).toBeCloseTo(problem.deviance([0.1]), 10);
});

test('what the data tell is not called so, in few rows or for effects of any size', () => {
  expect(said('y ~ 1 + (1 | g)', rows)).not.toContain('MM515');
  expect(said('y ~ x + (1 | g)\nfit ml', rows)).not.toContain('MM515');
  for (const size of [0, 0.05, 1, 1e3]) {
    const g = Array.from({ length: 40 }, (_, i) => `g${i % 8}`);
    const x = g.map((_, i) => Math.cos(5 * i));
    const y = g.map((_, i) => size * Math.sin(9 * (i % 8)) + Math.sin(77 * i * i));
    expect(said('y ~ x + (1 | g)', { y, x, g })).not.toContain('MM515');
  }
});
