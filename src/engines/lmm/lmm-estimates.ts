import { backwardSolve } from '../../kernels/block-cholesky.js';
import { squareRootOf } from '../../kernels/square-root.js';
import { links } from '../../links/index.js';
import { linkNames } from '../../links/link.js';
import type { Estimates } from '../../results/estimates.js';
import type { Fit } from '../../results/fit.js';
import type { BoundLmm } from './bound-lmm.js';
import { columnMap } from './column-transform.js';
import { blockEstimates, effectFrame, precisionOf } from './effect-estimates.js';
import { factorInUnits, fixedEffects, ownModes, residualSd } from './estimates.js';
import type { LmmWork } from './lmm-work.js';

/**
 * Estimates of a linear mixed model at the optimum that `work` stands at [PRED-2]. The covariance parameters count as known;
 * the axes are those of the fixed effects' covariance, along which the modes move by d b~ / d beta = -Lambda Omega^-1 Lambda'Z'X.
 */
export function lmmEstimates({ graph, design, input, work }: BoundLmm, fit: Fit): Estimates {
  const { location } = input;
  const { P, q } = work;
  const sigma = residualSd(work);
  const all = design.coefficients.length;
  const coefficients = new Float64Array(all);
  const beta = fixedEffects(work);
  location.columns.forEach((c, j) => {
    coefficients[c] = beta[j];
  });
  const axes = Math.round(Math.sqrt(fit.vcov.length));
  const S = squareRootOf(fit.vcov, axes);
  const coefficientAxes = new Float64Array(all * axes);
  const place = (c: number, row: number) => {
    for (let a = 0; a < axes; a++) coefficientAxes[c * axes + a] = S[row + a * axes];
  };
  location.columns.forEach(place);
  const scale = design.predictors.find((p) => p.id !== location.id && p.parameter === 'sigma');
  if (input.scale !== null) {
    const estimated = fit.fixef.filter((f) => f.predictor === input.scale?.parameter && f.estimate !== null);
    input.scale.columns.forEach((c, j) => {
      coefficients[c] = estimated[j]?.estimate ?? Number.NaN;
      if (axes > P) place(c, P + j);
    });
  } else if (scale !== undefined) {
    const link = linkNames.find((name) => name === scale.link) ?? 'log';
    for (const c of scale.columns) coefficients[c] = links[link].link(sigma);
  }
  const slopes = modeSlopes(work);
  const modeAxes = new Float64Array(q * axes);
  for (let i = 0; i < q; i++)
    for (let j = 0; j < P; j++) {
      const t = slopes[i * P + j];
      if (t !== 0) for (let a = 0; a < axes; a++) modeAxes[i * axes + a] += t * S[j + a * axes];
    }
  const { layout, lambda, omega, m, normals } = work;
  return {
    coefficients,
    cuts: graph.likelihoods.map(() => null),
    gates: null,
    axes,
    coefficientAxes,
    cutAxes: graph.likelihoods.map(() => null),
    gateAxes: null,
    blocks: blockEstimates(work, design.blocks, sigma),
    effects: [
      {
        class: null,
        ...effectFrame(layout, lambda, design.blocks, sigma),
        mode: ownModes(work),
        modeAxes,
        precision: precisionOf(layout.pattern, omega),
        constraints: m,
        normals: normals.slice(),
      },
    ],
    posterior: null,
  };
}

/** d b~ / d beta in the columns' own units, q x P, row-major. */
function modeSlopes(work: LmmWork): Float64Array {
  const { q, P, m, C, chol, layout, lambda, products } = work;
  const wide = P + 1 + m;
  const solved = new Float64Array(q * P);
  for (let i = 0; i < q; i++) for (let c = 0; c < P; c++) solved[i * P + c] = C[i * wide + c];
  if (q > 0 && P > 0) backwardSolve(chol, solved, P);
  const B = columnMap(products.transform);
  const slopes = new Float64Array(q * P);
  const { rowStart, size } = layout.pattern;
  for (const block of layout.blocks)
    for (let node = block.nodeStart; node < block.nodeStart + block.levels; node++) {
      const s = size[node];
      const F = factorInUnits(block, lambda, layout.nodeLambda[node], s);
      const first = rowStart[node];
      for (let r = 0; r < s; r++)
        for (let k = 0; k < s; k++) {
          const f = F[r + k * s];
          if (f === 0) continue;
          for (let c = 0; c < P; c++) {
            const t = -f * solved[(first + k) * P + c];
            for (let j = 0; j < P; j++) slopes[(first + r) * P + j] += t * B[c + j * P];
          }
        }
    }
  return slopes;
}
