import { expect, test } from 'vitest';
import { isBelowBest, studyDesign } from './convergence.js';

// The whole study, 300 designs with 20 restarts each, is `npm run study:convergence`.
test('random designs: no restart finds a better optimum, and every fit knows that it converged', () => {
  const cases = Array.from({ length: 24 }, (_, i) => studyDesign(1000 + i, 5));
  expect(cases.filter(isBelowBest)).toEqual([]);
  expect(cases.filter((c) => !c.converged)).toEqual([]);
  expect(cases.some((c) => c.singular)).toBe(true);
  expect(cases.some((c) => !c.singular)).toBe(true);
});
