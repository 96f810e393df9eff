import { selectedInverse } from '../../kernels/block-cholesky.js';
import { shiftedCholesky, solveLowerInPlace, solveLowerTransposedInPlace } from '../../optim/cholesky-solve.js';
import { addFixedGradient } from './fixed-columns.js';
import { fixedInformation } from './fixed-information.js';
import type { GlmmWork } from './glmm-work.js';
import { jointMode } from './joint-mode.js';
import { sandwichInto } from './lambda-algebra.js';
import { projectInverse } from './laplace.js';
import { applyParameters, type ParameterSpace } from './parameters.js';
import { looseCurvature } from './start.js';

/** Rounds; each costs about two evaluations with their gradients, and a third would save less than one. */
const rounds = 2;
/** Standard deviations of a start stay within this factor of the first guess. */
const reach = 30;
/** What may be left of the deviance at a joint mode that only serves a start. */
const rough = 1e-2;

/**
 * Alternates between standard deviations of the random effects from their modes and conditional variances (Schall 1991) and one Newton step of the location's fixed effects at the joint mode [GLMM-8]. The
 * optimizer then starts where its first quadratic model holds. Scales and shapes are left alone: at the joint mode they
 * would be fitted to residuals that the random effects have eaten.
 */
export function improveStart(work: GlmmWork, space: ParameterSpace): void {
  const { layout } = work.model;
  const free = space.free.filter((i) => i < layout.thetas);
  if (free.length === 0 || free.length < layout.thetas) return;
  const before = space.full.slice();
  let value = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round++) {
    applyParameters(work, space.full);
    if (!jointMode(work, 2, rough)) break;
    const here = devianceHere(work);
    if (!(here < value)) break;
    value = here;
    before.set(space.full);
    stepFixed(work, space);
    stepDeviations(work, space.full);
  }
  applyParameters(work, space.full);
  const last = jointMode(work, 2, rough) ? devianceHere(work) : Number.NaN;
  if (!(last < value)) {
    space.full.set(before);
    work.u.fill(0);
  }
}

/** Laplace's approximation at the rough mode. */
function devianceHere({ at }: GlmmWork): number {
  return -2 * at.logLikelihood + at.penalty - at.decrement + at.logDet;
}

/**
 * sd_c^2 = sum of the levels' mode^2 over levels - sum of their conditional variances / sd_c^2, in transformed units: what an EM
 * step leaves in place, too (mode^2 + conditional variance in the mean), but nearer to it where the data say little of a level.
 */
function stepDeviations(work: GlmmWork, full: Float64Array): void {
  const { model, lambda, u, chol, scratch } = work;
  const { layout } = model;
  const { V, M } = scratch;
  selectedInverse(chol, V);
  projectInverse(work, V);
  sandwichInto(M, layout, lambda, V, scratch.block, false);
  const { size, rowStart, columnStart, blockStart } = layout.pattern;
  for (const block of layout.blocks) {
    const serial = block.model.rebase === 'none';
    const squares = new Float64Array(block.size); // of modes, added up
    const spread = new Float64Array(block.size); // conditional variances, added up
    let count = 0;
    for (let l = 0; l < block.levels; l++) {
      const node = block.nodeStart + l;
      const s = size[node];
      const at = blockStart[columnStart[node]];
      const t = layout.nodeLambda[node];
      for (let r = 0; r < s; r++) {
        let b = 0;
        for (let c = 0; c < s; c++) b += lambda[t + r + c * s] * u[rowStart[node] + c];
        squares[serial ? 0 : r] += b * b;
        spread[serial ? 0 : r] += M[at + r * (s + 1)];
      }
      count += serial ? s : 1;
    }
    const old = sds(work, block);
    const next = squares.map((sum, c) => {
      const from = old[serial ? 0 : c];
      const byEm = Math.sqrt((sum + spread[c]) / count);
      // levels that the data speak of: those that the prior has kept back are left out
      const informed = count - spread[c] / from ** 2;
      const found = informed > 0 ? Math.max(Math.sqrt(sum / informed), byEm / 4) : byEm;
      return Math.min(Math.max(found, from / reach), from * reach);
    });
    if (next.every((sd) => sd > 0 && Number.isFinite(sd)))
      block.model.scaleInto(full, block.thetaStart, block.size, serial ? next.fill(next[0]) : next);
  }
}

/** Standard deviations of the current factor, in transformed units. */
function sds(work: GlmmWork, block: GlmmWork['model']['layout']['blocks'][number]): Float64Array {
  const [template] = block.templates;
  const n = template.size;
  return Float64Array.from({ length: n }, (_, r) => {
    let t = 0;
    for (let c = 0; c < n; c++) t += work.lambda[template.start + r + c * n] ** 2;
    return Math.sqrt(t);
  });
}

/** One Newton step of the location's coefficients at the joint mode, the random effects following. */
function stepFixed(work: GlmmWork, space: ParameterSpace): void {
  const { model, derivatives, scratch } = work;
  const { layout, coefficients, rows } = model;
  const moving = new Set<number>();
  for (const { fixed, parameter, constant } of model.predictors)
    if (!constant && locations.includes(parameter) && fixed.kind === 'columns')
      for (const c of fixed.columns) moving.add(c);
  const chosen = space.free.filter((i) => moving.has(i - layout.thetas));
  const m = chosen.length;
  if (m === 0) return;
  const A = fixedInformation(work, true);
  const n = coefficients + model.cuts;
  const loose = looseCurvature(work);
  const B = new Float64Array(m * m);
  for (let c = 0; c < m; c++)
    for (let r = 0; r < m; r++) B[r + c * m] = A[chosen[r] - layout.thetas + (chosen[c] - layout.thetas) * n];
  for (let c = 0; c < m; c++) B[c * (m + 1)] += loose[chosen[c] - layout.thetas] / 2;
  if (!shiftedCholesky(B, m, 0, B)) return;
  const { betaGradient, cutGradient } = scratch;
  betaGradient.fill(0);
  cutGradient.fill(0);
  model.predictors.forEach(({ fixed }, d) => {
    addFixedGradient(betaGradient, cutGradient, fixed, derivatives.first, d * rows, rows);
  });
  const step = Float64Array.from(chosen, (i) => betaGradient[i - layout.thetas]);
  solveLowerInPlace(B, m, step);
  solveLowerTransposedInPlace(B, m, step);
  chosen.forEach((i, k) => {
    space.full[i] += step[k];
  });
}

const locations: readonly string[] = ['mu', 'p', 'lambda', 'eta'];
