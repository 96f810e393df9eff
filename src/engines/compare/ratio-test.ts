import { chiSquaredCdf } from '../../kernels/distributions.js';
import type { RatioTest } from '../../results/comparison.js';

/** @param sdsAtZero  standard deviations among the df parameters that the smaller model holds at zero [COMPARE-3] */
export function ratioTest(against: string, chisq: number, df: number, sdsAtZero: number): RatioTest {
  const x = Math.max(chisq, 0);
  const upper = (k: number): number => (k === 0 ? (x > 0 ? 0 : 1) : chiSquaredCdf(x, k, 'upper'));
  const pBoundary = sdsAtZero === 1 ? (upper(df - 1) + upper(df)) / 2 : null;
  return { against, chisq, df, p: upper(df), sdsAtZero, pBoundary };
}
