import { expect, test } from 'vitest';
import { findOptimum } from '../../../src/engines/lmm/find-optimum.js';
import { createWork } from '../../../src/engines/lmm/lmm-work.js';
import { satterthwaite } from '../../../src/engines/lmm/satterthwaite.js';
import { shapes } from './shapes.js';

/** Rounding, through a division by Lambda. */
const tolerance = 1e-9;

test.each(shapes().map(({ name, model }) => [name, model] as const))(
  '%s: degrees of freedom are the same whether columns are solved for together or one by one',
  (_, model) => {
    for (const reml of [true, false]) {
      const work = createWork(model, { reml, fixedSigma: null });
      const optimum = findOptimum(work, {});
      const hessian = optimum.certificate.hessian.map((v) => v * model.rows);
      const contrasts = Array.from({ length: work.P }, (_, j) =>
        Float64Array.from({ length: work.P }, (_, k) => (k === j ? 1 : 0.25 * (k - j))),
      );
      const found = [Number.POSITIVE_INFINITY, 0].map((most) => {
        const about = satterthwaite(work, hessian, null, most);
        return contrasts.map((contrast) => about.of(contrast));
      });
      found[0].forEach(({ variance, df }, j) => {
        const other = found[1][j];
        expect(Math.abs(other.variance / variance - 1)).toBeLessThan(tolerance);
        if (Number.isFinite(df)) expect(Math.abs(other.df / df - 1)).toBeLessThan(tolerance);
        else expect(other.df).toEqual(df);
      });
    }
  },
);
