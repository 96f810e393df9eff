import { expect, test } from 'vitest';
import { isBelowBest, isWronglyTold, restartGlmm } from './glmm-restarts.js';
import { glmmLabels } from './random-glmm.js';

// The whole study, 200 models with 10 restarts each, is `npm run study:glmm-restarts`.
test('random models over all families: no restart finds a better optimum', { timeout: 120_000 }, () => {
  const cases = glmmLabels.map((_, k) => restartGlmm(1000 + k, 2));
  expect(cases.map((c) => c.label)).toEqual(glmmLabels);
  expect(cases.filter(isBelowBest)).toEqual([]);
  expect(cases.filter(isWronglyTold)).toEqual([]);
});
