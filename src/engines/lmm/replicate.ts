import type { Design } from '../../data/design.js';
import type { ModelGraph } from '../../graph/model-graph.js';
import { flopCount } from '../../kernels/block-cholesky.js';
import { judge } from '../../optim/certify.js';
import type { CertifiedMinimum } from '../../optim/minimize-certified.js';
import { minimize } from '../../optim/quasi-newton.js';
import type { Fit } from '../../results/fit.js';
import { varCorrOf } from './block-covariance.js';
import { type BoundLmm, bindLmm, rebindLmm } from './bound-lmm.js';
import { describeSingular } from './describe-singular.js';
import { fixedEffects, residualSd } from './estimates.js';
import { isConverged, leavesNothing } from './find-optimum.js';
import { solveProblem } from './fit-lmm.js';
import type { LmmWork } from './lmm-work.js';
import { perRow } from './optimize-lmm.js';
import { profiledDeviance } from './profiled-deviance.js';

/** What a replicate of a bootstrap keeps of its fit. */
export type ReplicateFit = Pick<
  Fit,
  'engine' | 'converged' | 'fixef' | 'varcorr' | 'sigma' | 'familyParameters' | 'mixture'
>;

/** With more floating-point operations in an evaluation, what one fit leaves for the next is worth more than a light search. */
const cheap = 2e6;
/** Deviance that a further Newton step may promise when the search ends: nothing against that of a replicate's own noise. */
const promised = 1e-8;
const mostEvaluations = 30;

/**
 * Fits one response after the other for a small model without priors and without structure in its errors: Newton steps from the first
 * fit's optimum, and of the result only what a bootstrap looks at. Where the steps end at an edge of the parameters or nowhere, the
 * ordinary search decides.
 * @returns null for models that other ways of fitting anew are made for
 */
export function smallLmmRefitter(graph: ModelGraph, design: Design): ((own: Design) => ReplicateFit) | null {
  const problem = bindLmm(graph, design);
  const { work } = problem;
  const flops = flopCount(work.chol);
  if (work.priors !== null || work.residual !== null || work.parameters === 0) return null;
  if (flops.factor + flops.inverse > cheap) return null;
  const options = { degreesOfFreedom: 'none' } as const;
  const start = solveProblem(problem, options).optimum.state.x.slice();
  const doubleBar = new Set(graph.randomEffects.filter((r) => r.doubleBar).map((r) => r.id));
  return (own) => {
    const bound = rebindLmm(problem, own);
    const optimum = newtonFrom(bound.work, start);
    if (optimum === null) return solveProblem(bound, options, { start }).fit;
    return lightResult(bound, doubleBar);
  };
}

/** The optimum that Newton steps lead to, at which `work` then stands; null where it is none to be sure of. */
function newtonFrom(work: LmmWork, start: Float64Array): CertifiedMinimum | null {
  const { rows } = work.model;
  const problem = perRow(work);
  if (problem.hessian === undefined) return null;
  const search = minimize(problem, start, { tolerance: promised / rows, maxEvaluations: mostEvaluations });
  let next = search.next();
  while (!next.done) next = search.next();
  const state = next.value;
  if (state.status !== 'converged') return null;
  const x = Float64Array.from(state.x);
  const certificate = judge(state.value, Float64Array.from(state.gradient), Float64Array.from(state.hessian), 0);
  const optimum = { state, certificate };
  profiledDeviance(work, x);
  const singular = work.layout.blocks.some((block) => describeSingular(work, block) !== null);
  return singular || leavesNothing(work) || !isConverged(optimum, work) ? null : optimum;
}

function lightResult({ input, design, work }: BoundLmm, doubleBar: ReadonlySet<string>): ReplicateFit {
  const beta = fixedEffects(work);
  const sigma = residualSd(work);
  const { location } = input;
  return {
    engine: 'lmm',
    converged: true,
    fixef: Array.from(location.columns, (c, j) => ({
      name: design.coefficients[c].name,
      predictor: location.parameter,
      class: null,
      estimate: beta[j],
      se: null,
      statistic: null,
      df: null,
      p: null,
    })),
    varcorr: varCorrOf(work, sigma, doubleBar),
    sigma,
    familyParameters: {},
    mixture: null,
  };
}
