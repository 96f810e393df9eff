import { checkEm } from './em/check-em.js';
import { emEstimates } from './em/em-estimates.js';
import { type EmSolved, fitEm, fitEmAsync, solveEm, solveEmAsync } from './em/fit-em.js';
import type { Engine, Solved } from './engine.js';
import { fitGlmm, glmmProblem, solveGlmmProblem } from './glmm/fit-glmm.js';
import { glmmEstimates } from './glmm/glmm-estimates.js';
import { bindLmm } from './lmm/bound-lmm.js';
import { fitLmm, solveProblem } from './lmm/fit-lmm.js';
import { lmmEstimates } from './lmm/lmm-estimates.js';

export type { Helping, ThreadTeam, Workplace } from '../kernels/thread-team.js';
export { type BoundModel, sameData } from './compare/comparable.js';
export { type Nesting, nestedIn } from './compare/nesting.js';
export { ratioTest } from './compare/ratio-test.js';
export { emStarts } from './em/em-starts.js';
export type { Engine, EngineOptions, Progress, Solved } from './engine.js';
export { type Replicate, type ReplicateFit, replicateOf, smallLmmRefitter } from './lmm/replicate.js';
export { oneByOne, type Parallel, type ParallelOptions, type Task } from './parallel.js';
export { type ProfileOptions, profileIntervals } from './profile/profile-intervals.js';
export { profileSetOf } from './profile/profile-set-of.js';

export const lmmEngine: Engine = {
  name: 'lmm',
  fit: fitLmm,
  solve(graph, design, options) {
    const problem = bindLmm(graph, design, options.parallel?.team);
    const { fit } = solveProblem(problem, options, {}, true);
    return { fit, estimates: () => lmmEstimates(problem, fit) };
  },
};

export const glmmEngine: Engine = {
  name: 'glmm',
  fit: fitGlmm,
  solve(graph, design, options) {
    const problem = glmmProblem(graph, design, [], undefined, options.parallel?.team);
    const { fit, found } = solveGlmmProblem(graph, design, problem, options);
    return { fit, estimates: () => glmmEstimates(design, problem, found) };
  },
};

export const emEngine: Engine = {
  name: 'em',
  fit: fitEm,
  fitAsync: fitEmAsync,
  solve: (graph, design, options) => withEstimates(solveEm(graph, design, options)),
  solveAsync: async (graph, design, options) => withEstimates(await solveEmAsync(graph, design, options)),
  check: checkEm,
};

function withEstimates({ fit, model, solution }: EmSolved): Solved {
  return { fit, estimates: () => emEstimates(model, solution) };
}
