import { Matrix } from 'ml-matrix';
import { describe, expect, test } from 'vitest';
import { residualSd } from '../../../src/engines/lmm/estimates.js';
import type { Layout } from '../../../src/engines/lmm/layout.js';
import { createWork } from '../../../src/engines/lmm/lmm-work.js';
import { profiledDeviance } from '../../../src/engines/lmm/profiled-deviance.js';
import { publicTheta } from '../../../src/engines/lmm/public-theta.js';
import { sigmaCoefficients } from '../../../src/engines/lmm/residual/residual-results.js';
import { startTheta } from '../../../src/engines/lmm/start-theta.js';
import type { LevelCovariance } from './dense-deviance.js';
import { denseCriterion, type ErrorCorrelation, effectsCovariance, errorCovariance } from './residual-dense.js';
import { residualShapes } from './residual-shapes.js';
import { random } from './shapes.js';

/** Sums of some hundred terms of order ten, twice. */
const absoluteTolerance = 1e-8;

/** Relative covariances from what the reported parameters mean. */
function covarianceOf(layout: Layout, reported: Float64Array): LevelCovariance {
  return (b, level) => {
    const { block, size: k, thetaStart: at } = layout.blocks[b];
    if (block.covariance === 'ar1') {
      const own = (block.positions ?? new Float64Array()).subarray(
        block.columnStart[level],
        block.columnStart[level + 1],
      );
      return Array.from(own, (p) => Array.from(own, (r) => reported[at] ** 2 * reported[at + 1] ** Math.abs(p - r)));
    }
    const L = Array.from({ length: k }, () => new Array<number>(k).fill(0));
    let next = at;
    for (let c = 0; c < k; c++) for (let r = c; r < k; r++) L[r][c] = reported[next++];
    return L.map((row) => L.map((other) => row.reduce((t, v, m) => t + v * other[m], 0)));
  };
}

function correlationOf(reported: readonly { name: string; value: number }[]): ErrorCorrelation {
  const by = new Map(reported.map(({ name, value }) => [name, value]));
  return (a, b) => {
    const distance = Math.abs(a.position - b.position);
    if (by.has('cor.ar1')) return (by.get('cor.ar1') ?? Number.NaN) ** distance;
    if (by.has('cor.car1')) return (by.get('cor.car1') ?? Number.NaN) ** distance;
    if (by.has('cor.cs')) return by.get('cor.cs') ?? Number.NaN;
    const [first, second] = a.position < b.position ? [a, b] : [b, a];
    return by.get(`cor.us[${first.label},${second.label}]`) ?? Number.NaN;
  };
}

describe.each([true, false])('profiled deviance against the covariance of y written out, REML %s', (reml) => {
  test.each(residualShapes())('$name', ({ model }) => {
    const work = createWork(model, { reml, fixedSigma: null });
    const start = startTheta(work);
    const { normal } = random('dense');
    const spread = (model.residual?.scale?.link ?? 'log') === 'log' ? 0.5 : 0.1;
    for (let k = 0; k < 3; k++) {
      const theta = start.map((v) => v + (k === 0 ? 0 : spread * normal()));
      const value = profiledDeviance(work, theta);
      const { residual } = work;
      if (residual === null) throw new Error('no residual structure');
      const sigma = residualSd(work);
      const scale = model.residual?.scale ?? null;
      const none = new Float64Array((work.parameters + 1) ** 2);
      const delta = scale === null ? null : sigmaCoefficients(work, scale.link, none).estimate;
      const reported = residual.correlation?.report(theta, residual.at.correlation) ?? null;
      const R = errorCovariance(
        model,
        delta === null ? null : [...delta],
        reported === null ? null : correlationOf(reported),
      );
      if (scale === null) R.mul(sigma * sigma);
      const effects = effectsCovariance(model, covarianceOf(work.layout, publicTheta(work.layout, theta)));
      const V = Matrix.add(R, effects.mul(sigma * sigma));
      expect(Math.abs(value - denseCriterion(model, V, reml))).toBeLessThan(absoluteTolerance);
    }
  });
});
