import { expect, test } from 'vitest';
import { coverageOf, isOff, kinds } from './prior-coverage.js';

// The whole study, 2000 data sets of each kind, is `npm run study:priors`.
test.each(kinds)('90 % intervals of coefficients drawn from their prior: $name', (kind) => {
  const found = coverageOf(kind, 60, false);
  expect(found.failed).toBe(0);
  expect(isOff(found)).toBe(false);
});
