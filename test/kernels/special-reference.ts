import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';

interface SpecialValues {
  readonly gamma: readonly Record<'x' | 'lgamma' | 'digamma' | 'trigamma' | 'tetragamma', number>[];
  readonly scaledExpIntegral: readonly Record<'z' | 'value', number>[];
  readonly logBeta: readonly Record<'a' | 'b' | 'value', number>[];
  readonly normal: readonly Record<'x' | 'cdf' | 'logCdf', number>[];
  readonly incompleteGamma: readonly Record<'x' | 'shape' | 'lower' | 'upper', number>[];
  readonly student: readonly Record<'t' | 'df' | 'twoSided', number>[];
  readonly f: readonly Record<'f' | 'df1' | 'df2' | 'lower' | 'upper', number>[];
}

const file = join(import.meta.dirname, '../reference/special-functions/values.json');

/** Values to 60 digits; `make.py` beside the file made them. */
export const special: SpecialValues = JSON.parse(readFileSync(file, 'utf8'));

/** Relative to the expected value, or to `floor` where that is larger. */
export function expectClose(found: number, expected: number, relative: number, floor = 0): void {
  expect(Math.abs(found - expected)).toBeLessThanOrEqual(relative * Math.max(Math.abs(expected), floor));
}
