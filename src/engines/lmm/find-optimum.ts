import { flopCount } from '../../kernels/block-cholesky.js';
import type { CertifiedMinimum } from '../../optim/minimize-certified.js';
import type { EngineOptions } from '../engine.js';
import { describeSingular } from './describe-singular.js';
import { directOptimum } from './direct-optimum.js';
import { farStart } from './far-start.js';
import type { LmmWork } from './lmm-work.js';
import { optimizeLmm, type ThetaTerm } from './optimize-lmm.js';
import { feasibleStart } from './priors/feasible-start.js';
import { settle } from './priors/settle.js';
import { profiledDeviance } from './profiled-deviance.js';
import { scatteredTheta, startTheta } from './start-theta.js';

/** Deviance that may be left where a fit is called converged. */
const decrementAllowed = 1e-6;

/** A singular fit is looked at again from this many starts if it has few rows and an evaluation costs fewer operations than `cheap`. */
export const otherStarts = 6;
const cheap = 2e6;
/** With more rows than this no second minimum was ever seen (random designs, `test/engines/lmm/restarts.test.ts`). */
export const fewRows = 200;
/** Share of the response's sum of squares below which nothing is left for the residual. */
export const exactShare = 1e-8;
/** Two minima closer than this in deviance are one. */
export const indifferent = 1e-7;

/** Where a search begins and what it adds, where that is not the model's own affair. */
export interface SearchOptions {
  readonly start?: Float64Array; // transformed coordinates
  readonly term?: ThetaTerm;
  /** A caller wants the exact Hessian although it wants no degrees of freedom. */
  readonly exactHessian?: boolean;
}

/** The minimum of the profiled deviance; `work` ends there. */
export function findOptimum(work: LmmWork, options: EngineOptions, asked: SearchOptions = {}): CertifiedMinimum {
  const start = asked.start ?? feasibleStart(work, startTheta(work));
  const first = run(work, start, options, asked);
  const flops = flopCount(work.chol);
  // variances and correlations of errors compete with each other and with those of the effects
  const competing = work.residual !== null && work.residual.parameters > 0 && isConverged(first, work);
  const singular = isSingular(work);
  const doubtful = work.priors !== null || competing || singular;
  const quick = flops.factor + flops.inverse <= cheap;
  const elsewhere: Float64Array[] = [];
  // small data can have a second minimum, and then one of the two is singular, and so can a likelihood and a prior that
  // disagree: look from elsewhere before believing it
  if (quick && work.model.rows <= fewRows && doubtful)
    for (let k = 1; k <= otherStarts; k++) elsewhere.push(scatteredStart(work, start, k));
  const far = quick || singular ? farStart(work.layout, work.products.A, start) : null;
  if (far !== null) elsewhere.push(far);
  if (elsewhere.length === 0) return first;
  let best = first;
  let evaluations = first.state.evaluations;
  for (const other of elsewhere) {
    const found = run(work, other, options, asked);
    evaluations += found.state.evaluations;
    if (found.state.value < best.state.value - indifferent / work.model.rows && isConverged(found, work)) best = found;
  }
  profiledDeviance(work, best.state.x);
  return { ...best, state: { ...best.state, evaluations } };
}

function run(work: LmmWork, start: Float64Array, options: EngineOptions, asked: SearchOptions): CertifiedMinimum {
  return settle(work, start, (from, most = Number.POSITIVE_INFINITY) => {
    const maxEvaluations = Math.min(most, options.maxEvaluations ?? Number.POSITIVE_INFINITY);
    const limit = Number.isFinite(maxEvaluations) ? { maxEvaluations } : {};
    return search(work, from, { ...options, ...limit }, asked);
  });
}

function search(
  work: LmmWork,
  start: Float64Array,
  options: EngineOptions,
  { term, exactHessian, start: known }: SearchOptions,
): CertifiedMinimum {
  const { rows } = work.model;
  // a refit: nobody asked to see its steps
  const short = known !== undefined && term === undefined && options.maxEvaluations === undefined;
  const direct = short ? directOptimum(work, start) : null;
  if (direct !== null) {
    const { evaluations, value } = direct.state;
    options.signal?.throwIfAborted();
    options.onProgress?.({ stage: 'optimize', evaluations, objective: value * rows });
    return direct;
  }
  // only degrees of freedom are made from it
  const roughHessian = options.degreesOfFreedom === 'none' && exactHessian !== true;
  const iteration = optimizeLmm(work, start, {
    roughHessian,
    ...(term === undefined ? {} : { term }),
    ...(options.maxEvaluations === undefined ? {} : { maxEvaluations: options.maxEvaluations }),
  });
  for (;;) {
    const next = iteration.next();
    if (next.done) return next.value;
    options.signal?.throwIfAborted();
    const { evaluations, value } = next.value;
    options.onProgress?.({ stage: 'optimize', evaluations, objective: value * rows });
  }
}

/** sigma's predictor keeps near its start, where its scale is known; everything else is scattered. */
function scatteredStart(work: LmmWork, start: Float64Array, k: number): Float64Array {
  const scattered = scatteredTheta(work.parameters, k);
  const sigma = work.residual?.at.sigma ?? work.parameters;
  for (let p = sigma; p < work.parameters; p++) scattered[p] = start[p] + scattered[p] / 4;
  return scattered;
}

function isSingular(work: LmmWork): boolean {
  return work.at.r2 > 0 && work.layout.blocks.some((block) => describeSingular(work, block) !== null);
}

/** The decrement says so, and the curvature: never a rule of thumb on the gradient. */
export function isConverged(optimum: CertifiedMinimum, work: LmmWork): boolean {
  const { certificate } = optimum;
  return (
    Number.isFinite(certificate.value) &&
    certificate.decrement * work.model.rows <= decrementAllowed &&
    certificate.negativeCurvature === null
  );
}

/**
 * The random effects fit the response exactly, and the likelihood grows without bound as sigma goes to zero, or so nearly that r^2 has
 * lost the digits by which a maximum could be told: the search only ended where numbers do.
 */
export function leavesNothing(work: LmmWork): boolean {
  if (work.q === 0 || work.settings.fixedSigma !== null) return false;
  // a prior may hold sigma away from zero where the residual sum of squares does not
  const left = work.priors === null ? work.at.r2 : work.at.sigma ** 2 * work.model.rows;
  return left < exactShare;
}
