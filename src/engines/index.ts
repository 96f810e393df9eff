import { checkEm } from './em/check-em.js';
import { fitEm, fitEmAsync } from './em/fit-em.js';
import type { Engine } from './engine.js';
import { fitGlmm } from './glmm/fit-glmm.js';
import { fitLmm } from './lmm/fit-lmm.js';

export { type BoundModel, sameData } from './compare/comparable.js';
export { nestedIn } from './compare/nesting.js';
export { ratioTest } from './compare/ratio-test.js';
export { emStarts } from './em/em-starts.js';
export type { Engine, EngineOptions, Progress } from './engine.js';
export { oneByOne, type Parallel, type ParallelOptions, type Task } from './parallel.js';
export { type ProfileOptions, profileIntervals } from './profile/profile-intervals.js';
export { profileSetOf } from './profile/profile-set-of.js';

export const lmmEngine: Engine = { name: 'lmm', fit: fitLmm };
export const glmmEngine: Engine = { name: 'glmm', fit: fitGlmm };
export const emEngine: Engine = { name: 'em', fit: fitEm, fitAsync: fitEmAsync, check: checkEm };
