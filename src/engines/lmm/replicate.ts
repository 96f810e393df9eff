import type { Design } from '../../data/design.js';
import type { ModelGraph } from '../../graph/model-graph.js';
import { flopCount } from '../../kernels/block-cholesky.js';
import type { Fit } from '../../results/fit.js';
import { fitStatistics } from '../../results/fit-statistics.js';
import { varCorrOf } from './block-covariance.js';
import { type BoundLmm, bindLmm, rebindLmm } from './bound-lmm.js';
import { describeSingular } from './describe-singular.js';
import { fixedEffects, residualSd } from './estimates.js';
import { leavesNothing } from './find-optimum.js';
import { solveProblem } from './fit-lmm.js';
import { LevelRefitter } from './level-refit.js';
import { LightSearch } from './light-search.js';
import type { LmmWork } from './lmm-work.js';
import { perRow } from './optimize-lmm.js';
import { profiledDeviance, setTheta } from './profiled-deviance.js';

/** What a replicate of a bootstrap keeps of its fit. */
export type ReplicateFit = Pick<
  Fit,
  'engine' | 'converged' | 'fixef' | 'varcorr' | 'sigma' | 'familyParameters' | 'mixture'
>;

/** With more floating-point operations in an evaluation, what one fit leaves for the next is worth more than a light search. */
const cheap = 2e6;

/** Deviance that a search may leave: nothing against that of a replicate's own noise. */
const left = 1e-10;

/** The statistics of a refit, in the order of their names. */
export interface Replicate {
  readonly values: Float64Array;
  readonly converged: boolean;
}

/** @param names  of the statistics that are wanted; NaN where the fit has none of a name */
export function replicateOf(fit: ReplicateFit, names: readonly string[]): Replicate {
  const byName = new Map(fitStatistics(fit).map((s) => [s.name, s.estimate]));
  return { values: Float64Array.from(names, (name) => byName.get(name) ?? Number.NaN), converged: fit.converged };
}

/**
 * Fits one response after the other for a small model without priors and without structure in its errors: Newton steps from the first
 * fit's optimum, and of the result only what a bootstrap looks at. Where the steps end at an edge of the parameters or nowhere, the
 * ordinary search decides.
 * @param names  of the statistics
 * @param own    the design with another response
 * @returns      null for models that other ways of fitting anew are made for
 */
export function smallLmmRefitter(
  graph: ModelGraph,
  design: Design,
  names: readonly string[],
  own: (y: Float64Array) => Design,
): ((y: Float64Array) => Replicate) | null {
  const problem = bindLmm(graph, design);
  const { work } = problem;
  const flops = flopCount(work.chol);
  if (work.priors !== null || work.residual !== null || work.parameters === 0) return null;
  if (flops.factor + flops.inverse > cheap) return null;
  const options = { degreesOfFreedom: 'none' } as const;
  const first = solveProblem(problem, options);
  const start = first.optimum.state.x.slice();
  const doubleBar = new Set(graph.randomEffects.filter((r) => r.doubleBar).map((r) => r.id));
  const search = new LightSearch(work, start);
  const ordinary = (y: Float64Array): Replicate => {
    const bound = rebindLmm(problem, own(y));
    const found = lightly(bound.work, search, start);
    const fit = found ? lightResult(bound, doubleBar) : solveProblem(bound, options, { start }).fit;
    return replicateOf(fit, names);
  };
  const [block] = work.layout.blocks;
  const levels = LevelRefitter.of(work, start, doubleBar.has(block.block.id));
  if (levels === null) return ordinary;
  const known = fitStatistics(first.fit).map((s) => s.name);
  const place = Int32Array.from(names, (name) => known.lastIndexOf(name));
  return (y) => {
    if (!levels.refit(y)) return ordinary(y);
    const values = new Float64Array(place.length);
    for (let k = 0; k < place.length; k++) values[k] = place[k] < 0 ? Number.NaN : levels.estimates[place[k]];
    return { values, converged: true };
  };
}

/** Whether Newton steps lead to a minimum that one can be sure of; `work` then stands there. */
function lightly(work: LmmWork, search: LightSearch, start: Float64Array): boolean {
  const problem = perRow(work);
  if (problem.hessian === undefined) return false;
  const { blocks } = work.layout;
  const isSingular = (x: Float64Array): boolean => {
    setTheta(work, x);
    return blocks.some((block) => describeSingular(work, block) !== null);
  };
  if (!search.run(problem, start, { unit: work.model.rows, left }, isSingular)) return false;
  profiledDeviance(work, search.x);
  return !leavesNothing(work);
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
