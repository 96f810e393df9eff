import { sampleMoments } from '../../families/moments.js';
import type { GlmmWork } from './glmm-work.js';

/** Logarithms of scales and shapes further from what the response shows than this are on their way to infinity. */
const far = 10;
const scales: readonly string[] = ['sigma'];
const precisions: readonly string[] = ['shape', 'phi'];

/**
 * The constant scale, shape or precision that is going to where the rows are fitted exactly, if there is one: the likelihood
 * then grows without bound.
 */
export function runaway({ model, beta }: GlmmWork): { readonly parameter: string; readonly end: string } | null {
  const spread = Math.log(sampleMoments(model.y).variance) / 2;
  for (const { fixed, constant, parameter, link } of model.predictors) {
    if (!constant || link !== 'log' || fixed.kind !== 'columns') continue;
    const value = beta[fixed.columns[0]];
    if (scales.includes(parameter) && value < spread - far) return { parameter, end: 'zero' };
    if (precisions.includes(parameter) && value > far) return { parameter, end: 'infinity' };
  }
  return null;
}
