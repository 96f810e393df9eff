import { describe, expect, test } from 'vitest';
import type { Layout } from '../../../src/engines/lmm/layout.js';
import { createWork } from '../../../src/engines/lmm/lmm-work.js';
import { profiledDeviance } from '../../../src/engines/lmm/profiled-deviance.js';
import { internalTheta, publicTheta } from '../../../src/engines/lmm/public-theta.js';
import { startTheta } from '../../../src/engines/lmm/start-theta.js';
import { denseDeviance, type LevelCovariance } from './dense-deviance.js';
import { random, shapes } from './shapes.js';

/** Sums of some hundred terms of order ten, twice. */
const absoluteTolerance = 1e-8;

/** Relative covariances written out from what each structure's reported parameters mean. */
function covarianceOf(layout: Layout, reported: Float64Array): LevelCovariance {
  return (b, level) => {
    const { block, size: k, thetaStart: at } = layout.blocks[b];
    const theta = reported.subarray(at);
    const S = (f: (r: number, c: number) => number, n = k): number[][] =>
      Array.from({ length: n }, (_, r) => Array.from({ length: n }, (__, c) => f(r, c)));
    switch (block.covariance) {
      case 'us': {
        const L = S(() => 0);
        let next = 0;
        for (let c = 0; c < k; c++) for (let r = c; r < k; r++) L[r][c] = theta[next++];
        return S((r, c) => L[r].reduce((t, v, m) => t + v * L[c][m], 0));
      }
      case 'diag':
        return S((r, c) => (r === c ? theta[r] ** 2 : 0));
      case 'cs':
        return S((r, c) => theta[r] * theta[c] * (r === c ? 1 : theta[k]));
      case 'homcs':
        return S((r, c) => theta[0] ** 2 * (r === c ? 1 : theta[1]));
      default: {
        const own = (block.positions ?? new Float64Array()).subarray(
          block.columnStart[level],
          block.columnStart[level + 1],
        );
        return S((r, c) => theta[0] ** 2 * theta[1] ** Math.abs(own[r] - own[c]), own.length);
      }
    }
  };
}

describe.each([true, false])('profiled deviance against the covariance of y written out, REML %s', (reml) => {
  test.each(shapes())('$name', ({ model }) => {
    const work = createWork(model, { reml, fixedSigma: null });
    const { normal } = random('dense');
    for (let k = 0; k < 3; k++) {
      const theta = startTheta(work).map((v) => (k === 0 ? v : normal()));
      const reported = publicTheta(work.layout, theta);
      const dense = denseDeviance(model, covarianceOf(work.layout, reported), reml);
      // weights enter V here as 1 / w, so that its determinant already holds them
      expect(Math.abs(profiledDeviance(work, theta) - dense)).toBeLessThan(absoluteTolerance);
      expect(Math.abs(profiledDeviance(work, internalTheta(work.layout, reported)) - dense)).toBeLessThan(
        absoluteTolerance,
      );
    }
  });
});
