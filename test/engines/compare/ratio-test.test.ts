import { expect, test } from 'vitest';
import { ratioTest } from '../../../src/engines/compare/ratio-test.js';

test('one standard deviation at zero: half of chi-squared with one degree of freedom less', () => {
  // R: pchisq(3.2, 1:2, lower.tail = FALSE) is 0.0736382701203026, 0.201896517994655
  const { p, pBoundary } = ratioTest('a', 3.2, 2, 1);
  expect(p).toBeCloseTo(0.201896517994655, 12);
  expect(pBoundary).toBeCloseTo((0.0736382701203026 + 0.201896517994655) / 2, 12);
  expect(ratioTest('a', 3.2, 1, 1).pBoundary).toBeCloseTo(0.0736382701203026 / 2, 12);
});

test('nothing gained: p is one', () => {
  expect(ratioTest('a', 0, 1, 1)).toMatchObject({ p: 1, pBoundary: 1 });
  expect(ratioTest('a', -1e-9, 1, 0)).toMatchObject({ p: 1, pBoundary: null });
});

test('several at zero have no p of their own', () => {
  expect(ratioTest('a', 5, 3, 2).pBoundary).toBeNull();
});
