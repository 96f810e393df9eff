import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { fitGlmm } from '../../../src/engines/glmm/fit-glmm.js';
import { fitLmm } from '../../../src/engines/lmm/fit-lmm.js';
import { waldIntervals } from '../../../src/results/wald-intervals.js';
import { bindFile } from '../glmm/bind.js';
import { intervalsOf } from './intervals-of.js';

interface Limits {
  readonly names: readonly string[];
  readonly lower: readonly (number | null)[];
  readonly upper: readonly (number | null)[];
}

interface WithIntervals {
  readonly kind: string;
  readonly confint?: { readonly level: number; readonly wald: Limits; readonly profile: Limits };
}

const folder = join(import.meta.dirname, '../../reference');
const cases = readdirSync(folder)
  .filter((file) => file.endsWith('.json'))
  .map((file) => ({
    name: file.replace('.json', ''),
    ...(JSON.parse(readFileSync(join(folder, file), 'utf8')) as WithIntervals),
  }))
  .flatMap(({ name, kind, confint }) =>
    confint === undefined ? [] : [{ name, engine: kind === 'lmm' ? ('lmm' as const) : ('glmm' as const), confint }],
  );

/** Of the interval's width, as the references' notes have it. */
const tolerance = { lmm: 1e-4, glmm: 1e-3 };

test('there are references', () => expect(cases.length).toBeGreaterThanOrEqual(4));

describe('profile intervals are those of separate optimisations', () => {
  test.each(cases)('$name', ({ name, engine, confint }) => {
    const { level, profile } = confint;
    const found = intervalsOf(bindFile(name), engine, { level });
    const names = profile.names.map((n) => n.replace(/^theta_(\w+)\.(.*)$/, 'sd_$2|$1'));
    expect(found.intervals.map((i) => i.name).sort()).toEqual([...names].sort());
    names.forEach((parameter, k) => {
      const ours = found.intervals.find((i) => i.name === parameter);
      const lower = profile.lower[k] ?? Number.NaN;
      const upper = profile.upper[k] ?? Number.NaN;
      const allowed = tolerance[engine] * (upper - lower);
      expect(Math.abs((ours?.lower ?? Number.NaN) - lower), `lower end of ${parameter}`).toBeLessThan(allowed);
      expect(Math.abs((ours?.upper ?? Number.NaN) - upper), `upper end of ${parameter}`).toBeLessThan(allowed);
    });
    expect(found.shortfall).toBeLessThan(1e-7);
  });
});

describe('Wald intervals are those of lme4', () => {
  test.each(cases)('$name', ({ name, engine, confint }) => {
    const { graph, design } = bindFile(name);
    const fit = engine === 'lmm' ? fitLmm(graph, design, {}) : fitGlmm(graph, design, {});
    const found = waldIntervals(fit, confint.level);
    confint.wald.names.forEach((parameter, k) => {
      const lower = confint.wald.lower[k];
      const upper = confint.wald.upper[k];
      if (lower === null || upper === null) return; // lme4 has none for variances, nor do we
      const ours = found.intervals.find((i) => i.name === parameter);
      // standard errors of the references are good to 1e-4
      expect(Math.abs((ours?.lower ?? Number.NaN) - lower), parameter).toBeLessThan(1e-4 * (upper - lower));
      expect(Math.abs((ours?.upper ?? Number.NaN) - upper), parameter).toBeLessThan(1e-4 * (upper - lower));
    });
    expect(found.intervals.length).toBe(fit.fixef.length);
  });
});
